namespace Esddns.Web.Sync;

/// <summary>Lets one request for a round in at a time, and at most one every ten seconds.</summary>
internal sealed class SyncGate(TimeProvider time)
{
    /// <summary>The minimum time between the starts of two requests.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private bool _isBusy;
    private long? _began;

    /// <summary>Enters the gate.</summary>
    /// <returns>Null when this request may begin, and must call <see cref="Leave"/>; else the time to wait.</returns>
    public TimeSpan? Enter()
    {
        lock (_gate)
        {
            var age = _began is { } began ? time.GetElapsedTime(began) : Interval;
            if (age < Interval)
                return Interval - age;
            if (_isBusy)
                return Interval;
            (_isBusy, _began) = (true, time.GetTimestamp());
            return null;
        }
    }

    /// <summary>Ends the request.</summary>
    public void Leave()
    {
        lock (_gate)
            _isBusy = false;
    }
}
