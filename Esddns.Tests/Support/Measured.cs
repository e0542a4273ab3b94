using System.Globalization;

namespace Esddns.Tests.Support;

/// <summary>
/// What tests measured, for people to read: ./test.sh prints it at its end. Nothing of it is asserted, because it
/// depends on the machine.
/// </summary>
internal static class Measured
{
    private static readonly Lock s_gate = new();
    private static readonly string s_file = Path.Combine(Repository.Root, "artifacts", "measured.txt");

    /// <summary>Tells one line.</summary>
    public static void Tell(FormattableString line)
    {
        lock (s_gate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(s_file)!);
            File.AppendAllText(s_file, FormattableString.Invariant(line) + "\n");
        }
    }

    /// <summary>Many measurements in one line.</summary>
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
