using System.Collections;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Esddns.Operator.Dns;

/// <summary>
/// An immutable set of addresses. The values of an RRset have no order; the set keeps them sorted, so that equal sets
/// have equal text.
/// </summary>
[JsonConverter(typeof(Converter))]
internal sealed class AddressSet : IReadOnlyCollection<IPAddress>, IEquatable<AddressSet>
{
    private static readonly Comparer<byte[]> s_byBytes = Comparer<byte[]>.Create(
        (x, y) => x.AsSpan().SequenceCompareTo(y)
    );

    /// <summary>The maximum number of addresses in a message.</summary>
    private const int MaxShown = 10;

    private readonly IPAddress[] _addresses;

    /// <summary>Creates a set of <paramref name="addresses"/>.</summary>
    public AddressSet(IEnumerable<IPAddress> addresses) =>
        _addresses = [.. addresses.Distinct().OrderBy(a => a.GetAddressBytes(), s_byBytes)];

    /// <summary>The empty set.</summary>
    public static AddressSet Empty { get; } = new([]);

    /// <summary>Creates a set of the given addresses.</summary>
    public static AddressSet Of(params IPAddress[] addresses) => new(addresses);

    /// <inheritdoc/>
    public int Count => _addresses.Length;

    /// <summary>Whether <paramref name="address"/> is in the set.</summary>
    public bool Contains(IPAddress address) => _addresses.Contains(address);

    /// <summary>Whether all of <paramref name="others"/> are in the set.</summary>
    public bool ContainsAll(AddressSet others) => others.All(Contains);

    /// <summary>The union of both sets.</summary>
    public AddressSet With(AddressSet others) => new(_addresses.Concat(others));

    /// <summary>The addresses that are not in <paramref name="others"/>.</summary>
    public AddressSet Without(AddressSet others) => new(_addresses.Where(a => !others.Contains(a)));

    /// <inheritdoc/>
    public bool Equals(AddressSet? other) => other is not null && _addresses.SequenceEqual(other._addresses);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AddressSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _addresses.Aggregate(0, (hash, a) => HashCode.Combine(hash, a));

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Count == 0)
            return "none";
        var shown = string.Join(", ", _addresses.Take(MaxShown));
        return Count > MaxShown ? $"{shown} and {Count - MaxShown} more" : shown;
    }

    /// <inheritdoc/>
    public IEnumerator<IPAddress> GetEnumerator() => ((IEnumerable<IPAddress>)_addresses).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Converts the set to and from a JSON array of strings.</summary>
    internal sealed class Converter : JsonConverter<AddressSet>
    {
        /// <inheritdoc/>
        public override AddressSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
                throw new JsonException("Not an array of addresses.");
            var addresses = new List<IPAddress>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                if (!AddressText.TryParse(text, out var address))
                    throw new JsonException("Not an address.");
                addresses.Add(address);
            }

            return new AddressSet(addresses);
        }

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, AddressSet value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var address in value)
                writer.WriteStringValue(address.ToString());
            writer.WriteEndArray();
        }
    }
}
