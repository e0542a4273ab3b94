using Esddns.Configuration;
using Microsoft.Extensions.Configuration;

namespace Esddns.Tests.Configuration;

/// <summary>The settings of the framework. The framework itself ignores many invalid values.</summary>
public sealed class HostSettingsTests
{
    [Theory]
    [InlineData("urls", "http://127.0.0.1:8080")]
    [InlineData("urls", "http://127.0.0.1:8080; http://[::1]:0;")]
    [InlineData("urls", "http://*:1;http://+:65535;http://LOCALHOST:5000")]
    [InlineData("urls", "https://0.0.0.0:8443")]
    [InlineData("urls", "http://unix:/run/esddns.sock")]
    [InlineData("http_ports", "8080;0;65535")]
    [InlineData("https_ports", "8443;")]
    [InlineData("Kestrel:Endpoints:A:Url", "http://127.0.0.1:8080")]
    [InlineData("Kestrel:EndpointDefaults:Protocols", "http1andhttp2")]
    [InlineData("Kestrel:Certificates:Default:Path", "/etc/tls/tls.crt")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317")]
    [InlineData("Logging:LogLevel:Default", "debug")]
    [InlineData("Logging:Console:LogLevel:Esddns", "None")]
    [InlineData("Logging:Console:FormatterName", "json")]
    public void ValidSetting_HasNoError(string key, string value) => Assert.Empty(Errors((key, value)));

    [Theory]
    [InlineData("urls", "nonsense", "'nonsense' is not an address to listen at")]
    [InlineData("urls", "ftp://127.0.0.1:80", "'ftp://127.0.0.1:80' is not an address to listen at")]
    [InlineData("urls", "http://127.0.0.1:80/path", "'http://127.0.0.1:80/path' is not an address to listen at")]
    [InlineData("urls", "http://127.0.0:8080x", "'http://127.0.0:8080x' is not an address to listen at")]
    [InlineData("urls", "http://host.example:80", "'http://host.example:80' is not an address to listen at")]
    [InlineData("urls", "http://127.0.0.1:65536", "'http://127.0.0.1:65536' is not an address to listen at")]
    [InlineData("urls", "http://127.0.0.1:-1", "'http://127.0.0.1:-1' is not an address to listen at")]
    [InlineData("urls", "http://127.0.0.1:80;;http://[::1]:80", "'' is not an address to listen at")]
    [InlineData("urls", "http://user:s3cret@127.0.0.1:80", "contains a user name or a password; remove them.")]
    [InlineData("http_ports", "8080;x", "'x' is not a port, a number from 0 to 65535.")]
    [InlineData("https_ports", "65536", "'65536' is not a port")]
    [InlineData("Kestrel:Endpoints:A:Url", "http://a b:80", "'http://a b:80' is not an address to listen at")]
    [InlineData("Kestrel:EndpointDefaults:Protocols", "Http9", "'Http9' is not one of ")]
    [InlineData("Kestrel:Limits:MaxRequestBodySize", "1", "the web server reads only Endpoints, EndpointDefaults, ")]
    [InlineData("Kestrel:Endpoints", "1", "the web server reads only Endpoints, EndpointDefaults, ")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "127.0.0.1:4317", "'127.0.0.1:4317' is not an address like http://")]
    [InlineData("Logging:LogLevel:Default", "LOUD", "'LOUD' is not one of Trace, Debug")]
    [InlineData("Logging:Console:LogLevel:Esddns", "1", "'1' is not one of Trace, Debug")]
    public void Mistake_GivesOneLineWithTheSetting(string key, string value, string expected) =>
        Assert.StartsWith($"{key}: {expected}", Assert.Single(Errors((key, value))), StringComparison.Ordinal);

    [Fact]
    public void EndpointWithoutAddress_IsAMistake() =>
        Assert.StartsWith(
            "Kestrel:Endpoints:A:Url: missing; set it to an address to listen at",
            Assert.Single(Errors(("Kestrel:Endpoints:A:Protocols", "Http2"))),
            StringComparison.Ordinal
        );

    private static IReadOnlyList<string> Errors(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(s => KeyValuePair.Create<string, string?>(s.Key, s.Value))
        );
        var reader = new SettingsReader(configuration.Build());
        HostSettings.Check(reader);
        return reader.Errors;
    }
}
