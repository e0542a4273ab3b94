namespace Esddns.Operator.Dns;

/// <summary>Tokens stored outside of the configuration, by name.</summary>
internal interface ITokenStore
{
    /// <summary>The name of the token that is used when the configuration has none.</summary>
    string DefaultName { get; }

    /// <summary>The newest token of this name; or null and the problem, which never contains the token.</summary>
    string? Find(string name, out string? problem);
}
