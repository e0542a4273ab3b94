using System.Text.Json;
using System.Text.Json.Serialization;

namespace Esddns.Operator.State;

/// <summary>The JSON of <c>/status</c>, of its stream and of the state file.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    Converters = [typeof(IPAddressConverter)])]
[JsonSerializable(typeof(Snapshot))]
internal sealed partial class SnapshotJson : JsonSerializerContext
{
    /// <summary>On one line, for streams.</summary>
    public static SnapshotJson OneLine => field ??= new(new JsonSerializerOptions(Default.Options) { WriteIndented = false });

    /// <summary>Without what is empty, for where space is short.</summary>
    public static SnapshotJson Compact => field ??= new(new JsonSerializerOptions(Default.Options)
    {
        WriteIndented = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>An address as its text.</summary>
    internal sealed class IPAddressConverter : JsonConverter<System.Net.IPAddress>
    {
        /// <inheritdoc/>
        public override System.Net.IPAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && System.Net.IPAddress.TryParse(reader.GetString(), out var address)
                ? address
                : throw new JsonException("Not an address.");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, System.Net.IPAddress value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
