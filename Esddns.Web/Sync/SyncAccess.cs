using Esddns.Access;
using Esddns.Http;
using Esddns.Web.Access;

namespace Esddns.Web.Sync;

/// <summary>
/// Decides who may request a round: programs and pages on this machine, and visitors with credentials. Web pages of
/// other origins may not.
/// </summary>
internal sealed class SyncAccess(AccessOptions options, Authentication authentication)
{
    /// <summary>A page that points its own name to this machine (DNS rebinding) is not of this machine.</summary>
    private readonly AllowedHosts _ownNames = new();

    /// <summary>Whether the page offers this visitor to request a round.</summary>
    public bool MayRequest(HttpContext context) => IsThisMachine(context) || authentication.Of(context).IsKnown;

    /// <summary>The answer to a request that is not allowed; null when it is allowed.</summary>
    public ProblemResult? Refusal(HttpContext context)
    {
        if (Caller.IsPageOfAnotherOrigin(context.Request))
            return new ProblemResult(StatusCodes.Status403Forbidden, Caller.OtherOrigin);
        var visitor = authentication.Of(context);
        if (visitor.IsKnown || (!visitor.IsRefused && IsThisMachine(context)))
            return null;
        return options.HasCredentials
            ? authentication.Refuse(context)
            : new ProblemResult(
                StatusCodes.Status403Forbidden,
                "Send the request from the same machine (127.0.0.1), or set Esddns:Web:Access:TokenFile and send that "
                    + "token as 'Authorization: Bearer …'."
            );
    }

    /// <summary>A proxy on this machine forwards requests of others.</summary>
    private bool IsThisMachine(HttpContext context) =>
        Caller.IsOnThisMachine(context)
        && !options.IsTrustedProxy(Caller.AddressOf(context))
        && _ownNames.Allow(context.Request.Host);
}
