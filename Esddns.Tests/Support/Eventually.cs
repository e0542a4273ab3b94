using System.Runtime.CompilerServices;

namespace Esddns.Tests.Support;

/// <summary>Waits for an effect of another thread or process, on a machine of any speed.</summary>
internal static class Eventually
{
    /// <summary>
    /// The limit for a test that hangs. It does not measure speed: a run that is twenty times slower than usual passes.
    /// </summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    public static Task IsTrueAsync(
        Func<bool> condition,
        [CallerArgumentExpression(nameof(condition))] string? what = null
    ) => IsTrueAsync(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="IsTrueAsync(Func{bool}, string?)"/>
    public static async Task IsTrueAsync(
        Func<Task<bool>> condition,
        [CallerArgumentExpression(nameof(condition))] string? what = null
    )
    {
        using var hang = new CancellationTokenSource(s_hang);
        while (!await condition())
        {
            if (hang.IsCancellationRequested)
                Assert.Fail($"the condition never became true: {what}");
            await Task.Delay(s_pause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
