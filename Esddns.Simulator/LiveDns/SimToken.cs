namespace Esddns.Simulator.LiveDns;

/// <summary>A token of an account.</summary>
/// <param name="Name">The name of the token in the request log.</param>
/// <param name="Secret">The value that a client sends.</param>
internal sealed record SimToken(string Name, string Secret)
{
    /// <summary>The expiry time; null for none.</summary>
    public DateTimeOffset? Expires { get; set; }

    /// <summary>Whether the token has the permission "Manage domain name technical configurations".</summary>
    public bool MayManageDns { get; set; } = true;

    /// <summary>
    /// Whether this is a classic API key. LiveDNS accepts an API key only with <c>Apikey</c>, and a personal access
    /// token only with <c>Bearer</c>.
    /// </summary>
    public bool IsApikey => Secret.Length == 24;
}
