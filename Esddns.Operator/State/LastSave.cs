namespace Esddns.Operator.State;

/// <summary>The last saved snapshot. While only times are newer, a save is due once per interval.</summary>
/// <param name="interval">The longest time that newer times stay unsaved.</param>
/// <param name="time">The clock.</param>
internal sealed class LastSave(TimeSpan interval, TimeProvider time)
{
    private volatile SavedSnapshot? _last;

    /// <summary>Whether nothing but times is newer in <paramref name="next"/>, and the last save is recent.</summary>
    public bool Covers(Snapshot next) =>
        _last is { } last
        && time.GetElapsedTime(last.At) < interval
        && !SnapshotChange.IsMoreThanTimes(last.Snapshot, next);

    /// <summary>Records a successful save.</summary>
    public void Succeeded(Snapshot snapshot) => _last = new SavedSnapshot(snapshot, time.GetTimestamp());

    /// <summary>Makes the next save due: the stored state is not known any more.</summary>
    public void Forget() => _last = null;

    private sealed record SavedSnapshot(Snapshot Snapshot, long At);
}
