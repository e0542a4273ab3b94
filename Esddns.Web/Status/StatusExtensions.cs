using System.Globalization;
using Esddns.Contracts;

namespace Esddns.Web.Status;

/// <summary>Facts that the page and <c>/raw</c> derive from a status.</summary>
internal static class StatusExtensions
{
    /// <summary>The state of a record without an address to publish.</summary>
    public const string Skipped = "Skipped";

    /// <summary>The state of a record that is not changed on purpose, and may not be correct.</summary>
    public const string LeftAlone = "LeftAlone";

    /// <summary>The state of a record in sync.</summary>
    public const string UpToDate = "UpToDate";

    private static readonly IdnMapping s_idn = new();

    extension(StatusDocument status)
    {
        /// <summary>The first record that is not in sync; null if there is none.</summary>
        public RecordStatus? FirstOutOfSync =>
            Array.Find(status.Records, r => !r.InSync && r.StateOrUnknown != Skipped);
    }

    extension(WanStatus wan)
    {
        /// <summary>Whether the last round agreed on the address.</summary>
        public bool IsUsable => wan is { Verdict: "Agreed", Address: not null };
    }

    extension(RecordStatus record)
    {
        /// <summary>A or AAAA.</summary>
        public string RecordType => record.Type ?? record.Key?.Type ?? "";

        /// <summary>The state of the record; derived from its flag when the operator sends no state.</summary>
        public string StateOrUnknown => record.State ?? (record.InSync ? UpToDate : "Unknown");

        /// <summary>
        /// Whether the name, with its final dot, contains a text in lower case: as A-labels or as Unicode (RFC 5890).
        /// </summary>
        public bool HasInName(string part) =>
            $"{record.Fqdn}.".Contains(part, StringComparison.Ordinal)
            || (
                record.Fqdn.Contains("xn--", StringComparison.Ordinal)
                && $"{ToUnicode(record.Fqdn)}.".Contains(part, StringComparison.Ordinal)
            );
    }

    private static string ToUnicode(string name)
    {
        try
        {
            return s_idn.GetUnicode(name);
        }
        catch (ArgumentException)
        {
            return name;
        }
    }
}
