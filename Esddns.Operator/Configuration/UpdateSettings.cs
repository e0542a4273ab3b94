using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Update;

namespace Esddns.Operator.Configuration;

/// <summary>The section <c>Esddns:Update</c>: present when a name server of one's own takes Gandi's place.</summary>
internal static class UpdateSettings
{
    /// <summary>Reads it; null when it is not there.</summary>
    public static UpdateOptions? Read(SettingsReader reader, string section)
    {
        var server = reader.Value<Uri?>($"{section}:Server", null,
            text => (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "dns", Host.Length: > 0 }, uri), "a name server like dns://host:53");
        var zones = new List<DomainName>();
        foreach (var (at, text) in reader.List($"{section}:Zones") ?? [])
        {
            if (DomainName.TryParse(text, null, out var zone)) zones.Add(zone);
            else reader.Error(at, $"'{text}' is not {DomainName.Shape}.");
        }

        var name = reader.Value<DomainName?>($"{section}:KeyName", null, t => (DomainName.TryParse(t, null, out var n), n), DomainName.Shape);
        var algorithm = reader.Choice($"{section}:KeyAlgorithm", TsigAlgorithm.HmacSha256);
        var secret = Secret(reader, section);
        if (server is null) return null;

        if (zones.Count == 0) reader.Error($"{section}:Zones", "missing; name the zones that the server lets you change.");
        if (name is null) reader.Error($"{section}:KeyName", "missing; name the TSIG key.");
        if (secret is null) reader.Error($"{section}:Key", "missing; give the TSIG key's secret in Base64, or a file that holds it as KeyFile.");
        return name is null || secret is null ? null : new UpdateOptions { Server = server, Zones = zones, KeyName = name, Key = new TsigSecret(algorithm, secret) };
    }

    /// <summary>The secret itself must not be repeated in a message.</summary>
    private static byte[]? Secret(SettingsReader reader, string section)
    {
        var (key, text) = ($"{section}:Key", reader.Text($"{section}:Key"));
        if (reader.Text($"{section}:KeyFile") is { } file)
        {
            try
            {
                (key, text) = ($"{section}:KeyFile", File.ReadAllText(file).Trim());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                reader.Error($"{section}:KeyFile", $"{file} cannot be read: {e.Message}");
            }
        }

        if (text is null) return null;
        var bytes = new byte[text.Length];
        if (Convert.TryFromBase64String(text, bytes, out var length) && length > 0) return bytes[..length];
        reader.Error(key, "is not Base64.");
        return null;
    }
}
