using System.Net;
using Esddns.Access;

namespace Esddns.Web.Access;

/// <summary>The section <c>Esddns:Web</c>: who may read, who may request a round, and how many may watch.</summary>
internal sealed record AccessOptions
{
    /// <summary>Whether only visitors with credentials may read. By default, when there are any.</summary>
    public bool IsReadingClosed { get; init; }

    /// <summary>The token of programs; null for none. Default null.</summary>
    public ApiToken? Token { get; init; }

    /// <summary>The users of the basic authentication; null for none. Default null.</summary>
    public PasswordFile? Passwords { get; init; }

    /// <summary>The header in which a trusted proxy names the user; null for none. Default null.</summary>
    public string? ProxyHeader { get; init; }

    /// <summary>The networks of the trusted proxies. Default none.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>The token that this service sends to the operator; null for none. Default null.</summary>
    public ApiToken? OperatorToken { get; init; }

    /// <summary>The maximum number of open streams of events, from 1 to 100,000. Default 10,000.</summary>
    public int MaxStreams { get; init; } = 10_000;

    /// <summary>Whether a visitor can prove who it is.</summary>
    public bool HasCredentials => Token is not null || Passwords is not null || ProxyHeader is not null;

    /// <summary>Whether the address of a connection is that of a trusted proxy.</summary>
    public bool IsTrustedProxy(IPAddress? address) =>
        address is not null && TrustedProxies.Any(n => n.Contains(address));
}
