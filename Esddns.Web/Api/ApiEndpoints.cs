using System.ComponentModel;
using System.Globalization;
using Esddns.Web.Prepared;
using Microsoft.AspNetCore.Mvc;

namespace Esddns.Web.Api;

/// <summary>The read-only part of <c>/api/v1</c>.</summary>
internal static class ApiEndpoints
{
    /// <summary>The path of the API.</summary>
    public const string Root = "/api/v1";

    /// <summary>Maps the endpoints.</summary>
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Root).WithTags("Status");
        api.MapGet("/status", SummaryAsync)
            .Describe<StatusSummary>("getStatus", "The state of everything, in a few lines");
        api.MapGet("/addresses", AddressesAsync)
            .Describe<AddressList>("getAddresses", "The public addresses, and who confirms them");
        api.MapGet("/sources", SourcesAsync)
            .Describe<SourceList>("getSources", "The address sources, and their last answers");
        api.MapGet("/nodes", NodesAsync)
            .Describe<NodeList>("getNodes", "The nodes of a cluster, and the addresses that they observe");
        api.MapGet("/changes", ChangesAsync)
            .Describe<ChangeList>("getChanges", "The confirmed writes, newest first", badRequest: true);
        api.MapGet("/records", RecordsAsync)
            .Describe<RecordPage>("getRecords", "The records, in the order of the configuration", badRequest: true);
        api.MapGet("/records/{fqdn}/{type}", RecordAsync)
            .Describe<RecordAnswer>("getRecord", "One record")
            .Produces<Problem>(StatusCodes.Status404NotFound, Problem.ContentType);
    }

    private static Task SummaryAsync(HttpContext http, [FromServices] PreparedBodies bodies) =>
        bodies.AnswerAsync(http, $"{Root}/status", StatusAnswers.Summary);

    private static Task AddressesAsync(HttpContext http, [FromServices] PreparedBodies bodies) =>
        bodies.AnswerAsync(http, $"{Root}/addresses", StatusAnswers.Addresses);

    private static Task SourcesAsync(HttpContext http, [FromServices] PreparedBodies bodies) =>
        bodies.AnswerAsync(http, $"{Root}/sources", StatusAnswers.Sources);

    private static Task NodesAsync(HttpContext http, [FromServices] PreparedBodies bodies) =>
        bodies.AnswerAsync(http, $"{Root}/nodes", StatusAnswers.Nodes);

    private static Task ChangesAsync(
        HttpContext http,
        [FromServices] PreparedBodies bodies,
        [Description("Only changes after this time (RFC 3339).")] string? since,
        [Description("The maximum number of changes.")] string? limit
    )
    {
        string? mistake = null;
        var most = Parameters.Limit(limit, ref mistake);
        var after = Parameters.Time("since", since, ref mistake);
        if (mistake is not null)
            return PreparedBodies.WriteAsync(http, Problem.BadRequest(mistake));
        var key = string.Create(CultureInfo.InvariantCulture, $"{Root}/changes?since={after:O}&limit={most}");
        return bodies.AnswerAsync(http, key, status => StatusAnswers.Changes(status, after, most ?? 0));
    }

    private static Task RecordsAsync(
        HttpContext http,
        [FromServices] PreparedBodies bodies,
        [Description("A part of the name, in any case; international names in either form.")] string? name,
        [Description("States, separated by commas.")] string? state,
        [Description("The maximum number of records of the page.")] string? limit,
        [Description("The value of next of the page before.")] string? after
    ) =>
        RecordQuery.Read(name, state, limit, after, out var mistake) is { } query
            ? bodies.AnswerAsync(http, query.Address(query.After), status => StatusAnswers.Records(status, query))
            : PreparedBodies.WriteAsync(http, Problem.BadRequest(mistake ?? ""));

    private static Task RecordAsync(
        HttpContext http,
        [FromServices] PreparedBodies bodies,
        [Description("The name, in any case; an international name in either form; * is a wildcard.")] string fqdn,
        [Description("A or AAAA.")] string type
    ) => bodies.AnswerAsync(http, $"{RecordQuery.Path}/{fqdn}/{type}", s => StatusAnswers.Record(s, fqdn, type));
}
