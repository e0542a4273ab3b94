namespace Esddns.Operator.Configuration;

/// <summary>The environment variables of the old system. They still work, and override every other source.</summary>
internal static class LegacyEnvironment
{
    private const string LogLevelName = "KOPF_LOG_LEVEL";

    private static readonly (string Name, string Key)[] s_names =
    [
        ("API_KEY", "Esddns:LiveDns:Token"),
        ("TARGET_DOMAIN_FQDN", "Esddns:Records:0:Zone"),
        ("RECORD_NAME_ROOT", "Esddns:Records:0:Name"),
        ("RECORD_TYPE_A", "Esddns:Records:0:Types"),
        ("RECORD_TTL", "Esddns:Records:0:Ttl"),
        ("DNS_SYNC_INTERVAL", "Esddns:SyncInterval"),
        (LogLevelName, "Logging:LogLevel:Default"),
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
            let value = Value(n.Name, environment)
            where value is not null
            select KeyValuePair.Create(n.Key, n.Name == LogLevelName ? s_levels.GetValueOrDefault(value, value) : value)
        );

    /// <summary>The name of a setting in errors: its key, and the variable that sets it.</summary>
    public static string Describe(string key, Func<string, string?> environment)
    {
        var name = s_names.FirstOrDefault(n => n.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Name;
        return name is null || Value(name, environment) is null ? key : $"{name} ({key})";
    }

    /// <summary>The value of a variable; null when the variable does not count.</summary>
    private static string? Value(string name, Func<string, string?> environment) =>
        environment(name) is { } value && (value.Length > 0 || name == MustNotBeEmpty) ? value : null;
}
