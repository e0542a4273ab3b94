using System.Globalization;
using System.Net;
using System.Text;
using Esddns.Access;
using Esddns.Http;

namespace Esddns.Web.Access;

/// <summary>
/// Finds out who sent a request: a bearer token, basic authentication, or the header of a trusted proxy. There are no
/// cookies and no sessions.
/// </summary>
internal sealed class Authentication(AccessOptions options, FailedAttempts failures, ILogger<Authentication> logger)
{
    private const string Basic = "Basic ";
    private string? _problem;

    /// <summary>The sender of the request. The credentials of a request are compared once.</summary>
    public Visitor Of(HttpContext context)
    {
        if (context.Features.Get<Visitor>() is not { } visitor)
            context.Features.Set(visitor = Judge(context));
        return visitor;
    }

    /// <summary>
    /// Whether the sender of a long request may still read: the files of credentials may have changed since. It does
    /// not count as an attempt.
    /// </summary>
    public bool MayStillRead(HttpContext context) =>
        !options.IsReadingClosed || IsUser(context, out _) || Matches(context.Request.Headers.Authorization.ToString());

    /// <summary>The answer to a request without the right credentials: 401, 403 or 429.</summary>
    public ProblemResult Refuse(HttpContext context)
    {
        var (visitor, headers) = (Of(context), context.Response.Headers);
        if (visitor.Wait is { } wait)
        {
            headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return new ProblemResult(
                StatusCodes.Status429TooManyRequests,
                "Too many wrong credentials from this address. Retry later."
            );
        }

        if (options.Token is null && options.Passwords is null)
            return new ProblemResult(
                StatusCodes.Status403Forbidden,
                "Use the address of the proxy, and sign in there."
            );
        if (options.Passwords is not null)
            headers.Append("WWW-Authenticate", "Basic realm=\"ESDDNS\", charset=\"UTF-8\"");
        if (options.Token is not null)
            headers.Append("WWW-Authenticate", "Bearer realm=\"ESDDNS\"");
        return new ProblemResult(
            StatusCodes.Status401Unauthorized,
            visitor.IsRefused ? "The credentials are wrong." : "Send credentials in the header Authorization."
        );
    }

    private Visitor Judge(HttpContext context)
    {
        var address = Caller.AddressOf(context);
        if (IsUser(context, out var isProxy))
            return Visitor.Known;
        var presented = context.Request.Headers.Authorization.ToString();
        if (presented.Length == 0 || (options.Token is null && options.Passwords is null))
            return Visitor.Anonymous;
        var sender = isProxy ? BehindProxy(context, address!) : address;
        if (failures.WaitOf(sender) is { } wait)
            return new Visitor(IsKnown: false, IsRefused: true, wait);
        if (Matches(presented))
            return Visitor.Known;
        if (failures.Add(sender) is { } refused)
            logger.CredentialsGuessed(sender, Math.Ceiling(refused.TotalSeconds));
        ReportFiles();
        return Visitor.Refused;
    }

    /// <summary>Whether a trusted proxy names the user.</summary>
    private bool IsUser(HttpContext context, out bool isProxy)
    {
        isProxy = options.IsTrustedProxy(Caller.AddressOf(context));
        return isProxy
            && options.ProxyHeader is { } name
            && context.Request.Headers[name] is [{ } user]
            && !string.IsNullOrWhiteSpace(user);
    }

    /// <summary>
    /// The client of a trusted proxy: the last address in its header. ASP.NET Core has moved it to the connection if
    /// <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c> is set.
    /// </summary>
    private static IPAddress BehindProxy(HttpContext context, IPAddress proxy)
    {
        if (context.Connection.RemoteIpAddress is { } moved && !Caller.Plain(moved).Equals(proxy))
            return Caller.Plain(moved);
        var last = context.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim();
        return IPAddress.TryParse(last, out var client) ? Caller.Plain(client) : proxy;
    }

    private bool Matches(string presented) =>
        ApiToken.PresentedIn(presented) is { } bearer
            ? options.Token?.Matches(bearer) == true
            : UserOf(presented) is { } user && options.Passwords?.Matches(user) == true;

    /// <summary>The user and password of the basic authentication (RFC 7617).</summary>
    private static string? UserOf(string presented)
    {
        if (!presented.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return null;
        var bytes = new byte[presented.Length];
        return Convert.TryFromBase64String(presented[Basic.Length..].Trim(), bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : null;
    }

    /// <summary>
    /// Logs a file that became unusable since the start, once: right credentials look wrong then.
    /// </summary>
    private void ReportFiles()
    {
        string? problem = null;
        options.Token?.Read(out problem);
        problem =
            problem is not null ? $"the token file {problem}"
            : options.Passwords?.Check() is { } passwords ? $"the password file {passwords}"
            : null;
        if (problem is not null && problem != _problem)
            logger.CredentialsUnusable(problem.TrimEnd('.'));
        _problem = problem;
    }
}
