namespace Esddns.Web.Status;

/// <summary>What can be shown now.</summary>
/// <param name="Status">The newest status there is; null when there never was one.</param>
/// <param name="Age">Time since the operator last answered; null when it answers now, or never has.</param>
/// <param name="Problem">Why it does not answer now.</param>
public sealed record Known(StatusDocument? Status, TimeSpan? Age, string? Problem)
{
    /// <summary>Whether this may be out of date.</summary>
    public bool IsStale => Problem is not null;
}

/// <summary>Remembers the operator's last answer, for the time when it gives none.</summary>
internal sealed class LastKnown(TimeProvider time)
{
    private readonly Lock _gate = new();
    private (StatusDocument Status, long At)? _last;

    /// <summary>Whether the operator answered when it was last asked.</summary>
    public bool OperatorAnswers { get; private set; }

    /// <summary>Asks the operator, and falls back on what it said before.</summary>
    public async Task<Known> AskAsync(OperatorClient client, CancellationToken cancellationToken)
    {
        var (status, problem) = await client.StatusAsync(cancellationToken);
        lock (_gate)
        {
            OperatorAnswers = status is not null;
            if (status is not null) _last = (status, time.GetTimestamp());
            return status is not null ? new Known(status, null, null)
                : _last is var (last, at) ? new Known(last, time.GetElapsedTime(at), problem)
                : new Known(null, null, problem);
        }
    }
}
