using System.Text.Json.Serialization;
using Microsoft.OpenApi;

namespace Esddns.Web.Api;

/// <summary>The description of the API at <c>/openapi/v1.json</c> (OpenAPI 3.1).</summary>
internal static class OpenApi
{
    private const string Description =
        "The state of a dynamic-DNS operator. All answers come from memory, also while the operator is away: "
        + "freshness then shows the age. Each answer has an entity tag; a request with If-None-Match gets 304 "
        + "without a body while nothing changed. Parameters that are not known are ignored. "
        + "Errors are problem details (RFC 9457).";

    /// <summary>Adds the description.</summary>
    public static void AddApiDescription(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOpenApi(o =>
        {
            o.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            o.AddDocumentTransformer(
                (document, _, _) =>
                {
                    document.Info = new OpenApiInfo
                    {
                        Title = "ESDDNS",
                        Version = "1",
                        Description = Description,
                    };
                    // Without this, the host name of the request would be in the document.
                    document.Servers = [new OpenApiServer { Url = "/" }];
                    return Task.CompletedTask;
                }
            );
        });
    }

    /// <summary>Describes an endpoint that answers with JSON.</summary>
    public static RouteHandlerBuilder Describe<T>(
        this RouteHandlerBuilder endpoint,
        string name,
        string summary,
        bool badRequest = false
    )
    {
        endpoint
            .WithName(name)
            .WithSummary(summary)
            .Produces<T>(StatusCodes.Status200OK, "application/json")
            .Produces(StatusCodes.Status304NotModified)
            .Produces<Problem>(StatusCodes.Status503ServiceUnavailable, Problem.ContentType)
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    foreach (var parameter in operation.Parameters ?? [])
                        if (parameter is OpenApiParameter known && Schema(known.Name) is { } schema)
                            known.Schema = schema;
                    return Task.CompletedTask;
                }
            );
        return badRequest ? endpoint.Produces<Problem>(StatusCodes.Status400BadRequest, Problem.ContentType) : endpoint;
    }

    /// <summary>The type of a parameter. All are read as text, because mistakes get an answer of our own.</summary>
    private static OpenApiSchema? Schema(string? parameter) =>
        parameter switch
        {
            "limit" => new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Minimum = "1",
                Maximum = $"{Parameters.MaxLimit}",
                Default = Parameters.DefaultLimit,
            },
            "since" => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
            "type" => new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["A", "AAAA"] },
            _ => null,
        };
}
