using System.Collections;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Esddns.Operator.Dns;

namespace Esddns.Operator.State;

/// <summary>The states of records by identity, each once, in the order of the desired records. Immutable.</summary>
[JsonConverter(typeof(Converter))]
internal sealed class RecordStates : IReadOnlyCollection<RecordState>
{
    /// <summary>The index of each record. Shared by all copies with the same records, and never changed.</summary>
    private readonly Dictionary<RecordId, int> _indexes;
    private readonly ImmutableList<RecordState> _states;

    private RecordStates(Dictionary<RecordId, int> indexes, ImmutableList<RecordState> states) =>
        (_indexes, _states) = (indexes, states);

    /// <summary>The empty collection.</summary>
    public static RecordStates Empty { get; } = new([], []);

    /// <inheritdoc/>
    public int Count => _states.Count;

    /// <summary>The state at an index.</summary>
    public RecordState this[int index] => _states[index];

    /// <summary>The state of a record; null when there is none.</summary>
    public RecordState? this[RecordId id] => _indexes.TryGetValue(id, out var index) ? _states[index] : null;

    /// <summary>The state of a record; a new one when there is none.</summary>
    public RecordState StateOf(RecordId id) => this[id] ?? new RecordState(id.Fqdn, id.Type);

    /// <summary>
    /// Creates a collection. Of two states with one identity the first is used, with the values of both counted as
    /// ours.
    /// </summary>
    public static RecordStates Of(IEnumerable<RecordState> records)
    {
        var indexes = new Dictionary<RecordId, int>();
        var states = new List<RecordState>();
        foreach (var record in records)
        {
            if (indexes.TryAdd(record.Id, states.Count))
            {
                states.Add(record);
                continue;
            }

            ref var first = ref CollectionsMarshal.AsSpan(states)[indexes[record.Id]];
            first = first with { Ours = first.Ours.With(record.OursEver) };
        }

        return new RecordStates(indexes, [.. states]);
    }

    /// <summary>A copy with one state changed; unchanged when the identity is unknown.</summary>
    public RecordStates With(RecordId id, Func<RecordState, RecordState> change) =>
        _indexes.TryGetValue(id, out var index)
            ? new RecordStates(_indexes, _states.SetItem(index, change(_states[index])))
            : this;

    /// <summary>A copy with each state changed; the same collection when no state changes.</summary>
    public RecordStates WithEach(Func<RecordState, RecordState> change)
    {
        RecordState[]? changed = null;
        var index = 0;
        foreach (var state in _states)
        {
            var next = change(state);
            if (!ReferenceEquals(next, state))
                (changed ??= [.. _states])[index] = next;
            index++;
        }

        return changed is null ? this : new RecordStates(_indexes, [.. changed]);
    }

    /// <summary>A copy with the states of records that it does not contain yet.</summary>
    public RecordStates WithMissing(IEnumerable<RecordState> records)
    {
        RecordState[] missing = [.. records.Where(r => !_indexes.ContainsKey(r.Id))];
        return missing.Length == 0 ? this : Of([.. this, .. missing]);
    }

    /// <inheritdoc/>
    public IEnumerator<RecordState> GetEnumerator() => ((IEnumerable<RecordState>)_states).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// Converts the collection to and from a JSON array. It also reads the format of earlier versions, which named a
    /// record by its key and used other names for times. One unreadable record makes the whole state unreadable,
    /// because losing the knowledge of our values must not go unnoticed.
    /// </summary>
    internal sealed class Converter : JsonConverter<RecordStates>
    {
        private const int MaxPendingBytes = 64 * 1024;

        private static readonly (string Before, string Now)[] s_renamed =
        [
            ("lastSuccess", "lastVerified"),
            ("lastUpdate", "lastWritten"),
        ];

        /// <inheritdoc/>
        public override RecordStates Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (JsonNode.Parse(ref reader) is not JsonArray array)
                throw new JsonException("Not an array of records.");
            try
            {
                return Of([.. array.Select(item => Read(item, options))]);
            }
            catch (ArgumentException e)
            {
                // A duplicate property is only found when it is accessed.
                throw new JsonException("Not a record.", e);
            }
        }

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, RecordStates value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var record in value)
            {
                JsonSerializer.Serialize(writer, record, TypeInfo(options));
                // A writer of a file keeps everything in memory until it is flushed.
                if (writer.BytesPending > MaxPendingBytes)
                    writer.Flush();
            }

            writer.WriteEndArray();
        }

        private static RecordState Read(JsonNode? node, JsonSerializerOptions options)
        {
            if (node is not JsonObject item)
                throw new JsonException("Not a record.");
            if (!item.ContainsKey("type") && item["key"] is JsonObject key && key["type"] is { } type)
                item["type"] = type.DeepClone();
            if (
                !item.ContainsKey("fqdn")
                && item["key"] is JsonObject place
                && place["zone"] is { } zone
                && place["name"] is { } name
            )
                item["fqdn"] = name.ToString() == OwnerName.Apex.ToString() ? zone.ToString() : $"{name}.{zone}";
            foreach (var (before, now) in s_renamed)
                if (item.ContainsKey(before) && !item.ContainsKey(now))
                    item[now] = item[before]?.DeepClone();
            return item.Deserialize(TypeInfo(options)) is { } record && IsComplete(record)
                ? record
                : throw new JsonException("Incomplete record.");
        }

        private static System.Text.Json.Serialization.Metadata.JsonTypeInfo<RecordState> TypeInfo(
            JsonSerializerOptions options
        ) =>
            (System.Text.Json.Serialization.Metadata.JsonTypeInfo<RecordState>)options.GetTypeInfo(typeof(RecordState));

        private static bool IsComplete(RecordState record) =>
            record
                is {
                    Fqdn: not null,
                    Key: null or { Zone: not null, Name: not null },
                    Preserved: null or { Reason: not null },
                    Sent: null or { Why: not null },
                    LastError: null or { Type: not null, Message: not null },
                    Propagation: null or { Expected: not null, Others.IsDefault: false },
                    LastDrift: null or { From: not null, To: not null },
                }
            && !record.Former.Contains(null!)
            && !record.Unparsed.Contains(null!);
    }
}
