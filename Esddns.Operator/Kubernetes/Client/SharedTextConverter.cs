using System.Text.Json;
using System.Text.Json.Serialization;

namespace Esddns.Operator.Kubernetes.Client;

/// <summary>
/// Reads texts that are the same in many objects, such as the reasons of conditions, as one string in memory. It
/// remembers one text for each of some hundred hash codes.
/// </summary>
internal sealed class SharedTextConverter : JsonConverter<string>
{
    private const int Size = 512;
    private const int MaxLength = 256;
    private static readonly string?[] s_texts = new string?[Size];

    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length > MaxLength)
            return reader.GetString();
        Span<char> chars = stackalloc char[MaxLength];
        ReadOnlySpan<char> text = chars[..reader.CopyString(chars)];
        ref var known = ref s_texts[(uint)string.GetHashCode(text) % Size];
        var last = known;
        return last is not null && text.SequenceEqual(last) ? last : known = text.ToString();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}
