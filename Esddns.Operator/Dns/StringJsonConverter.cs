using System.Text.Json;
using System.Text.Json.Serialization;

namespace Esddns.Operator.Dns;

/// <summary>Writes a value as a JSON string, and parses it with <see cref="IParsable{TSelf}.TryParse"/>.</summary>
internal sealed class StringJsonConverter<T> : JsonConverter<T>
    where T : IParsable<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && T.TryParse(reader.GetString(), null, out var value)
            ? value
            : throw new JsonException($"Not a {typeof(T).Name}.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
