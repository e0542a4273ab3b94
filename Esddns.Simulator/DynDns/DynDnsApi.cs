using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Esddns.Simulator.LiveDns;

namespace Esddns.Simulator.DynDns;

/// <summary>
/// The update protocol of DynDNS (dyndns2), which ddclient and inadyn use. It changes the zones of LiveDNS. The
/// password is a token of the account; the user name has no meaning.
/// <code>GET /nic/update?hostname=home.example.com&amp;myip=203.0.113.7</code>
/// </summary>
internal static class DynDnsApi
{
    /// <summary>The path of an update.</summary>
    public const string Path = "/nic/update";

    private const int Ttl = 300;

    /// <summary>Maps <see cref="Path"/>.</summary>
    public static void MapDynDns(this IEndpointRouteBuilder app) => app.MapGet(Path, Update);

    private static IResult Update(
        HttpContext context,
        LiveDnsWorld world,
        RequestLog log,
        TimeProvider time,
        string? hostname = null,
        string? myip = null
    )
    {
        var start = time.GetUtcNow();
        string[] names = (hostname ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        SimToken? token = null;
        string answer;
        lock (world.Gate)
        {
            var secret = Password(context.Request.Headers.Authorization);
            var account = world.Accounts.Find(a => (token = a.Tokens.Find(t => t.Secret == secret)) is not null);
            if (account is null)
                answer = "badauth";
            else if (names.Length == 0)
                answer = "notfqdn";
            else if (!IPAddress.TryParse(myip, out var address))
                answer = "dnserr";
            else
                answer = string.Join('\n', names.Select(n => Store(account, n, address)));
        }

        log.Add(n => new LoggedRequest(
            n,
            start,
            time.GetUtcNow(),
            context.Request.Method,
            context.Request.Path + context.Request.QueryString,
            token?.Name,
            context.Request.Headers.UserAgent,
            StatusCodes.Status200OK,
            null
        ));
        return Results.Text(answer + "\n");
    }

    private static string Store(SimAccount account, string name, IPAddress address)
    {
        var zone = account.Zones.Find(z => name.EndsWith("." + z.Fqdn, StringComparison.OrdinalIgnoreCase));
        if (zone is null)
            return "nohost";
        var owner = name[..^(zone.Fqdn.Length + 1)];
        var type = address.AddressFamily == AddressFamily.InterNetworkV6 ? "AAAA" : "A";
        if (zone.Find(owner, type)?.Values is [var only] && only == address.ToString())
            return $"nochg {address}";
        zone.Put(new SimRRset(owner, type, Ttl, [address.ToString()]));
        return $"good {address}";
    }

    /// <summary>The password of the Basic scheme (RFC 7617); null when there is none.</summary>
    private static string? Password(string? header)
    {
        if (
            !AuthenticationHeaderValue.TryParse(header, out var value)
            || !value.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
        )
            return null;
        var bytes = new byte[value.Parameter?.Length ?? 0];
        return
            Convert.TryFromBase64String(value.Parameter ?? "", bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, var password]
            ? password
            : null;
    }
}
