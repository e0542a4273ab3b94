using System.Globalization;

namespace Esddns.Contracts;

/// <summary>The texts that the operator and the page have in common.</summary>
public static class StatusText
{
    /// <summary>A time in UTC, to the second.</summary>
    public static string Utc(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The foreign values of a record.</summary>
    /// <param name="count">The number of foreign values, at least 1.</param>
    /// <param name="values">The values, or the first of them.</param>
    public static string ForeignKept(int count, string values) =>
        count == 1 ? $"1 foreign value kept: {values}" : $"{count} foreign values kept: {values}";

    /// <summary>The last change of a record by another client.</summary>
    public static string ForeignChange(DateTimeOffset at) => "changed by another client at " + Utc(at);
}
