namespace Esddns.Operator.Kubernetes;

/// <summary>
/// The waits between attempts at the API server. They double from <paramref name="First"/> to
/// <paramref name="Longest"/>. Each is shortened at random by up to a half, so that thousands of nodes send at
/// different moments.
/// </summary>
internal sealed record RetryWait(TimeSpan First, TimeSpan Longest)
{
    /// <summary>The wait after this number of consecutive failures.</summary>
    public TimeSpan After(int failures, Random random)
    {
        var end = First * Math.Pow(2, Math.Clamp(failures, 0, 16));
        return (end < Longest ? end : Longest) * (0.5 + random.NextDouble() / 2);
    }
}
