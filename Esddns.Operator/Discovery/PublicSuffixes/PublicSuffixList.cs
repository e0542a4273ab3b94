using System.Globalization;
using System.Text;

namespace Esddns.Operator.Discovery.PublicSuffixes;

/// <summary>
/// Which part of a name somebody has registered, by the Public Suffix List (<see
/// href="https://publicsuffix.org/list/"/>), which this assembly carries unchanged.
/// </summary>
internal static class PublicSuffixList
{
    private const string File = "public_suffix_list.dat";
    private static readonly IdnMapping s_idn = new();
    private static readonly Lazy<byte[]> s_list = new(Read);

    /// <summary>
    /// The public suffix of the name and one label more: <c>example.co.uk</c> for <c>a.b.example.co.uk</c>. Null when
    /// the name is a public suffix itself, or no name. Case and the final dot are ignored; labels stay in the form in
    /// which they come.
    /// </summary>
    public static string? RegistrableDomain(string name)
    {
        var labels = Lower(name).Split('.');
        var unicode = ToUnicode(Lower(name)).Split('.');
        if (labels.Contains("") || labels.Length != unicode.Length)
            return null;
        // From the longest candidate on: of several rules that match, the longest prevails.
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

    /// <summary>The list is written in Unicode.</summary>
    private static string ToUnicode(string name)
    {
        try
        {
            return s_idn.GetUnicode(name);
        }
        catch (ArgumentException)
        {
            // Not IDN, whatever it is.
            return name;
        }
    }

    /// <summary>
    /// A rule is a line of its own, so that no index has to be built for the few names of a configuration.
    /// </summary>
    private static bool HasRule(string rule) =>
        s_list.Value.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\n{rule}\n")) >= 0;

    private static byte[] Read()
    {
        using var resource = typeof(PublicSuffixList).Assembly.GetManifestResourceStream(File)!;
        var list = new byte[resource.Length];
        resource.ReadExactly(list);
        return list;
    }
}
