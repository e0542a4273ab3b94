namespace Esddns.Operator.Dns;

/// <summary>Tokens that are kept outside of the configuration, by name.</summary>
internal interface ITokenStore
{
    /// <summary>The token used when the configuration has none.</summary>
    string DefaultName { get; }

    /// <summary>The newest token of this name; or null with what is wrong, in words that never contain it.</summary>
    string? Find(string name, out string? problem);
}
