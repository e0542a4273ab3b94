using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Esddns.Operator.Kubernetes.Client.Objects;

namespace Esddns.Operator.Kubernetes.Client;

/// <summary>The type of a watch event.</summary>
internal enum WatchEventType
{
    /// <summary>The object is new.</summary>
    Added,

    /// <summary>The object has changed.</summary>
    Modified,

    /// <summary>The object was deleted.</summary>
    Deleted,

    /// <summary>No change: the resource version up to which all changes were sent.</summary>
    Bookmark,
}

/// <summary>
/// One line of a watch:
/// <code>{"type":"MODIFIED","object":{"kind":"Node","metadata":{"name":"a","resourceVersion":"7"}}}</code>
/// </summary>
internal readonly record struct WatchEvent<T>(WatchEventType Type, T Object)
    where T : KubernetesObject
{
    /// <summary>Parses a line.</summary>
    /// <exception cref="ApiException">The event reports a failed watch, such as 410 Gone.</exception>
    /// <exception cref="JsonException">The line cannot be parsed.</exception>
    public static WatchEvent<T> Read(ReadOnlyMemory<byte> line, JsonTypeInfo<T> item)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        if (
            root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("type", out var type)
            || type.ValueKind != JsonValueKind.String
            || !root.TryGetProperty("object", out var found)
        )
            throw new JsonException("The line is not a watch event.");
        if (type.ValueEquals("ERROR"u8))
            throw Error(found.Deserialize(ObjectJson.Default.ApiStatus));
        return new(ReadType(type), ReadObject(found, item));
    }

    private static WatchEventType ReadType(JsonElement type)
    {
        if (type.ValueEquals("ADDED"u8))
            return WatchEventType.Added;
        if (type.ValueEquals("MODIFIED"u8))
            return WatchEventType.Modified;
        if (type.ValueEquals("DELETED"u8))
            return WatchEventType.Deleted;
        if (type.ValueEquals("BOOKMARK"u8))
            return WatchEventType.Bookmark;
        throw new JsonException("The type of the event is unknown.");
    }

    private static T ReadObject(JsonElement found, JsonTypeInfo<T> item) =>
        found.Deserialize(item) is { Metadata: not null } read ? read : throw new JsonException("The object is null.");

    private static ApiException Error(ApiStatus? status) =>
        new((HttpStatusCode)(status?.Code ?? (int)HttpStatusCode.InternalServerError), status);
}
