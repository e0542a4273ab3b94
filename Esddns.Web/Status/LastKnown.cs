namespace Esddns.Web.Status;

/// <summary>What can be shown now.</summary>
/// <param name="Status">The newest status there is; null when there never was one.</param>
/// <param name="Age">How old it is; null when it is new, or there never was one.</param>
/// <param name="Problem">Why there is no newer one, as a sentence without its full stop; null when it is new.</param>
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
            return status switch
            {
                { Stale: { } stale } => new Known(status, time.GetUtcNow() - stale.Since, $"The operator cannot learn what is new in the cluster: {stale.Reason}"),
                not null => new Known(status, null, null),
                _ => new Known(_last?.Status, _last is var (_, at) ? time.GetElapsedTime(at) : null, $"The operator cannot be reached: {problem}"),
            };
        }
    }
}
