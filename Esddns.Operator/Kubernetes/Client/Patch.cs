using System.Text.Json;
using System.Text.Json.Nodes;

namespace Esddns.Operator.Kubernetes.Client;

/// <summary>
/// A change of an object
/// (<see href="https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply"/>).
/// </summary>
/// <param name="MediaType">The kind of patch.</param>
/// <param name="Body">Writes the changes.</param>
internal sealed record Patch(string MediaType, Action<Utf8JsonWriter> Body)
{
    /// <summary>The manager of the written fields; null for the name of the program.</summary>
    public string? FieldManager { get; init; }

    /// <summary>The expected size of the body in bytes.</summary>
    public int Size { get; init; } = 1024;

    /// <summary>Whether fields of other managers are taken over.</summary>
    public bool IsForced { get; init; }

    /// <summary>Changes these fields and no others (RFC 7396); null removes a field.</summary>
    public static Patch Merge(JsonObject fields) => Merge(w => fields.WriteTo(w));

    /// <inheritdoc cref="Merge(JsonObject)"/>
    public static Patch Merge(Action<Utf8JsonWriter> fields) => new("application/merge-patch+json", fields);

    /// <summary>Makes all of these steps or none (RFC 6902).</summary>
    public static Patch Json(params JsonNode[] steps)
    {
        var body = new JsonArray(steps);
        return new("application/json-patch+json", w => body.WriteTo(w));
    }

    /// <summary>
    /// Sets all fields of the field manager
    /// (<see href="https://kubernetes.io/docs/reference/using-api/server-side-apply/"/>). JSON is valid YAML.
    /// </summary>
    public static Patch Apply(JsonObject fields, string manager) =>
        new("application/apply-patch+yaml", w => fields.WriteTo(w)) { FieldManager = manager, IsForced = true };
}
