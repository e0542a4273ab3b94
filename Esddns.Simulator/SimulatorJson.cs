using System.Collections.Immutable;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Esddns.Simulator.Faults;
using Esddns.Simulator.LiveDns;

namespace Esddns.Simulator;

/// <summary>The JSON of all services, generated because native code has no reflection.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    WriteIndented = true,
    Converters = [typeof(EffectConverter), typeof(AddressConverter)]
)]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(IReadOnlyList<Fault>))]
[JsonSerializable(typeof(IEnumerable<LoggedRequest>))]
[JsonSerializable(typeof(ImmutableArray<SimRRset>))]
internal sealed partial class SimulatorJson : JsonSerializerContext
{
    /// <summary>In one line, with the characters as they are, as LiveDNS writes it.</summary>
    public static SimulatorJson Compact =>
        field ??= new(
            new JsonSerializerOptions(Default.Options)
            {
                WriteIndented = false,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );

    /// <summary>Names of effects begin with a small letter.</summary>
    private sealed class EffectConverter()
        : JsonStringEnumConverter<FaultEffect>(JsonNamingPolicy.CamelCase, allowIntegerValues: true);

    private sealed class AddressConverter : JsonConverter<IPAddress>
    {
        /// <inheritdoc/>
        public override IPAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            System.Net.IPAddress.TryParse(reader.GetString(), out var address)
                ? address
                : throw new JsonException("not an address");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, IPAddress value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
