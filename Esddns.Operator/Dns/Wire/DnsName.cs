using System.Globalization;
using System.Text;

namespace Esddns.Operator.Dns.Wire;

/// <summary>Domain names in wire format (RFC 1035 section 3.1): length and bytes of each label, then a zero.</summary>
internal static class DnsName
{
    private const int MaxLength = 255;
    private const int MaxLabel = 63;
    private const int MaxJumps = 127;
    private const int Pointer = 0xC0;

    /// <summary>
    /// Reads a name at <paramref name="at"/>, and moves <paramref name="at"/> behind it. The text has the form of a
    /// zone file (section 5.1): labels joined by dots; a dot or another special byte within a label as <c>\046</c>. So
    /// two different names never have the same text.
    /// </summary>
    /// <remarks>
    /// A compression pointer (section 4.1.4) must point before the run of labels that it ends. It is not enough that it
    /// points before itself: the labels there could lead to the same pointer again. Runs go strictly backwards, so no
    /// run occurs twice. Their number is limited too, because a message could contain thousands of pointers to
    /// pointers.
    /// </remarks>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int at, out string name)
    {
        name = "";
        var text = new StringBuilder();
        var (position, run, behind, total, jumps) = (at, at, -1, 0, 0);
        while (true)
        {
            if (position >= message.Length)
                return false;
            int length = message[position];
            if (length >= Pointer)
            {
                if (position + 1 >= message.Length || ++jumps > MaxJumps)
                    return false;
                var target = ((length & 0x3F) << 8) | message[position + 1];
                if (target >= run)
                    return false;
                if (behind < 0)
                    behind = position + 2;
                (position, run) = (target, target);
                continue;
            }

            if (length > MaxLabel || position + 1 + length > message.Length)
                return false;
            total += length + 1;
            if (total > MaxLength)
                return false;
            position++;
            if (length == 0)
                break;
            if (text.Length > 0)
                text.Append('.');
            foreach (var c in message.Slice(position, length))
                AppendByte(text, c);
            position += length;
        }

        at = behind < 0 ? position : behind;
        name = text.ToString();
        return true;
    }

    /// <summary>Writes a name in wire format, uncompressed.</summary>
    public static byte[] Write(string name)
    {
        var bytes = new List<byte>(name.Length + 2);
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.Latin1.GetBytes(label));
        }

        bytes.Add(0);
        return [.. bytes];
    }

    private static void AppendByte(StringBuilder text, byte value)
    {
        if (value is > (byte)' ' and < 127 and not ((byte)'.' or (byte)'\\'))
            text.Append((char)value);
        else
            text.Append(CultureInfo.InvariantCulture, $"\\{value:D3}");
    }
}
