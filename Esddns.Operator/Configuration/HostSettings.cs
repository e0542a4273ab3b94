using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Esddns.Operator.Configuration;

/// <summary>
/// The framework's own settings: where the API listens and what is logged. The framework ignores half of the mistakes in them, and
/// ends with a stack trace for the rest.
/// </summary>
internal static class HostSettings
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Address = "an address to listen at, like http://127.0.0.1:8080";
    private static readonly string[] s_sections = ["Endpoints", "EndpointDefaults", "Certificates"];

    /// <summary>Reports every mistake in them.</summary>
    public static void Check(SettingsReader reader)
    {
        foreach (var url in Items(reader, "urls")) CheckUrl(reader, "urls", url);
        foreach (var endpoint in reader.Keys("Kestrel:Endpoints"))
        {
            if (reader.Text($"{endpoint}:Url") is { } url) CheckUrl(reader, $"{endpoint}:Url", url);
            else reader.Error($"{endpoint}:Url", $"missing; name {Address}.");
        }

        CheckKestrel(reader);
        if (reader.Text(OtlpEndpoint) is { } otlp) reader.Address(OtlpEndpoint, otlp, "an address like http://127.0.0.1:4317", "http", "https");
        foreach (var key in (string[])["http_ports", "https_ports"])
            foreach (var port in Items(reader, key)) CheckPort(reader, key, port);
        foreach (var (key, level) in reader.Below("Logging"))
            if (key.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase)) CheckLevel(reader, key, level);
    }

    private static string[] Items(SettingsReader reader, string key) =>
        (reader.Text(key) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static void CheckUrl(SettingsReader reader, string key, string url)
    {
        if (SettingsReader.HasUserInfo(url)) reader.Error(key, SettingsReader.NoUserInfo);
        else if (!IsAddress(url)) reader.Error(key, $"'{url}' is not {Address}.");
    }

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            var isPort = address.IsUnixPipe || address.Port is >= 0 and <= IPEndPoint.MaxPort;
            return address.Scheme is "http" or "https" && address.PathBase.Length == 0 && isPort;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The web server ignores what it does not know in its section.</summary>
    private static void CheckKestrel(SettingsReader reader)
    {
        foreach (var key in reader.Below("Kestrel").Select(s => s.Key))
        {
            if (key.EndsWith(":Protocols", StringComparison.OrdinalIgnoreCase)) reader.Choice(key, HttpProtocols.None);
            else if (!s_sections.Contains(key.Split(':')[1], StringComparer.OrdinalIgnoreCase))
                reader.Error(key, $"the web server does not read this; its sections are {string.Join(", ", s_sections)}.");
        }
    }

    private static void CheckPort(SettingsReader reader, string key, string port)
    {
        if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            reader.Error(key, $"'{port}' is not a port, a number from 0 to {ushort.MaxValue}.");
    }

    private static void CheckLevel(SettingsReader reader, string key, string level)
    {
        var levels = Enum.GetNames<LogLevel>();
        if (!levels.Contains(level, StringComparer.OrdinalIgnoreCase))
            reader.Error(key, $"'{level}' is not one of {string.Join(", ", levels)}.");
    }
}
