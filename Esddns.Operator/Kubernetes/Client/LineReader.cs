using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Esddns.Operator.Kubernetes.Client;

/// <summary>Reads the lines of a stream, with a limit on their length.</summary>
internal static class LineReader
{
    /// <summary>
    /// Larger than any object in bytes: the API server accepts requests of at most 3 MiB, and some add fields of their
    /// own.
    /// </summary>
    public const int MaxLength = 8 << 20;

    /// <summary>Reads the lines. Text after the last line break is incomplete, and is dropped.</summary>
    /// <exception cref="IOException">The stream ends early, or a line is too long.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        Stream stream,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var reader = PipeReader.Create(stream);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var buffer = read.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    var line = buffer.Slice(0, end);
                    if (!line.IsEmpty)
                        yield return line.IsSingleSegment ? line.First : line.ToArray();
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                if (read.IsCompleted)
                    yield break;
                if (buffer.Length > MaxLength)
                    throw new IOException($"a line of a watch is longer than {MaxLength >> 20} MiB");
                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }
}
