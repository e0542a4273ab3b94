using Microsoft.Extensions.Primitives;

namespace Esddns.Simulator.LiveDns;

/// <summary>Logs each LiveDNS request and checks the rate limit and the credentials.</summary>
internal sealed class LiveDnsMiddleware(
    LiveDnsWorld world,
    RequestLog log,
    RateLimit limit,
    SimulatorOptions options,
    TimeProvider time
)
{
    /// <summary>The key of the account in <c>HttpContext.Items</c>.</summary>
    public const string Account = "account";

    private const string Token = "token";

    /// <summary>Passes a request to <paramref name="next"/>, or answers it with an error.</summary>
    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var start = time.GetUtcNow();
        context.Request.EnableBuffering();
        var body = await new StreamReader(context.Request.Body, leaveOpen: true).ReadToEndAsync(context.RequestAborted);
        context.Request.Body.Position = 0;
        try
        {
            if (FindError(context) is { } error)
                await error.ExecuteAsync(context);
            else
                await next(context);
        }
        finally
        {
            log.Add(n => new LoggedRequest(
                n,
                start,
                time.GetUtcNow(),
                context.Request.Method,
                context.Request.Path + context.Request.QueryString,
                context.Items[Token] as string,
                context.Request.Headers.UserAgent,
                context.RequestAborted.IsCancellationRequested ? null : context.Response.StatusCode,
                body.Length == 0 ? null : body
            ));
        }
    }

    private IResult? FindError(HttpContext context)
    {
        if (!limit.TryTake(context.Connection.RemoteIpAddress?.ToString() ?? "", out var retryAfter))
        {
            if (options.SendsRetryAfter)
                context.Response.Headers.RetryAfter = new StringValues(
                    retryAfter.ToString(System.Globalization.CultureInfo.InvariantCulture)
                );
            return LiveDnsErrors.TooMany();
        }

        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return LiveDnsErrors.NoCredentials();
        lock (world.Gate)
        {
            foreach (var account in world.Accounts)
            {
                var token = account.Tokens.Find(t =>
                    header == (t.IsApikey ? $"Apikey {t.Secret}" : $"Bearer {t.Secret}")
                );
                if (token is null)
                    continue;
                context.Items[Token] = token.Name;
                context.Items[Account] = account;
                return token.Expires <= time.GetUtcNow() || !token.MayManageDns ? LiveDnsErrors.Forbidden() : null;
            }
        }

        return LiveDnsErrors.Unauthorized();
    }
}
