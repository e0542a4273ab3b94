namespace Esddns.Operator.Kubernetes;

/// <summary>
/// Waits between attempts at the API server. They double from <paramref name="First"/> to <paramref name="Longest"/>,
/// and each is shortened at random by up to a half: thousands of nodes do not ask at the same moment.
/// </summary>
internal sealed record RetryWait(TimeSpan First, TimeSpan Longest)
{
    /// <summary>The wait after so many failures in a row.</summary>
    public TimeSpan After(int failures, Random random)
    {
        var end = First * Math.Pow(2, Math.Clamp(failures, 0, 16));
        return (end < Longest ? end : Longest) * (0.5 + random.NextDouble() / 2);
    }
}
