using System.Text.Json.Serialization.Metadata;

namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>
/// Reads paginated lists, where each page links to the next (RFC 8288). The limits are far above any real account. A
/// list that was not read to its end is unavailable, because missing entries may still exist.
/// </summary>
internal sealed class LiveDnsList(LiveDnsClient client)
{
    /// <summary>The maximum number of pages of a list.</summary>
    public const int MaxPages = 100;

    /// <summary>The maximum number of entries of a list.</summary>
    public const int MaxItems = 50_000;

    /// <summary>The maximum size of a list in bytes.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private const int PageSize = 500;
    private static readonly TimeSpan s_maxTime = TimeSpan.FromMinutes(5);

    /// <summary>The maximum total time of the requests of a list, without the waits for the rate limit.</summary>
    private TimeSpan MaxTime => client.Timeout * 5 < s_maxTime ? client.Timeout * 5 : s_maxTime;

    /// <summary>Reads the list at <paramref name="path"/>.</summary>
    public async Task<LookupResult<List<T>>> ReadAsync<T>(
        string path,
        JsonTypeInfo<T[]> type,
        CancellationToken cancellationToken
    )
        where T : class
    {
        var operation = $"GET {path}";
        var (all, bytes, took) = (new List<T>(), 0L, TimeSpan.Zero);
        var address = client.At($"{path}?per_page={PageSize}");
        var followed = new HashSet<Uri> { address };
        while (true)
        {
            var reply = await client.GetAsync(address, cancellationToken);
            if (!reply.IsSuccess)
                return new LookupResult<List<T>>.Unavailable(reply.ReadFault(operation));
            if (reply.TryRead(type) is not { } page || page.Contains(null))
                return new LookupResult<List<T>>.Unavailable(reply.Unreadable(operation));
            all.AddRange(page);
            bytes += reply.Body.Length;
            took += reply.Took;
            if (all.Count > MaxItems)
                return Refused(operation, $"has more than {MaxItems} entries");
            if (reply.Next is null)
                return new LookupResult<List<T>>.Available(all);
            if (!Uri.TryCreate(address, reply.Next, out var next) || !client.MayReceiveToken(next))
                return Refused(operation, "names a next page that is not below Esddns:LiveDns:BaseUrl");
            if (!followed.Add(address = next))
                return Refused(operation, "names a next page that was read before");
            if (followed.Count > MaxPages)
                return Refused(operation, $"has more than {MaxPages} pages");
            if (bytes >= MaxBytes)
                return Refused(operation, $"has more than {MaxBytes >> 20} MiB");
            if (took >= MaxTime)
                return Refused(operation, $"takes more than {MaxTime.TotalSeconds:0} s");
        }

        static LookupResult<List<T>> Refused(string operation, string why) =>
            new LookupResult<List<T>>.Unavailable(
                new(
                    FaultKind.Transient,
                    ProviderFault.Unreadable,
                    $"{operation}: the list {why}; it was not read to its end"
                )
            );
    }
}
