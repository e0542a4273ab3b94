using Esddns.Configuration;
using Esddns.Operator.Configuration;

namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>Reads the section <c>Esddns:Update</c>: a name server that accepts dynamic updates.</summary>
internal static class UpdateSettings
{
    /// <summary>Reads the section; null when it is missing.</summary>
    public static UpdateOptions? Read(SettingsReader reader, string section)
    {
        var server = reader.Text($"{section}:Server") is { } text
            ? reader.Address($"{section}:Server", text, "a name server like dns://host:53", "dns")
            : null;
        if (server is not null && (server.Port == 0 || server.AbsolutePath.Trim('/').Length + server.Query.Length > 0))
            reader.Error($"{section}:Server", $"'{server}' has port 0, a path or a query; write dns://host:53.");
        var zones = new List<DomainName>();
        foreach (var (at, name) in reader.List($"{section}:Zones") ?? [])
        {
            if (DomainName.TryParse(name, null, out var zone) && !zones.Contains(zone))
                zones.Add(zone);
            else if (zone is not null)
                reader.Error(at, $"{zone} is configured twice; remove one.");
            else
                reader.Error(at, $"'{name}' is not {DomainName.Shape}.");
        }

        var keyName = reader.Value<DomainName?>(
            $"{section}:KeyName",
            null,
            t => (DomainName.TryParse(t, null, out var n), n),
            DomainName.Shape
        );
        var algorithm = reader.Choice($"{section}:KeyAlgorithm", TsigAlgorithm.HmacSha256);
        var timeout = reader.Duration(
            $"{section}:Timeout",
            TimeSpan.FromSeconds(10),
            TimeSpan.FromSeconds(1),
            TimeSpan.FromMinutes(5)
        );
        var secret = ReadSecret(reader, section);
        if (!reader.Has(section))
            return null;

        Require(
            reader,
            $"{section}:Server",
            server is not null,
            "set it to the name server that accepts the updates, like dns://host:53."
        );
        Require(reader, $"{section}:Zones", zones.Count > 0, "set it to the zones that the key may update.");
        Require(reader, $"{section}:KeyName", keyName is not null, "set it to the name of the TSIG key.");
        Require(
            reader,
            $"{section}:Key",
            secret is not null || reader.IsWrong($"{section}:KeyFile"),
            "set it to the Base64 secret of the TSIG key, or set KeyFile to a file that contains it."
        );
        if (server is null || keyName is null || secret is null)
            return null;
        return new UpdateOptions
        {
            Server = server,
            Zones = zones,
            KeyName = keyName,
            Key = new TsigSecret(algorithm, secret),
            KeyFile = reader.Text($"{section}:Key") is null ? reader.Text($"{section}:KeyFile") : null,
            Timeout = timeout,
        };
    }

    private static void Require(SettingsReader reader, string key, bool isSet, string advice)
    {
        if (!isSet && !reader.IsWrong(key))
            reader.Error(key, $"missing; {advice}");
    }

    private static byte[]? ReadSecret(SettingsReader reader, string section)
    {
        var (key, text) = SecretSettings.Read(reader, $"{section}:Key", $"{section}:KeyFile");
        if (text is null)
            return null;
        var bytes = new byte[text.Length];
        if (Convert.TryFromBase64String(text, bytes, out var length) && length > 0)
            return bytes[..length];
        reader.Error(key, "is not Base64.");
        return null;
    }
}
