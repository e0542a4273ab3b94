namespace Esddns.Simulator.LiveDns;

/// <summary>The requests that LiveDNS received.</summary>
internal sealed class RequestLog
{
    private readonly Lock _gate = new();
    private readonly List<LoggedRequest> _requests = [];
    private long _sequence;

    /// <summary>All requests, oldest first.</summary>
    public IReadOnlyList<LoggedRequest> All
    {
        get
        {
            lock (_gate)
                return [.. _requests];
        }
    }

    /// <summary>All requests except GET.</summary>
    public IReadOnlyList<LoggedRequest> Writes => [.. All.Where(r => r.Method != "GET")];

    /// <summary>Adds a request; the argument of the function is its sequence number.</summary>
    public void Add(Func<long, LoggedRequest> request)
    {
        lock (_gate)
            _requests.Add(request(++_sequence));
    }

    /// <summary>Removes all requests.</summary>
    public void Clear()
    {
        lock (_gate)
            _requests.Clear();
    }
}
