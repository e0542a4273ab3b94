using System.Globalization;
using System.Text;
using Esddns.Contracts;
using Esddns.Web.Pages.Texts;
using Microsoft.AspNetCore.Html;

namespace Esddns.Web.Pages.Changes;

/// <summary>
/// Draws how long the last changes took, from the first differing observation to the confirmed write: one column for
/// each change, the oldest on the left.
/// </summary>
internal static class ConvergenceChart
{
    private const int Height = 40;
    private const int ColumnWidth = 8;

    /// <summary>The maximum number of columns.</summary>
    private const int MaxColumns = 60;

    /// <summary>The times of the last changes, oldest first; changes without a time are left out.</summary>
    public static double[] Times(ChangeStatus[] history) =>
        [
            .. history
                .Select(c => c.ConvergedAfter)
                .OfType<double>()
                .Where(s => s >= 0 && double.IsFinite(s))
                .Take(MaxColumns)
                .Reverse(),
        ];

    /// <summary>The times in words.</summary>
    /// <param name="times">At least one time.</param>
    public static string Describe(double[] times)
    {
        var sorted = times.Order().ToArray();
        var median = Phrases.Seconds(sorted[sorted.Length / 2]);
        return times.Length == 1
            ? $"{median} for the only change"
            : $"median {median}, slowest {Phrases.Seconds(sorted[^1])}, of the last {times.Length} changes";
    }

    /// <summary>The chart of these times.</summary>
    /// <param name="times">At least one time.</param>
    public static HtmlString Draw(double[] times)
    {
        var svg = new StringBuilder();
        var (width, slowest) = (times.Length * ColumnWidth, Math.Max(times.Max(), 0.001));
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg class=\"chart\" viewBox=\"0 0 {width} {Height}\" width=\"{width}\" height=\"{Height}\" role=\"img\">"
        );
        svg.Append("<title>").Append(Markup.Encode($"{Words.Convergence}: {Describe(times)}")).Append("</title>");
        for (var i = 0; i < times.Length; i++)
        {
            // At least 2, so that the quickest change is visible beside a slow one.
            var height = Math.Max(2, Math.Round(times[i] / slowest * Height));
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{(i * ColumnWidth) + 1}\" y=\"{Height - height}\" width=\"6\" height=\"{height}\"/>"
            );
        }

        return new HtmlString(svg.Append("</svg>").ToString());
    }
}
