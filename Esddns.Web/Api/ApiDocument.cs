using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Esddns.Web.Prepared;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Esddns.Web.Api;

/// <summary><c>GET /openapi/v1.json</c>: the OpenAPI document (OpenAPI 3.1). It is made once.</summary>
internal static class ApiDocument
{
    private const string Name = "v1";
    private const OpenApiSpecVersion Version = OpenApiSpecVersion.OpenApi3_1;

    /// <summary>Adds the services.</summary>
    public static void AddApiDocument(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            // By default numbers can also be read from text, so that the document would allow both.
            o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOpenApi(
            Name,
            options =>
            {
                options.OpenApiVersion = Version;
                options.AddDocumentTransformer(
                    (document, _, _) =>
                    {
                        Describe(document);
                        return Task.CompletedTask;
                    }
                );
            }
        );
    }

    /// <summary>Maps the endpoint.</summary>
    public static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        var document = new Lazy<Task<PreparedBody>>(() => PrepareAsync(routes.ServiceProvider));
        routes
            .MapRead($"/openapi/{Name}.json", async context => await (await document.Value).WriteAsync(context))
            .ExcludeFromDescription();
    }

    private static async Task<PreparedBody> PrepareAsync(IServiceProvider services)
    {
        var document = await services
            .GetRequiredKeyedService<IOpenApiDocumentProvider>(Name)
            .GetOpenApiDocumentAsync(CancellationToken.None);
        return PreparedBody.Text("application/json; charset=utf-8", await document.SerializeAsJsonAsync(Version));
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "ESDDNS",
            Version = "1",
            Description =
                "The state of the public addresses and DNS records. Lists tell in 'stale' whether the state may be out "
                + "of date. Errors are problem details (RFC 9457).",
        };
        // The API is on the host that serves the document.
        document.Servers = [];
        // Only a service with closed reading needs them, so no operation requires them.
        var components = document.Components ??= new OpenApiComponents();
        components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["token"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
            ["password"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "basic" },
        };
        // HEAD is GET without the body; as an operation of its own it would have the same identifier.
        foreach (var path in document.Paths.Values)
            path.Operations?.Remove(HttpMethod.Head);
        SetWords(document, nameof(StatusSummary), "state", "InSync", "OutOfSync", "Unknown");
        SetWords(document, nameof(RecordDocument), "state", RecordQuery.States);
        SetWords(document, nameof(RecordDocument), "type", "A", "AAAA");
    }

    /// <summary>Names the values of a field.</summary>
    private static void SetWords(OpenApiDocument document, string type, string field, params string[] words)
    {
        if (document.Components?.Schemas?[type].Properties?[field] is OpenApiSchema schema)
            schema.Enum = [.. words.Select(w => JsonValue.Create(w))];
    }
}
