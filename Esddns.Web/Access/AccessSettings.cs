using System.Buffers;
using System.Net;
using Esddns.Access;
using Esddns.Configuration;

namespace Esddns.Web.Access;

/// <summary>Reads the section <c>Esddns:Web</c>.</summary>
internal static class AccessSettings
{
    private const string Root = "Esddns:Web";
    private const string Reading = $"{Root}:Access:Reading";
    private const string Token = $"{Root}:Access:TokenFile";
    private const string Passwords = $"{Root}:Access:PasswordFile";
    private const string ProxyHeader = $"{Root}:Access:ProxyHeader";
    private const string TrustedProxies = $"{Root}:Access:TrustedProxies";
    private const string OperatorToken = $"{Root}:OperatorTokenFile";

    /// <summary>The greatest maximum of streams: each takes about 20 kB.</summary>
    private const int StreamLimit = 100_000;

    /// <summary>The characters of a header's name (RFC 9110, section 5.6.2).</summary>
    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    /// <summary>Headers that visitors send themselves.</summary>
    private static readonly HashSet<string> s_ofVisitors = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "Authorization",
        "Connection",
        "Cookie",
        "Host",
        "Origin",
        "Referer",
        "User-Agent",
    };

    /// <summary>Who may read.</summary>
    private enum Mode
    {
        Open,
        Closed,
    }

    /// <summary>Reads the section.</summary>
    public static AccessOptions Read(SettingsReader reader)
    {
        var proxies = reader.List(TrustedProxies) ?? [];
        var options = new AccessOptions();
        options = options with
        {
            Token = ReadToken(reader, Token),
            Passwords = ReadPasswords(reader),
            ProxyHeader = ReadHeader(reader),
            TrustedProxies = [.. proxies.Select(p => ReadNetwork(reader, p.Key, p.Text)).OfType<IPNetwork>()],
            OperatorToken = ReadToken(reader, OperatorToken),
            MaxStreams = reader.Number($"{Root}:MaxStreams", options.MaxStreams, 1, StreamLimit),
        };
        // Who configures credentials and nothing else expects that they are needed.
        var mode = reader.Choice(Reading, options.HasCredentials ? Mode.Closed : Mode.Open);
        options = options with { IsReadingClosed = mode == Mode.Closed };
        if (options.IsReadingClosed && !options.HasCredentials)
            reader.Error(Reading, "Closed needs TokenFile, PasswordFile or ProxyHeader.");
        if (options.ProxyHeader is not null && proxies.Count == 0 && !reader.IsWrong(ProxyHeader))
            reader.Error(ProxyHeader, "needs TrustedProxies, because any client can send this header.");
        reader.RejectUnknown(Root);
        return options;
    }

    private static ApiToken? ReadToken(SettingsReader reader, string key)
    {
        if (reader.Text(key) is not { } file)
            return null;
        var token = new ApiToken(null, file);
        token.Read(out var problem);
        if (problem is not null)
            reader.Error(key, $"{file} {problem}");
        return token;
    }

    private static PasswordFile? ReadPasswords(SettingsReader reader)
    {
        if (reader.Text(Passwords) is not { } file)
            return null;
        var passwords = new PasswordFile(file);
        if (passwords.Check() is { } problem)
            reader.Error(Passwords, $"{file} {problem}");
        return passwords;
    }

    private static string? ReadHeader(SettingsReader reader)
    {
        var name = reader.Text(ProxyHeader);
        if (name is not null && name.AsSpan().ContainsAnyExcept(s_nameCharacters))
            reader.Error(ProxyHeader, $"'{name}' is not the name of a header like X-Remote-User.");
        else if (name is not null && (s_ofVisitors.Contains(name) || Caller.IsOfForwarding(name)))
            reader.Error(ProxyHeader, $"'{name}' is a header of each request; use one like X-Remote-User.");
        return name;
    }

    private static IPNetwork? ReadNetwork(SettingsReader reader, string key, string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            address = Caller.Plain(address);
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        var isNetwork = IPNetwork.TryParse(text, out var network);
        if (isNetwork && network.PrefixLength > 0)
            return network;
        reader.Error(
            key,
            isNetwork
                ? $"'{text}' is all addresses, so that each client could name itself."
                : $"'{text}' is not an address like 192.0.2.7, or a network like 10.0.0.0/8."
        );
        return null;
    }
}
