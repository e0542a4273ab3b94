using System.Buffers;
using System.Text;

namespace Esddns.Web.Status;

/// <summary>
/// Reads server-sent events (HTML, section 9.2.6), one at a time and none above a limit:
/// <code>
/// event: status
/// data: {"round":1}
///
/// : a comment
/// </code>
/// </summary>
/// <param name="stream">The body of the response. Lines end with LF or CRLF.</param>
/// <param name="maxBytes">The maximum size of one event, in bytes.</param>
internal sealed class EventReader(Stream stream, int maxBytes)
{
    private readonly byte[] _chunk = new byte[32 * 1024];
    private ReadOnlyMemory<byte> _rest;

    /// <summary>Reads the next event or comment.</summary>
    /// <returns>The data of an event <c>status</c>; empty for a comment or another event; null at the end of the
    /// stream.</returns>
    /// <exception cref="InvalidDataException">The event is larger than the limit.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        var (data, isEvent, isStatus) = (new ArrayBufferWriter<byte>(), false, true);
        while (await LineAsync(maxBytes - data.WrittenCount, cancellationToken) is { } line)
        {
            var isComment = line.Span.StartsWith(":"u8);
            var isComplete = line.IsEmpty ? isEvent : isComment && !isEvent;
            if (isComplete)
                return isStatus ? data.WrittenMemory : ReadOnlyMemory<byte>.Empty;
            if (line.IsEmpty || isComment)
                continue;
            isEvent = true;
            if (HasField(line, "event", out var name))
                isStatus = name.Span.SequenceEqual("status"u8);
            if (!HasField(line, "data", out var text))
                continue;
            if (data.WrittenCount > 0)
                data.Write("\n"u8);
            data.Write(text.Span);
        }

        return null;
    }

    /// <summary>Reads one line without its line end; null if the stream ends first.</summary>
    private async ValueTask<ReadOnlyMemory<byte>?> LineAsync(int limit, CancellationToken cancellationToken)
    {
        var line = new ArrayBufferWriter<byte>();
        while (true)
        {
            if (_rest.IsEmpty)
            {
                var read = await stream.ReadAsync(_chunk, cancellationToken);
                if (read == 0)
                    return null;
                _rest = _chunk.AsMemory(0, read);
            }

            var end = _rest.Span.IndexOf((byte)'\n');
            var part = end < 0 ? _rest : _rest[..end];
            if (line.WrittenCount + part.Length > limit)
                throw new InvalidDataException($"An event is larger than {maxBytes} bytes.");
            line.Write(part.Span);
            _rest = _rest[(end < 0 ? part.Length : end + 1)..];
            if (end >= 0)
                return line.WrittenMemory.TrimEnd((byte)'\r');
        }
    }

    private static bool HasField(ReadOnlyMemory<byte> line, string name, out ReadOnlyMemory<byte> value)
    {
        value = default;
        var colon = line.Span.IndexOf((byte)':');
        if (colon != name.Length || !Ascii.Equals(line.Span[..colon], name))
            return false;
        value = line[(colon + 1)..];
        if (value.Span.StartsWith(" "u8))
            value = value[1..];
        return true;
    }
}
