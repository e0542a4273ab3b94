namespace Esddns.Operator.Net;

/// <summary>
/// Parses the delay that a server requests (Retry-After, RFC 9110 section 10.2.3). It only parses: the caller waits.
/// </summary>
internal static class RetryAfterHeader
{
    /// <summary>The maximum delay; longer ones are shortened to it. 1 day.</summary>
    public static TimeSpan Max { get; } = TimeSpan.FromDays(1);

    /// <summary>
    /// The delay, from 0 to <see cref="Max"/>; null without the header. A date is compared with the <c>Date</c> header
    /// of the response, or else with <paramref name="now"/>.
    /// </summary>
    public static TimeSpan? Parse(HttpResponseMessage response, DateTimeOffset now) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => Clamp(delta),
            { Date: { } date } => Clamp(date - (response.Headers.Date ?? now)),
            // The number of seconds is too large for .NET.
            _ when response.Headers.TryGetValues("Retry-After", out var texts) && texts.All(IsNumber) => Max,
            _ => null,
        };

    private static TimeSpan Clamp(TimeSpan wait) => new(Math.Clamp(wait.Ticks, 0, Max.Ticks));

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
}
