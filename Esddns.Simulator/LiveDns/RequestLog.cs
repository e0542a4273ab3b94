namespace Esddns.Simulator.LiveDns;

/// <summary>One request to LiveDNS. The token appears by its name only.</summary>
internal sealed record LoggedRequest(
    long Sequence,
    DateTimeOffset Start,
    DateTimeOffset End,
    string Method,
    string Path,
    string? Token,
    string? UserAgent,
    int? Status,
    string? Body
);

/// <summary>Everything that LiveDNS was asked.</summary>
internal sealed class RequestLog
{
    private readonly Lock _gate = new();
    private readonly List<LoggedRequest> _requests = [];
    private long _sequence;

    /// <summary>All of it, oldest first.</summary>
    public IReadOnlyList<LoggedRequest> All
    {
        get
        {
            lock (_gate)
                return [.. _requests];
        }
    }

    /// <summary>The requests that write.</summary>
    public IReadOnlyList<LoggedRequest> Writes => [.. All.Where(r => r.Method != "GET")];

    /// <summary>Adds one.</summary>
    public void Add(Func<long, LoggedRequest> request)
    {
        lock (_gate)
            _requests.Add(request(++_sequence));
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        lock (_gate)
            _requests.Clear();
    }
}
