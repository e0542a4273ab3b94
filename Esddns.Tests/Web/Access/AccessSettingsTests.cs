using System.Net;
using Esddns.Configuration;
using Esddns.Web.Access;
using Microsoft.Extensions.Configuration;

namespace Esddns.Tests.Web.Access;

/// <summary>The settings of the web service.</summary>
public sealed class AccessSettingsTests : IDisposable
{
    private readonly SecretText _file = new("s3cret");

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Default_IsOpen_WithoutCredentials()
    {
        var options = Read();
        Assert.False(options.IsReadingClosed);
        Assert.False(options.HasCredentials);
        Assert.Null(options.OperatorToken);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("closed", true)]
    [InlineData("open", false)]
    public void Credentials_CloseReading_UnlessItIsOpen(string? reading, bool isClosed)
    {
        var options = Read(("Access:TokenFile", _file.Path), ("Access:Reading", reading ?? ""));
        Assert.Equal(isClosed, options.IsReadingClosed);
    }

    [Fact]
    public void TrustedProxies_AreAddressesAndNetworks()
    {
        var options = Read(
            ("Access:TrustedProxies:0", "192.0.2.7"),
            ("Access:TrustedProxies:1", "10.0.0.0/8"),
            ("Access:TrustedProxies:2", "2001:db8::/32")
        );
        foreach (var trusted in new[] { "192.0.2.7", "10.1.2.3", "2001:db8::1" })
            Assert.True(options.IsTrustedProxy(IPAddress.Parse(trusted)));
        foreach (var other in new[] { "192.0.2.8", "11.0.0.1", "2001:db9::1", "::1" })
            Assert.False(options.IsTrustedProxy(IPAddress.Parse(other)));
        Assert.False(options.IsTrustedProxy(null));
    }

    [Theory]
    [InlineData("Access:Reading", "Shut", "Esddns:Web:Access:Reading: 'Shut' is not one of Open, Closed.")]
    [InlineData("Access:Reading", "Closed", "Closed needs TokenFile, PasswordFile or ProxyHeader.")]
    [InlineData("Access:TokenFile", "/nowhere/token", "TokenFile: /nowhere/token cannot be read: No such file")]
    [InlineData("Access:PasswordFile", "/nowhere/users", "PasswordFile: /nowhere/users cannot be read: No such file")]
    [InlineData("OperatorTokenFile", "/nowhere/token", "Esddns:Web:OperatorTokenFile: /nowhere/token cannot be read")]
    [InlineData("Access:ProxyHeader", "X-Remote-User", "needs TrustedProxies")]
    [InlineData("Access:ProxyHeader", "Authorization", "'Authorization' is a header of each request")]
    [InlineData("Access:ProxyHeader", "X-Forwarded-For", "'X-Forwarded-For' is a header of each request")]
    [InlineData("Access:ProxyHeader", "X Remote", "'X Remote' is not the name of a header")]
    [InlineData("Access:TrustedProxies", "proxy.example.com", "'proxy.example.com' is not an address")]
    [InlineData("Access:TrustedProxies", "0.0.0.0/0", "'0.0.0.0/0' is all addresses")]
    [InlineData("Access:Token", "s3cret", "Esddns:Web:Access:Token: unknown setting")]
    public void Mistake_IsOneLine(string key, string value, string expected)
    {
        var reader = Reader((key, value));
        AccessSettings.Read(reader);
        var error = Assert.Single(reader.Errors);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no colon s3cret", "has no user:password in line 1.")]
    [InlineData("alice:one\nbob:\n", "has no user:password in line 2.")]
    [InlineData(":s3cret", "has no user:password in line 1.")]
    [InlineData("# nobody\n", "has no user:password.")]
    [InlineData("", "has no user:password.")]
    public void PasswordFile_Mistake_NamesTheLine_NotItsText(string text, string expected)
    {
        _file.Write(text);
        Assert.Equal(expected, new PasswordFile(_file.Path).Check());
    }

    [Fact]
    public void PasswordFile_TooLarge_IsRefused()
    {
        _file.Write(new string('a', 20_000));
        Assert.Contains("more than 16384", new PasswordFile(_file.Path).Check(), StringComparison.Ordinal);
    }

    private static AccessOptions Read(params (string Key, string Value)[] settings)
    {
        var reader = Reader(settings);
        var options = AccessSettings.Read(reader);
        Assert.Empty(reader.Errors);
        return options;
    }

    private static SettingsReader Reader(params (string Key, string Value)[] settings)
    {
        var pairs = settings.Select(s => KeyValuePair.Create($"Esddns:Web:{s.Key}", (string?)s.Value));
        return new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(pairs).Build());
    }
}
