using System.Text.Json.Serialization.Metadata;
using Esddns.Contracts;
using Esddns.Http;
using Esddns.Web.Prepared;
using Esddns.Web.Status;

namespace Esddns.Web.Api;

/// <summary>
/// <c>/api/v1</c>: the state as JSON. The handlers take the context alone, because the bodies are prepared; what the
/// OpenAPI document says of them is in <see cref="ApiDescriptions"/>.
/// </summary>
internal static class ApiEndpoints
{
    /// <summary>The path of the API.</summary>
    public const string Root = "/api/v1";

    /// <summary>Maps the endpoints.</summary>
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Root);
        api.MapRead("status", StatusAsync).DescribeStatus();
        api.MapRead("addresses", context => ListAsync(context, s => s.Wan.Select(DocumentMapping.Of)))
            .DescribeAddresses();
        api.MapRead("records", RecordsAsync).DescribeRecords();
        api.MapRead("records/{fqdn}/{type}", RecordAsync).DescribeRecord();
        api.MapRead("changes", ChangesAsync).DescribeChanges();
        api.MapRead("sources", context => ListAsync(context, s => s.Wan.SelectMany(DocumentMapping.Sources)))
            .DescribeSources();
        api.MapRead("nodes", context => ListAsync(context, Nodes)).DescribeNodes();
    }

    private static Task StatusAsync(HttpContext context) =>
        WithStatusAsync(
            context,
            (cached, status) =>
                AnswerAsync(context, cached, "status", () => DocumentMapping.Summary(status, cached.Stale()))
        );

    private static Task RecordsAsync(HttpContext context)
    {
        if (RecordQuery.Read(context.Request.Query, out var mistake) is not { } query)
            return Mistake(mistake).ExecuteAsync(context);
        return WithStatusAsync(
            context,
            (cached, status) =>
                AnswerAsync(
                    context,
                    cached,
                    $"records {query.Key}",
                    () =>
                        query.Select(status.Records) is ({ } records, var total, var hasNext)
                            ? new Page<RecordDocument>(
                                [.. records.Select(DocumentMapping.Of)],
                                total,
                                hasNext ? RecordQuery.KeyOf(records[^1]) : null,
                                cached.Stale()
                            )
                            : null,
                    Mistake("after: no such record any more; request the first page again")
                )
        );
    }

    private static Task RecordAsync(HttpContext context)
    {
        var (fqdn, type) = RecordQuery.OfRoute(context.Request.RouteValues);
        return WithStatusAsync(
            context,
            (cached, status) =>
                AnswerAsync(
                    context,
                    cached,
                    $"record {fqdn}/{type}",
                    () => RecordQuery.Find(status, fqdn, type) is { } record ? DocumentMapping.Of(record) : null,
                    new ProblemResult(StatusCodes.Status404NotFound, $"No such record: {Root}/records lists all.")
                )
        );
    }

    private static Task ChangesAsync(HttpContext context)
    {
        if (ChangeQuery.Read(context.Request.Query, out var mistake) is not { } query)
            return Mistake(mistake).ExecuteAsync(context);
        return WithStatusAsync(
            context,
            (cached, status) =>
                AnswerAsync(
                    context,
                    cached,
                    $"changes {query.Key}",
                    () =>
                        query.Select(status.History) is ({ } changes, var total, var hasNext)
                            ? new Page<ChangeDocument>(
                                [.. changes.Select(DocumentMapping.Of)],
                                total,
                                hasNext ? ChangeQuery.IdOf(changes[^1]) : null,
                                cached.Stale()
                            )
                            : null,
                    Mistake("after: no such change any more; request the first page again")
                )
        );
    }

    private static IEnumerable<NodeDocument> Nodes(StatusDocument status) =>
        (status.Nodes ?? []).Select(n => new NodeDocument(n.Address, n.Count, n.Names));

    private static Task ListAsync<T>(HttpContext context, Func<StatusDocument, IEnumerable<T>> select) =>
        WithStatusAsync(
            context,
            (cached, status) =>
                AnswerAsync(
                    context,
                    cached,
                    typeof(T).Name,
                    () =>
                    {
                        var items = select(status).ToArray();
                        return new Page<T>(items, items.Length, null, cached.Stale());
                    }
                )
        );

    /// <summary>Answers from the newest status; with 503 while there is none.</summary>
    private static async Task WithStatusAsync(HttpContext context, Func<CachedStatus, StatusDocument, Task> answer)
    {
        var cache = context.RequestServices.GetRequiredService<StatusCache>();
        var cached = await cache.FirstAsync(context.RequestAborted);
        if (cached.Status is { } status)
        {
            await answer(cached, status);
            return;
        }

        context.Response.Headers.RetryAfter = "5";
        await new ProblemResult(StatusCodes.Status503ServiceUnavailable, $"{cached.Problem}.").ExecuteAsync(context);
    }

    /// <summary>Answers with a document, or with a problem when the status does not have what is asked for.</summary>
    private static async Task AnswerAsync<T>(
        HttpContext context,
        CachedStatus cached,
        string key,
        Func<T?> document,
        ProblemResult? otherwise = null
    )
        where T : class
    {
        var isAnswered = await context
            .RequestServices.GetRequiredService<PreparedBodies>()
            .TryAnswerAsync(context, cached, $"{Root}/{key}", () => Task.FromResult(Prepare(document())));
        if (!isAnswered && otherwise is not null)
            await otherwise.ExecuteAsync(context);
    }

    private static PreparedBody? Prepare<T>(T? document)
        where T : class =>
        document is null ? null : PreparedBody.Json(document, (JsonTypeInfo<T>)ApiJson.Default.GetTypeInfo(typeof(T))!);

    private static ProblemResult Mistake(string? detail) => new(StatusCodes.Status400BadRequest, detail);
}
