using System.Text.Json;
using System.Text.Json.Serialization;
using Esddns.Text;

namespace Esddns.Contracts;

/// <summary>
/// The JSON of a status. The reader validates and cleans everything, because the server may not be the operator.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(CleanText)]
)]
[JsonSerializable(typeof(StatusDocument))]
public sealed partial class StatusJson : JsonSerializerContext
{
    /// <summary>With line breaks and all fields, for people and scripts. The default leaves out null.</summary>
    public static StatusJson Indented =>
        field ??= new(
            new JsonSerializerOptions(Default.Options)
            {
                WriteIndented = true,
                DefaultIgnoreCondition = JsonIgnoreCondition.Never,
            }
        );

    /// <summary>Reads a status; null if <paramref name="json"/> is not a valid status.</summary>
    public static StatusDocument? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Default.StatusDocument) is { HasNoNulls: true } status
                ? status
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Cleans every string that is read. The operator passes on text from outside, such as a server's error or a name
    /// in the cluster.
    /// </summary>
    internal sealed class CleanText : JsonConverter<string>
    {
        /// <inheritdoc/>
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
                ? UntrustedText.Clean(reader.GetString())
                : throw new JsonException("Expected a string.");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);
    }
}
