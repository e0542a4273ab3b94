using System.Globalization;
using System.Text;
using Esddns.Contracts;
using Esddns.Web.Status;

namespace Esddns.Web.Api;

/// <summary>Compares names of records with names that people write: in any case, and international ones.</summary>
internal static class RecordNames
{
    private const string AsciiPrefix = "xn--";
    private static readonly IdnMapping s_mapping = new();

    extension(RecordStatus record)
    {
        /// <summary>Whether the name contains a text, in its ASCII or in its international form.</summary>
        public bool HasInName(string text) =>
            record.Fqdn.Contains(text, StringComparison.OrdinalIgnoreCase)
            || (
                record.Fqdn.Contains(AsciiPrefix, StringComparison.OrdinalIgnoreCase)
                && ToUnicode(record.Fqdn).Contains(text, StringComparison.OrdinalIgnoreCase)
            );
    }

    /// <summary>Finds a record by its name, with or without a final dot, and type.</summary>
    public static RecordStatus? Find(RecordStatus[] records, string fqdn, string type)
    {
        var name = ToAscii(fqdn.TrimEnd('.'));
        return Array.Find(
            records,
            r =>
                type.Equals(r.RecordType, StringComparison.OrdinalIgnoreCase)
                && name.Equals(r.Fqdn.TrimEnd('.'), StringComparison.OrdinalIgnoreCase)
        );
    }

    /// <summary>The ASCII form of a name (RFC 5890); the name itself if it has none.</summary>
    private static string ToAscii(string name)
    {
        if (Ascii.IsValid(name))
            return name;
        try
        {
            return s_mapping.GetAscii(name.ToLowerInvariant());
        }
        catch (ArgumentException)
        {
            return name;
        }
    }

    private static string ToUnicode(string name)
    {
        try
        {
            return s_mapping.GetUnicode(name);
        }
        catch (ArgumentException)
        {
            return name;
        }
    }
}
