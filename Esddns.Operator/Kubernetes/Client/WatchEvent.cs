using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Esddns.Operator.Kubernetes.Client.Objects;

namespace Esddns.Operator.Kubernetes.Client;

/// <summary>The type of a watch event.</summary>
internal enum WatchEventType
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It has changed.</summary>
    Modified,

    /// <summary>It is gone.</summary>
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
    /// <summary>Reads it.</summary>
    /// <exception cref="ApiException">The event reports a failed watch, such as 410 Gone.</exception>
    /// <exception cref="JsonException">It cannot be understood.</exception>
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
            throw new JsonException("The line is no event of a watch.");
        if (type.ValueEquals("ERROR"u8))
            throw Error(found.Deserialize(ObjectJson.Default.Status));
        WatchEventType? known =
            type.ValueEquals("ADDED"u8) ? WatchEventType.Added
            : type.ValueEquals("MODIFIED"u8) ? WatchEventType.Modified
            : type.ValueEquals("DELETED"u8) ? WatchEventType.Deleted
            : type.ValueEquals("BOOKMARK"u8) ? WatchEventType.Bookmark
            : null;
        return new(known ?? throw new JsonException("The type of an event is not known."), ReadObject(found, item));
    }

    private static T ReadObject(JsonElement found, JsonTypeInfo<T> item) =>
        found.Deserialize(item) is { Metadata: not null } read ? read : throw new JsonException("The object is null.");

    private static ApiException Error(Status? status) =>
        new((HttpStatusCode)(status?.Code ?? (int)HttpStatusCode.InternalServerError), status);
}
