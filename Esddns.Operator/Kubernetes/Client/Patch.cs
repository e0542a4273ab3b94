using System.Text.Json;
using System.Text.Json.Nodes;

namespace Esddns.Operator.Kubernetes.Client;

/// <summary>
/// A change of an object
/// (<see href="https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply"/>).
/// </summary>
/// <param name="MediaType">The kind of patch.</param>
/// <param name="Body">Writes what to change.</param>
internal sealed record Patch(string MediaType, Action<Utf8JsonWriter> Body)
{
    /// <summary>Who owns the fields that are written; null for the name of the program.</summary>
    public string? FieldManager { get; init; }

    /// <summary>How large the body will be, at a guess, in bytes.</summary>
    public int Size { get; init; } = 1024;

    /// <summary>Whether fields of other owners are taken over.</summary>
    public bool IsForced { get; init; }

    /// <summary>These fields, and no others (RFC 7396); null removes one.</summary>
    public static Patch Merge(JsonObject fields) => Merge(w => fields.WriteTo(w));

    /// <inheritdoc cref="Merge(JsonObject)"/>
    public static Patch Merge(Action<Utf8JsonWriter> fields) => new("application/merge-patch+json", fields);

    /// <summary>These steps, all or none (RFC 6902).</summary>
    public static Patch Json(params JsonNode[] steps)
    {
        var body = new JsonArray(steps);
        return new("application/json-patch+json", w => body.WriteTo(w));
    }

    /// <summary>
    /// All fields that the field manager owns
    /// (<see href="https://kubernetes.io/docs/reference/using-api/server-side-apply/"/>).
    /// JSON is YAML.
    /// </summary>
    public static Patch Apply(JsonObject fields, string manager) =>
        new("application/apply-patch+yaml", w => fields.WriteTo(w)) { FieldManager = manager, IsForced = true };
}
