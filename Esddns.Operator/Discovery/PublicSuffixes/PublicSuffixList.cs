using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Esddns.Operator.Discovery.PublicSuffixes;

/// <summary>
/// Determines the registrable domain of a name with the Public Suffix List
/// (<see href="https://publicsuffix.org/list/"/>). The assembly contains its rules, compressed and
/// without the comments.
/// </summary>
internal static class PublicSuffixList
{
    private const string File = "public_suffix_list.dat.gz";
    private static readonly IdnMapping s_idn = new();
    private static readonly Lazy<byte[]> s_list = new(Read);

    /// <summary>
    /// The public suffix of the name plus one label: <c>example.co.uk</c> for <c>a.b.example.co.uk</c>. Null when the
    /// name is itself a public suffix, or is not a name. Case and a final dot are ignored; labels keep their form
    /// (ASCII or Unicode).
    /// </summary>
    public static string? RegistrableDomain(string name)
    {
        var labels = Lower(name).Split('.');
        var unicode = ToUnicode(Lower(name)).Split('.');
        if (labels.Contains("") || labels.Length != unicode.Length)
            return null;
        // Starts with the longest candidate, because the longest matching rule prevails.
        for (var i = 0; i < labels.Length; i++)
        {
            var candidate = string.Join('.', unicode[i..]);
            if (HasRule("!" + candidate))
                return From(i);
            var wildcard = "*." + string.Join('.', unicode[(i + 1)..]);
            if (HasRule(candidate) || HasRule(wildcard) || i == labels.Length - 1)
                return From(i - 1);
        }

        return null;

        string? From(int first) => first < 0 ? null : string.Join('.', labels[first..]);
    }

    private static string Lower(string name) => (name.EndsWith('.') ? name[..^1] : name).ToLowerInvariant();

    /// <summary>Converts a name to Unicode, because the list is written in Unicode.</summary>
    private static string ToUnicode(string name)
    {
        try
        {
            return s_idn.GetUnicode(name);
        }
        catch (ArgumentException)
        {
            // The name is not a valid IDN; compare it as it is.
            return name;
        }
    }

    /// <summary>
    /// Whether the list has this rule. Each rule is one line, and a configuration has few names, so no index is needed.
    /// </summary>
    private static bool HasRule(string rule) =>
        s_list.Value.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\n{rule}\n")) >= 0;

    private static byte[] Read()
    {
        using var resource = typeof(PublicSuffixList).Assembly.GetManifestResourceStream(File)!;
        using var rules = new GZipStream(resource, CompressionMode.Decompress);
        using var list = new MemoryStream();
        rules.CopyTo(list);
        return list.ToArray();
    }
}
