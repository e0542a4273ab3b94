namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>How long a server asks to be left alone (RFC 9110 section 10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>What any longer time counts as.</summary>
    public static TimeSpan Max { get; } = TimeSpan.FromDays(1);

    /// <summary>
    /// 0 to <see cref="Max"/>; null when the answer does not say. A date is measured by the clock that wrote it, the
    /// answer's own <c>Date</c>; without that, by ours.
    /// </summary>
    public static TimeSpan? Of(HttpResponseMessage response, DateTimeOffset now) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => Within(delta),
            { Date: { } date } => Within(date - (response.Headers.Date ?? now)),
            // More seconds than .NET can count.
            _ when response.Headers.TryGetValues("Retry-After", out var texts) && texts.All(IsNumber) => Max,
            _ => null,
        };

    private static TimeSpan Within(TimeSpan wait) =>
        wait < TimeSpan.Zero ? TimeSpan.Zero
        : wait < Max ? wait
        : Max;

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
}
