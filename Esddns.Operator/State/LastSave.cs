namespace Esddns.Operator.State;

/// <summary>The last saved snapshot. While only times are newer, a save is due once per interval.</summary>
/// <param name="interval">The longest time that newer times stay unsaved.</param>
/// <param name="time">The clock.</param>
internal sealed class LastSave(TimeSpan interval, TimeProvider time)
{
    private (Snapshot Snapshot, long At)? _last;

    /// <summary>Whether nothing but times is newer in <paramref name="next"/>, and the last save is recent.</summary>
    public bool Covers(Snapshot next) =>
        _last is (var saved, var at)
        && time.GetElapsedTime(at) < interval
        && !SnapshotChange.IsMoreThanTimes(saved, next);

    /// <summary>Records a successful save.</summary>
    public void Succeeded(Snapshot snapshot) => _last = (snapshot, time.GetTimestamp());

    /// <summary>Makes the next save due: the stored state is not known any more.</summary>
    public void Forget() => _last = null;
}
