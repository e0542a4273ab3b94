using System.Globalization;
using Esddns.Configuration;
using Esddns.Operator.Configuration;

namespace Esddns.Operator.Dns.Providers.Gandi;

/// <summary>Reads the section <c>Esddns:LiveDns</c>.</summary>
internal static class LiveDnsSettings
{
    /// <summary>Reads the section.</summary>
    /// <param name="reader">Reads the settings and collects the errors.</param>
    /// <param name="isUsed">Whether LiveDNS is used. Otherwise no token is needed, and no file is read.</param>
    /// <param name="isInCluster">Whether the cluster can supply the token.</param>
    public static LiveDnsOptions Read(SettingsReader reader, bool isUsed, bool isInCluster)
    {
        const string section = "Esddns:LiveDns";
        var o = new LiveDnsOptions();
        var (at, token) = ReadToken("Token");
        var isInFile = token is not null && at == section + ":TokenFile";
        var (secondAt, second) = ReadToken("SecondToken");
        var isSecondInFile = second is not null && secondAt == section + ":SecondTokenFile";
        o = o with
        {
            AllowHttp = reader.Switch(section + ":AllowHttp", o.AllowHttp),
            BaseUrl = ReadBaseUrl(reader, section, o.BaseUrl),
            Token = isInFile ? null : token,
            TokenFile = isInFile ? reader.Text(section + ":TokenFile") : null,
            SecondToken = isSecondInFile ? null : second,
            SecondTokenFile = isSecondInFile ? reader.Text(section + ":SecondTokenFile") : null,
            TokenExpires = reader.Value<DateTimeOffset?>(
                section + ":TokenExpires",
                null,
                text => (TryReadEnd(text, out var end), end),
                "a date like 2027-01-31 (the whole day in UTC), or a time like 2027-01-31T12:00:00Z"
            ),
            Scheme = reader.Choice(section + ":Scheme", o.Scheme),
            Timeout = reader.Duration(
                section + ":Timeout",
                o.Timeout,
                TimeSpan.FromSeconds(1),
                TimeSpan.FromMinutes(5)
            ),
            RequestsPerMinute = reader.Number(
                section + ":RequestsPerMinute",
                o.RequestsPerMinute,
                1,
                LiveDnsOptions.MaxRequestsPerMinute
            ),
            MaxConcurrentRequests = reader.Number(section + ":MaxConcurrentRequests", o.MaxConcurrentRequests, 1, 64),
        };
        if (isUsed && !isInCluster && token is null && !reader.IsWrong(section + ":TokenFile"))
            reader.Error(
                section + ":Token",
                "no token is configured; set API_KEY, or set Esddns:LiveDns:TokenFile to a file that contains it."
            );
        return o;

        (string Key, string? Token) ReadToken(string name)
        {
            var (key, text) = SecretSettings.Read(reader, $"{section}:{name}", $"{section}:{name}File", isUsed);
            SecretSettings.CheckToken(reader, key, text);
            return (key, text);
        }
    }

    /// <summary>
    /// Reads the base URL. HTTP needs an explicit setting, because the token can be read on the network.
    /// </summary>
    private static Uri ReadBaseUrl(SettingsReader reader, string section, Uri defaultValue)
    {
        var (key, allow) = (section + ":BaseUrl", section + ":AllowHttp");
        var mayBeHttp = reader.Switch(allow, false);
        if (reader.Text(key) is not { } text)
            return defaultValue;
        var url = reader.Address(key, text, "an address like https://api.gandi.net/v5/livedns", "https", "http");
        if (url is null)
            return defaultValue;
        // The message does not repeat the value, because a query may contain a secret.
        if (url.Query.Length + url.Fragment.Length > 0)
            reader.Error(key, "contains a query or a fragment; remove it.");
        if (url.Scheme == "http" && !url.IsLoopback && !mayBeHttp)
            reader.Error(key, $"'{text}' would send the token unencrypted; use https://, or set {allow} to true.");
        return url;
    }

    /// <summary>
    /// Parses an ISO 8601 date, which means its last second in UTC, or an ISO 8601 time; without an offset it is UTC.
    /// </summary>
    private static bool TryReadEnd(string text, out DateTimeOffset end)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal;
        string[] times = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        if (DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, utc, out end))
        {
            end = end.AddSeconds(86_399);
            return true;
        }

        return DateTimeOffset.TryParseExact(text, times, CultureInfo.InvariantCulture, utc, out end);
    }
}
