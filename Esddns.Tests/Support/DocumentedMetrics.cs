using System.Diagnostics.Metrics;

namespace Esddns.Tests.Support;

/// <summary>The tables of metrics in docs/reference/metrics.md.</summary>
internal static class DocumentedMetrics
{
    private const int Cells = 6;

    private static readonly string s_file = Path.Combine(Repository.Root, "docs/reference/metrics.md");

    /// <summary>The rows.</summary>
    public static Row[] Rows => [.. File.ReadAllLines(s_file).Select(Parse).OfType<Row>()];

    /// <summary>Whether the instrument is documented here, and not by its framework.</summary>
    public static bool IsOurs(string instrument) =>
        instrument.StartsWith("esddns_", StringComparison.Ordinal) || instrument == "process_start_time";

    /// <summary>The rows of a program, in the order of the names.</summary>
    /// <param name="instruments">The instruments of the program.</param>
    /// <param name="rows">The rows now, those of this program first.</param>
    public static string[] Section(IEnumerable<Instrument> instruments, IEnumerable<Row> rows) =>
        [.. instruments.OrderBy(NameOf, StringComparer.Ordinal).Select(i => RowOf(i, rows))];

    private static string RowOf(Instrument instrument, IEnumerable<Row> rows)
    {
        var name = NameOf(instrument);
        var row = rows.FirstOrDefault(r => r.Metric == name);
        return $"| `{name}` | {TypeOf(instrument)} | {UnitOf(instrument)} | {row?.Labels} | {row?.Bound} | "
            + $"{instrument.Description} |";
    }

    /// <summary>Replaces the rows of the file: those of the first and of the second table.</summary>
    public static void Write(string[] first, string[] second)
    {
        string[] lines = [.. File.ReadAllLines(s_file).Where(l => Parse(l) is null)];
        var heads = lines.Index().Where(l => l.Item.StartsWith("|---|---|---|---|---|---|", StringComparison.Ordinal));
        int[] at = [.. heads.Select(h => h.Index + 1)];
        File.WriteAllLines(s_file, [.. lines[..at[0]], .. first, .. lines[at[0]..at[1]], .. second, .. lines[at[1]..]]);
    }

    /// <summary>The name that Prometheus shows.</summary>
    private static string NameOf(Instrument instrument) =>
        instrument.Name
        + (instrument.Unit == "s" ? "_seconds" : "")
        + (TypeOf(instrument) == "counter" ? "_total" : "");

    private static string UnitOf(Instrument instrument) =>
        instrument.Unit == "s" || instrument.Name.EndsWith("_timestamp", StringComparison.Ordinal) ? "seconds" : "";

    private static string TypeOf(Instrument instrument) =>
        instrument.GetType().Name switch
        {
            var type when type.StartsWith("Counter", StringComparison.Ordinal) => "counter",
            var type when type.StartsWith("Histogram", StringComparison.Ordinal) => "histogram",
            _ => "gauge",
        };

    private static Row? Parse(string line) =>
        line.StartsWith("| `", StringComparison.Ordinal)
        && line.Split('|', StringSplitOptions.TrimEntries) is { Length: Cells + 2 } cells
        && IsOurs(cells[1].Trim('`').Replace("_seconds", "", StringComparison.Ordinal))
            ? new Row(line, cells[1].Trim('`'), cells[4], cells[5])
            : null;

    /// <summary>A row of a table.</summary>
    /// <param name="Line">The line.</param>
    /// <param name="Metric">The name that Prometheus shows.</param>
    /// <param name="Labels">The labels.</param>
    /// <param name="Bound">The maximum number of series.</param>
    internal sealed record Row(string Line, string Metric, string Labels, string Bound);
}
