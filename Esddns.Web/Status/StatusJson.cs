using System.Text.Json;
using System.Text.Json.Serialization;
using Esddns.Text;

namespace Esddns.Web.Status;

/// <summary>Reading without reflection, and without trust: what answers may be anybody.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(CleanText)]
)]
[JsonSerializable(typeof(StatusDocument))]
internal sealed partial class StatusJson : JsonSerializerContext
{
    /// <summary>The status in <paramref name="json"/>; null when it is anything else.</summary>
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

    /// <summary>Every text of the operator can be somebody else's: a server's error, a name in the cluster.</summary>
    internal sealed class CleanText : JsonConverter<string>
    {
        /// <inheritdoc/>
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
                ? ForeignText.Clean(reader.GetString())
                : throw new JsonException("Not a text.");

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);
    }
}
