using System.Globalization;

namespace Esddns.Web.Api;

/// <summary>The parameter <c>limit</c>: the maximum number of entries of one answer.</summary>
internal static class ListLimit
{
    /// <summary>The limit without the parameter.</summary>
    public const int Default = 200;

    /// <summary>The greatest limit.</summary>
    public const int Max = 1000;

    /// <summary>Reads the parameter.</summary>
    /// <returns>The limit; null and the mistake in one line when it is not valid.</returns>
    public static int? Read(IQueryCollection query, out string? mistake)
    {
        mistake = null;
        if (query["limit"].ToString() is not { Length: > 0 } text)
            return Default;
        if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is > 0 and <= Max
        )
            return limit;
        mistake = $"limit: expected a whole number from 1 to {Max}";
        return null;
    }
}
