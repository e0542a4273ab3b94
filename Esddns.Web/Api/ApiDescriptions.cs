using System.Text.Json.Nodes;
using Esddns.Http;
using Esddns.Web.Sync;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;

namespace Esddns.Web.Api;

/// <summary>What the OpenAPI document says of each endpoint (OpenAPI 3.1).</summary>
internal static class ApiDescriptions
{
    private static readonly IOpenApiParameter s_fqdn = Parameter(
        "fqdn",
        ParameterLocation.Path,
        Text("home.example.com"),
        "The name, in any case. Names with other letters than ASCII may be given as they are."
    );

    private static readonly IOpenApiParameter s_type = Parameter(
        "type",
        ParameterLocation.Path,
        Word("A", "AAAA"),
        "The type of the record."
    );

    private static readonly IOpenApiParameter s_limit = Parameter(
        "limit",
        ParameterLocation.Query,
        new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Minimum = "1",
            Maximum = $"{ListLimit.Max}",
            Default = ListLimit.Default,
        },
        "The maximum number of entries."
    );

    private static readonly IOpenApiParameter s_after = Parameter(
        "after",
        ParameterLocation.Query,
        Text(),
        "'next' of the page before."
    );

    /// <summary>Describes <c>GET /api/v1/status</c>.</summary>
    public static void DescribeStatus(this IEndpointConventionBuilder endpoint) =>
        endpoint.Describe<StatusSummary>("getStatus", "The state of everything in a few lines");

    /// <summary>Describes <c>GET /api/v1/addresses</c>.</summary>
    public static void DescribeAddresses(this IEndpointConventionBuilder endpoint) =>
        endpoint.Describe<Page<AddressDocument>>("getAddresses", "The public addresses, and how sure they are");

    /// <summary>Describes <c>GET /api/v1/records</c>.</summary>
    public static void DescribeRecords(this IEndpointConventionBuilder endpoint) =>
        endpoint.Describe<Page<RecordDocument>>(
            "getRecords",
            "The records, in the order of the configuration",
            StatusCodes.Status400BadRequest,
            Parameter("name", ParameterLocation.Query, Text("home"), "A part of the name."),
            Parameter("state", ParameterLocation.Query, Word(RecordQuery.States), "The state, in any case."),
            s_limit,
            s_after
        );

    /// <summary>Describes <c>GET /api/v1/records/{fqdn}/{type}</c>.</summary>
    public static void DescribeRecord(this IEndpointConventionBuilder endpoint) =>
        endpoint.Describe<RecordDocument>("getRecord", "One record", StatusCodes.Status404NotFound, s_fqdn, s_type);

    /// <summary>Describes <c>GET /api/v1/changes</c>.</summary>
    public static void DescribeChanges(this IEndpointConventionBuilder endpoint) =>
        endpoint.Describe<Page<ChangeDocument>>(
            "getChanges",
            "The confirmed writes that are kept, newest first",
            StatusCodes.Status400BadRequest,
            Parameter(
                "since",
                ParameterLocation.Query,
                new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
                "Only changes after this time (RFC 3339)."
            ),
            s_limit,
            s_after
        );

    /// <summary>Describes <c>GET /api/v1/sources</c>.</summary>
    public static void DescribeSources(this IEndpointConventionBuilder endpoint) =>
        endpoint.Describe<Page<SourceDocument>>("getSources", "What each source of addresses answered last");

    /// <summary>Describes <c>GET /api/v1/nodes</c>.</summary>
    public static void DescribeNodes(this IEndpointConventionBuilder endpoint) =>
        endpoint.Describe<Page<NodeDocument>>("getNodes", "In a cluster, the addresses that nodes observe");

    /// <summary>Describes <c>GET /api/v1/events</c>.</summary>
    public static void DescribeEvents(this IEndpointConventionBuilder endpoint) =>
        endpoint
            .Show()
            .WithName("getEvents")
            .WithSummary("A stream of server-sent events: 'status' for each new state, 'change' for each write")
            .WithMetadata(
                new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), ["text/event-stream"]),
                Problem(StatusCodes.Status401Unauthorized),
                Problem(StatusCodes.Status429TooManyRequests),
                Problem(StatusCodes.Status503ServiceUnavailable)
            )
            .WithParameters(
                Parameter(
                    "Last-Event-ID",
                    ParameterLocation.Header,
                    Text(),
                    "The id of the last event that the client has: the stream begins with the changes after it."
                )
            );

    /// <summary>Describes <c>POST /api/v1/sync</c>.</summary>
    public static void DescribeSync(this IEndpointConventionBuilder endpoint) =>
        endpoint
            .Show()
            .WithName("requestRound")
            .WithSummary("Requests a round, and answers at its end: for programs of this machine, or with credentials")
            .WithMetadata(
                new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(SyncDocument), ["application/json"]),
                Problem(StatusCodes.Status401Unauthorized),
                Problem(StatusCodes.Status403Forbidden),
                Problem(StatusCodes.Status429TooManyRequests),
                Problem(StatusCodes.Status502BadGateway),
                Problem(StatusCodes.Status503ServiceUnavailable),
                Problem(StatusCodes.Status504GatewayTimeout)
            );

    /// <summary>
    /// Makes an endpoint visible in the document: it takes only those that name the method of their handler, which
    /// ASP.NET Core does not add for handlers that take the context.
    /// </summary>
    private static TBuilder Show<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(e => e.Metadata.Add(e.RequestDelegate!.Method));
        return endpoint.WithTags("state");
    }

    private static void Describe<T>(
        this IEndpointConventionBuilder endpoint,
        string name,
        string summary,
        int? refusal = null,
        params IOpenApiParameter[] parameters
    )
    {
        endpoint
            .Show()
            .WithName(name)
            .WithSummary(summary)
            .WithMetadata(
                new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]),
                Problem(StatusCodes.Status401Unauthorized),
                Problem(StatusCodes.Status429TooManyRequests),
                Problem(StatusCodes.Status503ServiceUnavailable)
            )
            .WithParameters(parameters);
        if (refusal is { } statusCode)
            endpoint.WithMetadata(Problem(statusCode));
    }

    private static ProducesResponseTypeMetadata Problem(int statusCode) =>
        new(statusCode, typeof(ProblemDetails), [ProblemResult.MediaType]);

    private static IEndpointConventionBuilder WithParameters(
        this IEndpointConventionBuilder endpoint,
        params IOpenApiParameter[] parameters
    ) =>
        endpoint.AddOpenApiOperationTransformer(
            (operation, _, _) =>
            {
                operation.Parameters = [.. parameters];
                return Task.CompletedTask;
            }
        );

    private static OpenApiParameter Parameter(
        string name,
        ParameterLocation place,
        OpenApiSchema schema,
        string description
    ) =>
        new()
        {
            Name = name,
            In = place,
            Required = place == ParameterLocation.Path,
            Description = description,
            Schema = schema,
        };

    private static OpenApiSchema Text(string? example = null) =>
        new() { Type = JsonSchemaType.String, Examples = example is null ? null : [example] };

    private static OpenApiSchema Word(params string[] words) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(w => JsonValue.Create(w))] };
}
