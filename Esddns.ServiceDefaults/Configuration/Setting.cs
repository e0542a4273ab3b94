namespace Esddns.Configuration;

/// <summary>A setting of the configuration.</summary>
/// <param name="Key">The key.</param>
/// <param name="Default">The default; null when it is empty or depends on other settings.</param>
/// <param name="Values">The range or the list of allowed values; null when neither describes it.</param>
internal sealed record Setting(string Key, string? Default = null, string? Values = null);
