using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Esddns.Contracts;
using Esddns.Web.Prepared;
using Esddns.Web.Status;

namespace Esddns.Web.Api;

/// <summary>Makes the answers of the API from a status.</summary>
internal static class StatusAnswers
{
    /// <summary><c>/api/v1/status</c>.</summary>
    public static Answer Summary(CachedStatus cached) =>
        With(
            cached,
            status => new StatusSummary(
                cached.Version,
                cached.State,
                cached.Reason,
                cached.Freshness,
                status.Round,
                status.By,
                status.Leader,
                [.. status.Wan.Select(w => new AddressSummary(w.Family, w.Address, w.Verdict))],
                status.Records.Length,
                status.Records.CountBy(r => r.StateOrUnknown).ToDictionary(StringComparer.Ordinal)
            ),
            ApiJson.Default.StatusSummary
        );

    /// <summary><c>/api/v1/addresses</c>.</summary>
    public static Answer Addresses(CachedStatus cached) =>
        With(
            cached,
            status => new AddressList(cached.Freshness, [.. status.Wan.Select(AddressDocument.Of)]),
            ApiJson.Default.AddressList
        );

    /// <summary><c>/api/v1/sources</c>.</summary>
    public static Answer Sources(CachedStatus cached) =>
        With(
            cached,
            status => new SourceList(cached.Freshness, [.. status.Wan.SelectMany(SourceDocument.Of)]),
            ApiJson.Default.SourceList
        );

    /// <summary><c>/api/v1/nodes</c>.</summary>
    public static Answer Nodes(CachedStatus cached) =>
        With(
            cached,
            status => new NodeList(
                cached.Freshness,
                status.By,
                status.Leader,
                [.. (status.Nodes ?? []).Select(n => new NodeDocument(n.Address, n.Count, n.Names))]
            ),
            ApiJson.Default.NodeList
        );

    /// <summary><c>/api/v1/changes</c>.</summary>
    public static Answer Changes(CachedStatus cached, DateTimeOffset? since, int limit) =>
        With(
            cached,
            status => new ChangeList(
                cached.Freshness,
                [
                    .. status
                        .History.Where(c => since is null || c.At > since)
                        .OrderByDescending(c => c.At)
                        .Take(limit)
                        .Select(ChangeDocument.Of),
                ]
            ),
            ApiJson.Default.ChangeList
        );

    /// <summary><c>/api/v1/records</c>.</summary>
    public static Answer Records(CachedStatus cached, RecordQuery query)
    {
        if (cached.Status is not { } status)
            return Problem.NoStatus(cached.Problem);
        if (query.Select(cached, status.Records) is not { } page)
            return Problem.BadRequest($"after={query.After}: no such record any more; request the first page again");
        return Of(page, ApiJson.Default.RecordPage) with
        {
            Link = page.Next is { } next ? $"<{query.Address(next)}>; rel=\"next\"" : null,
        };
    }

    /// <summary><c>/api/v1/records/{fqdn}/{type}</c>.</summary>
    public static Answer Record(CachedStatus cached, string fqdn, string type)
    {
        if (cached.Status is not { } status)
            return Problem.NoStatus(cached.Problem);
        return RecordNames.Find(status.Records, fqdn, type) is { } record
            ? Of(new RecordAnswer(cached.Freshness, RecordDocument.Of(record)), ApiJson.Default.RecordAnswer)
            : Problem.Of(
                StatusCodes.Status404NotFound,
                $"{fqdn} {type}: no such record; {RecordQuery.Path} lists all records"
            );
    }

    private static Answer With<T>(CachedStatus cached, Func<StatusDocument, T> make, JsonTypeInfo<T> type) =>
        cached.Status is { } status ? Of(make(status), type) : Problem.NoStatus(cached.Problem);

    private static Answer Of<T>(T document, JsonTypeInfo<T> type) =>
        new(Answer.Json, JsonSerializer.SerializeToUtf8Bytes(document, type));
}
