using System.Globalization;
using System.Text;
using Esddns.Web.Pages.Texts;
using Esddns.Web.Status;
using Microsoft.AspNetCore.Html;

namespace Esddns.Web.Pages.Timelines;

/// <summary>
/// Draws spans as a bar of ticks in SVG. A tick shows the worst condition of its time. Ticks of the same condition are
/// one path whose dashes are the ticks, so that a quiet record needs few bytes:
/// <code>&lt;path class="good" d="M0 5h48"/&gt;</code>
/// </summary>
internal static class TimelineBar
{
    /// <summary>The bar of these spans.</summary>
    /// <param name="label">What the bar shows, such as "Last 24 hours".</param>
    /// <param name="spans">The spans, newest first, without gaps.</param>
    /// <param name="ticks">The number of ticks.</param>
    public static HtmlString Draw(string label, IReadOnlyList<TimelineSpan> spans, int ticks)
    {
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg class=\"bar\" viewBox=\"0 0 {ticks} 10\" preserveAspectRatio=\"none\" role=\"img\">"
        );
        svg.Append("<title>").Append(Markup.Encode(Describe(label, spans))).Append("</title>");
        var worst = Worst(spans, ticks);
        for (var (at, next) = (0, 0); at < ticks; at = next)
        {
            while (next < ticks && worst[next] == worst[at])
                next++;
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<path class=\"{ClassOf(worst[at])}\" d=\"M{at} 5h{next - at}\"/>"
            );
        }

        return new HtmlString(svg.Append("</svg>").ToString());
    }

    /// <summary>The bar in words, for those who do not see it.</summary>
    public static string Describe(string label, IReadOnlyList<TimelineSpan> spans)
    {
        var total = Total(spans, s => s.Condition is not null);
        if (total <= TimeSpan.Zero)
            return $"{label}: nothing recorded";
        // Rounded down: 100 % means without exception.
        var share = Math.Floor(Total(spans, s => s.Condition == Condition.InSync) / total * 1000) / 10;
        var text = string.Create(CultureInfo.InvariantCulture, $"{label}: {share:0.#} % in sync");
        foreach (var condition in new[] { Condition.OutOfSync, Condition.Unknown })
            if (Total(spans, s => s.Condition == condition) is var time && time > TimeSpan.Zero)
                text += $", {Phrases.Duration(time)} {Phrases.ConditionWord(condition)}";
        return Total(spans, s => s.Condition is null) > TimeSpan.FromMinutes(1)
            ? $"{text}; recorded for {Phrases.Duration(total)}"
            : text;
    }

    private static TimeSpan Total(IReadOnlyList<TimelineSpan> spans, Func<TimelineSpan, bool> isCounted) =>
        spans.Where(isCounted).Aggregate(TimeSpan.Zero, (sum, s) => sum + s.Duration);

    private static string?[] Worst(IReadOnlyList<TimelineSpan> spans, int ticks)
    {
        var worst = new string?[ticks];
        if (spans.Count == 0)
            return worst;
        var (from, whole) = (spans[^1].From, spans[0].To - spans[^1].From);
        foreach (var span in spans)
        {
            var first = (int)((span.From - from) / whole * ticks);
            var last = (int)Math.Ceiling((span.To - from) / whole * ticks);
            for (var i = Math.Max(0, first); i < Math.Min(ticks, Math.Max(last, first + 1)); i++)
                if (Rank(span.Condition) > Rank(worst[i]))
                    worst[i] = span.Condition;
        }

        return worst;
    }

    private static int Rank(string? condition) =>
        condition switch
        {
            null => 0,
            Condition.InSync => 1,
            Condition.OutOfSync => 3,
            _ => 2,
        };

    private static string ClassOf(string? condition) => condition is null ? "none" : Tones.Of(condition).Name();
}
