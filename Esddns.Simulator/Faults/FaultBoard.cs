namespace Esddns.Simulator.Faults;

/// <summary>The faults that are switched on.</summary>
internal sealed class FaultBoard
{
    private readonly Lock _gate = new();
    private readonly List<(Fault Fault, int Hits)> _faults = [];
    private int _held;

    /// <summary>How many writes are held at this moment, and take effect later.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>What is on, in the order in which it was added.</summary>
    public IReadOnlyList<Fault> Active
    {
        get
        {
            lock (_gate)
                return [.. _faults.Select(f => f.Fault)];
        }
    }

    /// <summary>Switches a fault on.</summary>
    public void Add(Fault fault)
    {
        lock (_gate)
            _faults.Add((fault, 0));
    }

    /// <summary>Counts a write as held for as long as <paramref name="write"/> takes.</summary>
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

    /// <summary>Switches all off.</summary>
    public void Clear()
    {
        lock (_gate)
            _faults.Clear();
    }

    /// <summary>The first fault that concerns a request; it is used up when its count is.</summary>
    public Fault? Take(string service, string? method = null)
    {
        lock (_gate)
        {
            var at = _faults.FindIndex(f => f.Fault.Hits(service, method));
            if (at < 0)
                return null;
            var (fault, hits) = _faults[at];
            if (fault.Count is { } count && hits + 1 >= count)
                _faults.RemoveAt(at);
            else
                _faults[at] = (fault, hits + 1);
            return fault;
        }
    }
}
