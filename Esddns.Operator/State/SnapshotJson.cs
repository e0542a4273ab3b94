using System.Text.Json;
using System.Text.Json.Serialization;

namespace Esddns.Operator.State;

/// <summary>The JSON of <c>/status</c>, of its stream and of the state file.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    RespectNullableAnnotations = true,
    Converters = [typeof(IPAddressConverter)]
)]
[JsonSerializable(typeof(Snapshot))]
[JsonSerializable(typeof(RecordState))]
internal sealed partial class SnapshotJson : JsonSerializerContext
{
    /// <summary>On one line, for streams.</summary>
    public static SnapshotJson OneLine =>
        field ??= new(new JsonSerializerOptions(Default.Options) { WriteIndented = false });

    /// <summary>Without what is empty, for where space is short.</summary>
    public static SnapshotJson Compact =>
        field ??= new(
            new JsonSerializerOptions(Default.Options)
            {
                WriteIndented = false,
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );

    /// <summary>
    /// Reads what was kept. Somebody may have edited it, so it is checked as a whole before anything relies on it.
    /// </summary>
    /// <returns>The snapshot; or null with what is wrong.</returns>
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

    private static string? Mistake(Snapshot snapshot) =>
        snapshot.Wan.Any(w => w is null || w.Votes.Contains(null!)) ? "half an address"
        : snapshot.Wan.Any(w => w.Participants.Any(p => p?.Provider is null)) ? "half a participant"
        : snapshot.History.Any(c => c is not { By: not null, Fqdn: not null, To: not null, Why: not null })
            ? "half a change"
        : snapshot.Nodes.Any(n => n is not { Address: not null, Names.IsDefault: false }) ? "half a node's view"
        : null;

    /// <summary>An address as its text.</summary>
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
