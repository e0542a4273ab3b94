using System.Globalization;

namespace Esddns.Tests.Support;

/// <summary>
/// Measurements of the tests; ./test.sh prints them at its end. Tests do not assert them, because they depend on the
/// machine.
/// </summary>
internal static class Measured
{
    private static readonly Lock s_gate = new();
    private static readonly string s_file = Path.Combine(Repository.Root, "artifacts", "measured.txt");

    /// <summary>Adds one line to the report.</summary>
    public static void Add(FormattableString line)
    {
        lock (s_gate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(s_file)!);
            File.AppendAllText(s_file, FormattableString.Invariant(line) + "\n");
        }
    }

    /// <summary>Summarizes many measurements in one line.</summary>
    public static string Distribution(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"min {sorted[0]:0.00}, median {sorted[sorted.Length / 2]:0.00}, 90 % "
                + $"{sorted[sorted.Length * 9 / 10]:0.00}, max {sorted[^1]:0.00}"
        );
    }
}
