using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Esddns.Contracts;
using Esddns.Operator.State;

namespace Esddns.Operator.Api;

/// <summary>
/// The events of the status stream. All clients share the text of a snapshot: of thousands of records it is large.
/// </summary>
internal sealed class StatusEvents
{
    private const int MinBytes = 4096;

    private readonly Lock _gate = new();

    /// <summary>Weak, so that the text stays in memory only while it is sent.</summary>
    private readonly WeakReference<byte[]?> _text = new(null);
    private Snapshot? _snapshot;
    private int _length;

    /// <summary>A message without content.</summary>
    public static ReadOnlyMemory<byte> Comment { get; } = ":\n\n"u8.ToArray();

    /// <summary>The event with this snapshot.</summary>
    public ReadOnlyMemory<byte> Of(Snapshot snapshot)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_snapshot, snapshot) || !_text.TryGetTarget(out var text))
                _text.SetTarget(text = Write(snapshot));
            _snapshot = snapshot;
            return text.AsMemory(0, _length);
        }
    }

    private byte[] Write(Snapshot snapshot)
    {
        var buffer = new ArrayBufferWriter<byte>(Math.Max(_length + (_length / 8), MinBytes));
        buffer.Write("event: status\ndata: "u8);
        using (var json = new Utf8JsonWriter(buffer))
            JsonSerializer.Serialize(json, snapshot.ToStatus(), StatusJson.Default.StatusDocument);
        buffer.Write("\n\n"u8);
        _length = buffer.WrittenCount;
        return MemoryMarshal.TryGetArray(buffer.WrittenMemory, out var text) ? text.Array! : [];
    }
}
