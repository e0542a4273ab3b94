using System.Runtime.CompilerServices;

namespace Esddns.Tests.Support;

/// <summary>Waits for what another thread or process brings about, for as long as the machine takes.</summary>
internal static class Eventually
{
    /// <summary>
    /// Ends a test that hangs. It says nothing about speed: twenty times slower than usual is still within it.
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
                Assert.Fail($"never came about: {what}");
            await Task.Delay(s_pause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
