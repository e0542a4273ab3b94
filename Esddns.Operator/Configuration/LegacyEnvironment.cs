namespace Esddns.Operator.Configuration;

/// <summary>The environment variables of the old system. They still work, and override every other source.</summary>
internal static class LegacyEnvironment
{
    private static readonly (string Name, string Key)[] s_names =
    [
        ("API_KEY", "Esddns:LiveDns:Token"),
        ("TARGET_DOMAIN_FQDN", "Esddns:Records:0:Zone"),
        ("RECORD_NAME_ROOT", "Esddns:Records:0:Name"),
        ("RECORD_TYPE_A", "Esddns:Records:0:Types"),
        ("RECORD_TTL", "Esddns:Records:0:Ttl"),
        ("DNS_SYNC_INTERVAL", "Esddns:SyncInterval"),
        ("KOPF_LOG_LEVEL", "Logging:LogLevel:Default"),
    ];

    /// <summary>
    /// The variable that is read even when it is empty. An empty name must be an error: as the apex, it would overwrite
    /// the record of the website.
    /// </summary>
    private const string MustNotBeEmpty = "RECORD_NAME_ROOT";

    private static readonly Dictionary<string, string> s_levels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["DEBUG"] = nameof(LogLevel.Debug),
        ["INFO"] = nameof(LogLevel.Information),
        ["WARNING"] = nameof(LogLevel.Warning),
        ["ERROR"] = nameof(LogLevel.Error),
        ["CRITICAL"] = nameof(LogLevel.Critical),
    };

    /// <summary>Adds the variables that are set.</summary>
    public static void AddLegacyEnvironment(
        this IConfigurationBuilder configuration,
        Func<string, string?> environment
    ) =>
        configuration.AddInMemoryCollection(
            from n in s_names
            let value = environment(n.Name)
            where !string.IsNullOrEmpty(value) || (value is not null && n.Name == MustNotBeEmpty)
            select KeyValuePair.Create(
                n.Key,
                n.Name == "KOPF_LOG_LEVEL" ? s_levels.GetValueOrDefault(value, value) : value
            )
        );

    /// <summary>The name of a setting in errors: its key, and the variable that sets it.</summary>
    public static string Describe(string key, Func<string, string?> environment) =>
        s_names.FirstOrDefault(n => n.Key.Equals(key, StringComparison.OrdinalIgnoreCase)) is { Name: { } name }
        && environment(name) is { } text
        && (text.Length > 0 || name == MustNotBeEmpty)
            ? $"{name} ({key})"
            : key;
}
