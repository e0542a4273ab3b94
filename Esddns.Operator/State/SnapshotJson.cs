using System.Text.Json;
using System.Text.Json.Serialization;

namespace Esddns.Operator.State;

/// <summary>The JSON of the stored state: the state file and the object in the cluster.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    UseStringEnumConverter = true,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    Converters = [typeof(IPAddressConverter)]
)]
[JsonSerializable(typeof(Snapshot))]
[JsonSerializable(typeof(RecordState))]
internal sealed partial class SnapshotJson : JsonSerializerContext
{
    /// <summary>Without line breaks, where space is limited.</summary>
    public static SnapshotJson Compact =>
        field ??= new(
            new JsonSerializerOptions(Default.Options)
            {
                WriteIndented = false,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );

    /// <summary>Parses a stored snapshot, and validates it as a whole, because it may have been edited.</summary>
    /// <returns>The snapshot; or null and the problem.</returns>
    public static Snapshot? Read(ReadOnlySpan<byte> json, out string? mistake)
    {
        try
        {
            var snapshot = JsonSerializer.Deserialize(json, Default.Snapshot);
            mistake = snapshot is null ? "it is null" : Mistake(snapshot);
            return mistake is null ? snapshot : null;
        }
        catch (JsonException e)
        {
            mistake = e.Message;
            return null;
        }
    }

    private static string? Mistake(Snapshot snapshot)
    {
        if (snapshot.Wan.Any(w => w is null || w.Votes.Contains(null!)))
            return "incomplete address";
        if (snapshot.Wan.Any(w => w.Participants.Any(p => p?.Provider is null)))
            return "incomplete participant";
        if (snapshot.History.Any(c => c is not { By: not null, Fqdn: not null, To: not null, Why: not null }))
            return "incomplete change";
        if (snapshot.Nodes.Any(n => n is not { Address: not null, Names.IsDefault: false }))
            return "incomplete node view";
        return null;
    }

    /// <summary>Converts an address to and from its text.</summary>
    internal sealed class IPAddressConverter : JsonConverter<System.Net.IPAddress>
    {
        /// <inheritdoc/>
        public override System.Net.IPAddress Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) =>
            reader.TokenType == JsonTokenType.String
            && System.Net.IPAddress.TryParse(reader.GetString(), out var address)
                ? address
                : throw new JsonException("Not an address.");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, System.Net.IPAddress value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
