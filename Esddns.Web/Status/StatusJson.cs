using System.Text.Json;
using System.Text.Json.Serialization;
using Esddns.Text;

namespace Esddns.Web.Status;

/// <summary>
/// The generated reader, which needs no reflection. It validates and cleans everything, because the server may not be
/// the operator.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(CleanText)]
)]
[JsonSerializable(typeof(StatusDocument))]
internal sealed partial class StatusJson : JsonSerializerContext
{
    /// <summary>Reads a status; null if <paramref name="json"/> is not a valid status.</summary>
    public static StatusDocument? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Default.StatusDocument) is { IsWhole: true } status ? status : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Cleans every string. The operator passes on text from outside, such as a server's error or a name in the
    /// cluster.
    /// </summary>
    internal sealed class CleanText : JsonConverter<string>
    {
        /// <inheritdoc/>
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
                ? ForeignText.Clean(reader.GetString())
                : throw new JsonException("Expected a string.");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);
    }
}
