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

    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the OpenAPI document.</summary>
    public static void AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        services.AddOpenApi("v1", ApiDescriptions.Describe);
    }

    /// <summary>Maps the endpoints.</summary>
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Root);
        api.Map("status", StatusAsync).DescribeStatus();
        api.Map("addresses", context => ListAsync(context, s => s.Wan.Select(DocumentMapping.Of))).DescribeAddresses();
        api.Map("records", RecordsAsync).DescribeRecords();
        api.Map("records/{fqdn}/{type}", RecordAsync).DescribeRecord();
        api.Map("changes", ChangesAsync).DescribeChanges();
        api.Map("sources", context => ListAsync(context, s => s.Wan.SelectMany(DocumentMapping.Sources)))
            .DescribeSources();
        api.Map("nodes", context => ListAsync(context, Nodes)).DescribeNodes();
        routes.MapOpenApi("/openapi/{documentName}.json");
        api.MapFallback(NoEndpoint).ExcludeFromDescription();
    }

    private static IEndpointConventionBuilder Map(this RouteGroupBuilder api, string path, RequestDelegate handler) =>
        api.MapMethods(path, s_methods, handler);

    private static Task StatusAsync(HttpContext context) =>
        WithStatusAsync(
            context,
            (cached, status) =>
                AnswerAsync(context, cached, "status", () => DocumentMapping.Summary(status, cached.Stale()))
        );

    private static Task RecordsAsync(HttpContext context)
    {
        if (RecordQuery.Read(context.Request.Query, out var mistake) is not { } query)
            return RefuseAsync(context, mistake);
        return WithStatusAsync(
            context,
            (cached, status) =>
            {
                var (records, total, hasNext) = query.Select(status.Records);
                if (records is null)
                    return RefuseAsync(context, "after: no such record any more; request the first page again");
                return AnswerAsync(
                    context,
                    cached,
                    $"records {query.Key}",
                    () =>
                        new Page<RecordDocument>(
                            [.. records.Select(DocumentMapping.Of)],
                            total,
                            hasNext ? RecordQuery.KeyOf(records[^1]) : null,
                            cached.Stale()
                        )
                );
            }
        );
    }

    private static Task RecordAsync(HttpContext context) =>
        WithStatusAsync(
            context,
            (cached, status) =>
                RecordQuery.Find(status, context.Request.RouteValues) is { } record
                    ? AnswerAsync(
                        context,
                        cached,
                        $"record {RecordQuery.KeyOf(record)}",
                        () => DocumentMapping.Of(record)
                    )
                    : ProblemAsync(context, StatusCodes.Status404NotFound, $"No such record: {Root}/records lists all.")
        );

    private static Task ChangesAsync(HttpContext context)
    {
        if (ChangeQuery.Read(context.Request.Query, out var mistake) is not { } query)
            return RefuseAsync(context, mistake);
        return WithStatusAsync(
            context,
            (cached, status) =>
                AnswerAsync(
                    context,
                    cached,
                    $"changes {query.Key}",
                    () =>
                    {
                        var changes = query.Select(status.History);
                        return new Page<ChangeDocument>(
                            [.. changes.Take(query.Limit).Select(DocumentMapping.Of)],
                            changes.Length,
                            null,
                            cached.Stale()
                        );
                    }
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
        await ProblemAsync(context, StatusCodes.Status503ServiceUnavailable, $"{cached.Problem}.");
    }

    private static Task AnswerAsync<T>(HttpContext context, CachedStatus cached, string key, Func<T> document) =>
        context
            .RequestServices.GetRequiredService<PreparedBodies>()
            .AnswerAsync(
                context,
                cached,
                $"{Root}/{key}",
                () =>
                    Task.FromResult(
                        PreparedBody.Json(document(), (JsonTypeInfo<T>)ApiJson.Default.GetTypeInfo(typeof(T))!)
                    )
            );

    private static Task RefuseAsync(HttpContext context, string? mistake) =>
        ProblemAsync(context, StatusCodes.Status400BadRequest, mistake);

    private static Task ProblemAsync(HttpContext context, int statusCode, string? detail) =>
        new ProblemResult(statusCode, detail).ExecuteAsync(context);

    private static Task NoEndpoint(HttpContext context) =>
        ProblemAsync(context, StatusCodes.Status404NotFound, "No such endpoint: /openapi/v1.json describes all.");
}
