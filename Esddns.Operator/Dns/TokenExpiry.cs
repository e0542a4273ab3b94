namespace Esddns.Operator.Dns;

/// <summary>The declared end of the token of the DNS provider. The API of a DNS provider may not report it.</summary>
/// <param name="Expires">The end.</param>
/// <param name="Advice">What to do, without the token.</param>
internal sealed record TokenExpiry(DateTimeOffset Expires, string Advice)
{
    private static readonly int[] s_daysAhead = [0, 1, 7, 30];

    /// <summary>
    /// The number of days ahead of the end whose warning is due: 30, 7, 1, or 0 when the token has ended; null before.
    /// </summary>
    public int? StepAt(DateTimeOffset now)
    {
        foreach (var days in s_daysAhead)
            if (Expires - now <= TimeSpan.FromDays(days))
                return days;
        return null;
    }
}
