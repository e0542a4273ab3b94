using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Esddns.Tests.Support;

/// <summary>Waits for what another thread or process brings about. The limit is for a hang, not for speed.</summary>
internal static class Eventually
{
    private const int Seconds = 30;

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    public static Task IsTrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? what = null, int seconds = Seconds) =>
        IsTrueAsync(() => Task.FromResult(condition()), what, seconds);

    /// <inheritdoc cref="IsTrueAsync(Func{bool}, string?, int)"/>
    public static async Task IsTrueAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string? what = null, int seconds = Seconds)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started).TotalSeconds < seconds, $"did not come about within {seconds} s: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
