using System.Collections;

namespace Esddns.AppHost;

/// <summary>
/// The settings of ESDDNS in the environment of this process. They are meant for real records, so programs of a
/// simulated run must not inherit them.
/// </summary>
internal static class InheritedSettings
{
    /// <summary>Variables of the old system that the AppHost does not set.</summary>
    private static readonly string[] s_legacy = ["RECORD_TYPE_A", "DNS_SYNC_INTERVAL"];

    /// <summary>Removes them, and reports their names in one line.</summary>
    public static void Remove()
    {
        string[] names =
        [
            .. Environment
                .GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .Select(v => (string)v.Key)
                .Where(IsSetting),
        ];
        foreach (var name in names)
            Environment.SetEnvironmentVariable(name, null);
        if (names.Length > 0)
            Console.Error.WriteLine(
                $"A simulated run does not use these variables: {string.Join(", ", names.Order())}"
            );
    }

    private static bool IsSetting(string name) =>
        s_legacy.Contains(name)
        || name.StartsWith("Esddns__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Esddns:", StringComparison.OrdinalIgnoreCase);
}
