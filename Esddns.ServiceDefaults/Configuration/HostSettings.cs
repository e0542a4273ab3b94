using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Esddns.Configuration;

/// <summary>
/// Validates the settings of the framework: the addresses to listen at and the log levels. The framework ignores some
/// mistakes in them, and ends with a stack trace for the others.
/// </summary>
internal static class HostSettings
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Address = "an address to listen at, like http://127.0.0.1:8080 or, for all, http://*:8080";
    private static readonly string[] s_sections = ["Endpoints", "EndpointDefaults", "Certificates"];

    /// <summary>Reports every mistake in these settings.</summary>
    public static void Check(SettingsReader reader)
    {
        foreach (var url in Items(reader, "urls"))
            CheckUrl(reader, "urls", url);
        foreach (var endpoint in reader.Keys("Kestrel:Endpoints"))
        {
            if (reader.Text($"{endpoint}:Url") is { } url)
                CheckUrl(reader, $"{endpoint}:Url", url);
            else
                reader.Error($"{endpoint}:Url", $"missing; set it to {Address}.");
        }

        CheckKestrel(reader);
        if (reader.Text(OtlpEndpoint) is { } otlp)
            reader.Address(OtlpEndpoint, otlp, "an address like http://127.0.0.1:4317", "http", "https");
        foreach (var key in (string[])["http_ports", "https_ports"])
        foreach (var port in Items(reader, key))
            CheckPort(reader, key, port);
        foreach (var (key, level) in reader.Below("Logging"))
            if ($"{key}:".Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase))
                CheckLevel(reader, key, level);
    }

    /// <summary>
    /// The items of a semicolon-separated text. An empty item is kept, so that the check of the items reports it.
    /// </summary>
    private static string[] Items(SettingsReader reader, string key) =>
        reader.Text(key)?.TrimEnd(';').Split(';', StringSplitOptions.TrimEntries) ?? [];

    private static void CheckUrl(SettingsReader reader, string key, string url)
    {
        if (SettingsReader.HasUserInfo(url))
            reader.Error(key, SettingsReader.NoUserInfo);
        else if (!IsAddress(url))
            reader.Error(key, $"'{url}' is not {Address}.");
    }

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https"
                && address.PathBase.Length == 0
                && (address.IsUnixPipe || IsListenAddress(address));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether the host is a form that the web server supports. For any other host, it listens at all addresses. So a
    /// typing mistake in 127.0.0.1 would expose the service.
    /// </summary>
    private static bool IsListenAddress(BindingAddress address) =>
        address.Port is >= 0 and <= IPEndPoint.MaxPort
        && (address.Host.ToLowerInvariant() is "*" or "+" or "localhost" || IPAddress.TryParse(address.Host, out _));

    /// <summary>Checks the section <c>Kestrel</c>, because the web server ignores unknown keys in it.</summary>
    private static void CheckKestrel(SettingsReader reader)
    {
        var expected = string.Join(", ", s_sections);
        foreach (var key in reader.Below("Kestrel").Select(s => s.Key))
        {
            var isRead =
                key.Split(':') is [_, var section, _, ..]
                && s_sections.Contains(section, StringComparer.OrdinalIgnoreCase);
            if (key.EndsWith(":Protocols", StringComparison.OrdinalIgnoreCase))
                reader.Choice(key, HttpProtocols.None);
            else if (!isRead)
                reader.Error(key, $"the web server reads only {expected}; remove this setting.");
        }
    }

    private static void CheckPort(SettingsReader reader, string key, string port)
    {
        if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            reader.Error(key, $"'{port}' is not a port, a number from 0 to {ushort.MaxValue}.");
    }

    private static void CheckLevel(SettingsReader reader, string key, string level)
    {
        var names = Enum.GetNames<LogLevel>();
        var expected = string.Join(", ", names);
        if (!names.Contains(level, StringComparer.OrdinalIgnoreCase))
            reader.Error(key, $"'{level}' is not one of {expected}.");
    }
}
