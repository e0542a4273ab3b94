using Esddns.Access;

namespace Esddns.Operator.Api;

/// <summary>
/// Decides who may request a round: programs on this machine, and callers with the token. Web pages of other origins
/// may not.
/// </summary>
internal static class CallerRule
{
    /// <summary>The reason why the request is rejected, in one line for people; null when it is allowed.</summary>
    public static string? Refusal(HttpContext context, ApiToken? token)
    {
        if (Caller.IsPageOfAnotherOrigin(context.Request))
            return Caller.OtherOrigin;
        if (context.Request.Headers.Authorization.ToString() is { Length: > 0 } presented)
            return token?.Matches(ApiToken.PresentedIn(presented)) == true
                ? null
                : "The token does not match Esddns:Api:Token or Esddns:Api:TokenFile.";
        return Caller.IsOnThisMachine(context)
            ? null
            : "Send the request from the same machine (127.0.0.1, or kubectl port-forward), or set "
                + "Esddns:Api:TokenFile and send that token as 'Authorization: Bearer …'.";
    }
}
