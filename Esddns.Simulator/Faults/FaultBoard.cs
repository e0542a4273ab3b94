namespace Esddns.Simulator.Faults;

/// <summary>The active faults.</summary>
internal sealed class FaultBoard(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<(Fault Fault, int Hits, long At)> _faults = [];
    private int _held;

    /// <summary>The number of delayed writes that have not taken effect yet.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>The active faults, oldest first.</summary>
    public IReadOnlyList<Fault> Active
    {
        get
        {
            lock (_gate)
            {
                RemoveEnded();
                return [.. _faults.Select(f => f.Fault)];
            }
        }
    }

    /// <summary>Activates a fault.</summary>
    public void Add(Fault fault)
    {
        lock (_gate)
            _faults.Add((fault, 0, time.GetTimestamp()));
    }

    /// <summary>Runs a delayed write and counts it in <see cref="Held"/> until it ends.</summary>
    public async Task HoldAsync(Func<Task> write)
    {
        Interlocked.Increment(ref _held);
        try
        {
            await write();
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }
    }

    /// <summary>Removes all faults.</summary>
    public void Clear()
    {
        lock (_gate)
            _faults.Clear();
    }

    /// <summary>
    /// Returns the first fault that affects a request. A fault with a count is removed after that many requests.
    /// </summary>
    public Fault? Take(string service, string? method = null, string? path = null)
    {
        lock (_gate)
        {
            RemoveEnded();
            var at = _faults.FindIndex(f => f.Fault.Affects(service, method, path));
            if (at < 0)
                return null;
            var (fault, hits, since) = _faults[at];
            if (fault.Count is { } count && hits + 1 >= count)
                _faults.RemoveAt(at);
            else
                _faults[at] = (fault, hits + 1, since);
            return fault;
        }
    }

    private void RemoveEnded() =>
        _faults.RemoveAll(f => f.Fault.Seconds is { } limit && time.GetElapsedTime(f.At).TotalSeconds >= limit);
}
