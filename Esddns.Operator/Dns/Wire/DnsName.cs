using System.Text;

namespace Esddns.Operator.Dns.Wire;

/// <summary>Names on the wire (RFC 1035 section 3.1): length and bytes of each label, then a zero.</summary>
internal static class DnsName
{
    private const int MaxLength = 255;
    private const int MaxLabel = 63;
    private const int Pointer = 0xC0;

    /// <summary>Reads a name at <paramref name="at"/>, and moves it behind. Compression pointers (section 4.1.4) must point backwards, which rules out loops.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int at, out string name)
    {
        name = "";
        var text = new StringBuilder();
        var (position, behind, total) = (at, -1, 0);
        while (true)
        {
            if (position >= message.Length) return false;
            int length = message[position];
            if (length >= Pointer)
            {
                if (position + 1 >= message.Length) return false;
                var target = ((length & 0x3F) << 8) | message[position + 1];
                if (target >= position) return false;
                if (behind < 0) behind = position + 2;
                position = target;
                continue;
            }

            if (length > MaxLabel || position + 1 + length > message.Length) return false;
            total += length + 1;
            if (total > MaxLength) return false;
            position++;
            if (length == 0) break;
            if (text.Length > 0) text.Append('.');
            text.Append(Encoding.Latin1.GetString(message.Slice(position, length)));
            position += length;
        }

        at = behind < 0 ? position : behind;
        name = text.ToString();
        return true;
    }

    /// <summary>The wire form, uncompressed.</summary>
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
}
