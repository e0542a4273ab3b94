using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Esddns.Operator.Kubernetes.Client.Access;
using Esddns.Operator.Kubernetes.Client.Objects;

namespace Esddns.Operator.Kubernetes.Client;

/// <summary>Sends requests to the API server. Every method throws these exceptions and no others.</summary>
/// <param name="http">The client with the settings of the connection.</param>
/// <param name="server">The API server.</param>
/// <param name="credentials">The credentials of each request; null for none.</param>
/// <exception cref="ApiException">The API server refused the request.</exception>
/// <exception cref="HttpRequestException">The API server is unreachable, or its response cannot be parsed.</exception>
/// <exception cref="OperationCanceledException">The caller has cancelled the request.</exception>
internal sealed class ApiClient(HttpClient http, Uri server, IRequestCredentials? credentials = null) : IDisposable
{
    /// <summary>The maximum size of an error response in bytes.</summary>
    private const int MaxError = 64 << 10;

    /// <summary>Ends with a slash, so that paths can be appended.</summary>
    private readonly Uri _server = server.AbsoluteUri.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");

    /// <summary>Reads one object.</summary>
    public Task<T> GetAsync<T>(Resource<T> kind, string? @namespace, string name, CancellationToken cancellationToken)
        where T : KubernetesObject =>
        SendAsync(HttpMethod.Get, kind.Path(@namespace, name), null, kind, kind.Item, cancellationToken);

    /// <summary>Lists objects, or a page of them.</summary>
    public Task<ObjectList<T>> ListAsync<T>(
        Resource<T> kind,
        string? @namespace,
        ListQuery query,
        CancellationToken cancellationToken
    )
        where T : KubernetesObject =>
        SendAsync(HttpMethod.Get, kind.Path(@namespace) + query, null, kind, kind.List, cancellationToken);

    /// <summary>Creates an object.</summary>
    public Task<T> CreateAsync<T>(Resource<T> kind, T item, CancellationToken cancellationToken)
        where T : KubernetesObject =>
        SendAsync(
            HttpMethod.Post,
            kind.Path(item.Metadata.Namespace),
            Body("application/json", writer => JsonSerializer.Serialize(writer, item, kind.Item)),
            kind,
            kind.Item,
            cancellationToken
        );

    /// <summary>Patches an object, or a subresource of it.</summary>
    public Task<T> PatchAsync<T>(
        Resource<T> kind,
        string? @namespace,
        string name,
        Patch patch,
        CancellationToken cancellationToken,
        string? subresource = null
    )
        where T : KubernetesObject =>
        SendAsync(
            HttpMethod.Patch,
            kind.Path(@namespace, name, subresource) + Query(patch),
            Body(patch.MediaType, patch.Body, patch.Size),
            kind,
            kind.Item,
            cancellationToken
        );

    /// <summary>
    /// Reports the changes after a resource version, until the API server ends the watch
    /// (<see href="https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes"/>).
    /// </summary>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        Resource<T> kind,
        string? @namespace,
        ListQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
        where T : KubernetesObject
    {
        using var request = Request(HttpMethod.Get, kind.Path(@namespace) + query, null, Accept(kind, isList: false));
        using var response = await SendAsync(request, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var line in LineReader.ReadAsync(stream, cancellationToken))
            yield return WatchEvent<T>.Read(line, kind.Item);
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<TAnswer> SendAsync<T, TAnswer>(
        HttpMethod method,
        string path,
        HttpContent? body,
        Resource<T> kind,
        JsonTypeInfo<TAnswer> answer,
        CancellationToken cancellationToken
    )
        where T : KubernetesObject
        where TAnswer : class
    {
        using var request = Request(method, path, body, Accept(kind, isList: typeof(TAnswer) != typeof(T)));
        using var response = await SendAsync(request, cancellationToken);
        try
        {
            // Not from the stream: the asynchronous reader adds native code for each type of JSON, 1 MB in total.
            var json = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return JsonSerializer.Deserialize(json, answer) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is JsonException or IOException or HttpRequestException)
        {
            var reason = e.GetBaseException().Message;
            throw new HttpRequestException($"The API server's answer to {method} /{path} cannot be read: {reason}");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (credentials is not null)
            request.Headers.Authorization = await credentials.HeaderAsync(cancellationToken);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw new ApiException(response.StatusCode, await StatusAsync(response, cancellationToken));
    }

    private HttpRequestMessage Request(HttpMethod method, string path, HttpContent? body, string accept)
    {
        var request = new HttpRequestMessage(method, new Uri(_server, path))
        {
            Content = body,
            Version = HttpVersion.Version20,
        };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return request;
    }

    private static ReadOnlyMemoryContent Body(string mediaType, Action<Utf8JsonWriter> write, int size = 1024)
    {
        var bytes = new ArrayBufferWriter<byte>(size);
        using (var writer = new Utf8JsonWriter(bytes, ObjectJson.Writing))
            write(writer);
        return new(bytes.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
    }

    private static string Accept<T>(Resource<T> kind, bool isList)
        where T : KubernetesObject =>
        kind.IsMetadataOnly
            ? $"application/json;as=PartialObjectMetadata{(isList ? "List" : "")};g=meta.k8s.io;v=v1"
            : "application/json";

    private static string Query(Patch patch) =>
        patch.FieldManager is null
            ? ""
            : $"?fieldManager={Uri.EscapeDataString(patch.FieldManager)}" + (patch.IsForced ? "&force=true" : "");

    /// <summary>The details in an error response; null when they are unreadable.</summary>
    private static async Task<ApiStatus?> StatusAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxError, cancellationToken);
            return JsonSerializer.Deserialize(
                await response.Content.ReadAsByteArrayAsync(cancellationToken),
                ObjectJson.Default.ApiStatus
            );
        }
        catch (Exception e) when (e is JsonException or HttpRequestException)
        {
            return null;
        }
    }
}
