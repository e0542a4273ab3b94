using Esddns.Operator.Dns.Providers.Gandi;
using static Esddns.Tests.Configuration.ReadSettings;

namespace Esddns.Tests.Configuration;

/// <summary>Tokens and keys, as settings and in files.</summary>
public sealed class SecretSettingsTests
{
    [Fact]
    public void Options_NeverPrintTheToken() =>
        Assert.DoesNotContain("s3cret", new LiveDnsOptions { Token = "s3cret" }.ToString(), StringComparison.Ordinal);

    /// <summary>A date without time means the end of that day.</summary>
    [Theory]
    [InlineData("2027-01-31", "2027-01-31T23:59:59Z")]
    [InlineData("2028-02-29", "2028-02-29T23:59:59Z")]
    [InlineData("9999-12-31", "9999-12-31T23:59:59Z")]
    [InlineData("2027-01-31T12:00Z", "2027-01-31T12:00:00Z")]
    [InlineData("2027-01-31T12:00:00", "2027-01-31T12:00:00Z")]
    [InlineData("2027-01-31T12:00:00.5+02:00", "2027-01-31T10:00:00.5Z")]
    public void TokenExpires_IsADateOrATime(string text, string expected) =>
        Assert.Equal(
            DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
            Good(With("LiveDns:TokenExpires", text)).LiveDns.TokenExpires
        );

    [Fact]
    public void SecondToken_IsReadFromItsSetting()
    {
        var gandi = Good(With("LiveDns:SecondToken", "next")).LiveDns;
        Assert.Equal(
            ("token", null, "next", null),
            (gandi.Token, gandi.TokenFile, gandi.SecondToken, gandi.SecondTokenFile)
        );
    }

    [Theory]
    [InlineData("token\n", null)]
    [InlineData("", "is empty.")]
    [InlineData(" \n", "is empty.")]
    [InlineData("s3cret word", "contains a space")]
    [InlineData("s3cret\nword", "contains a space")]
    public void TokenFile_ContentIsValidated(string text, string? mistake)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            foreach (var name in (string[])["Token", "SecondToken"])
            {
                var settings = With("Records:0:Zone", "example.com");
                settings.Remove($"Esddns:LiveDns:{name}");
                settings[$"Esddns:LiveDns:{name}File"] = file;
                var (read, errors) = Read(settings, []);
                var used = name == "Token" ? read?.LiveDns.TokenFile : read?.LiveDns.SecondTokenFile;
                if (mistake is null)
                    Assert.Equal(file, used);
                else
                    Assert.Contains(mistake, Assert.Single(errors), StringComparison.Ordinal);
                Assert.DoesNotContain(errors, e => e.Contains("s3cret", StringComparison.Ordinal));
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The files of a mounted Secret are links to links.</summary>
    [Fact]
    public void TokenFile_LinkIsFollowed()
    {
        var folder = Directory.CreateTempSubdirectory("esddns-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "data"), "token");
            var link = File.CreateSymbolicLink(Path.Combine(folder, "token"), "data").FullName;
            var settings = With("LiveDns:TokenFile", link);
            settings.Remove("Esddns:LiveDns:Token");
            Assert.Equal(link, Good(settings).LiveDns.TokenFile);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A unit or an image may name the file of a token that only some installations have.</summary>
    [Fact]
    public void TokenFile_IsNotReadWithDynamicUpdates()
    {
        var settings = UpdateServer;
        settings["Esddns:LiveDns:TokenFile"] = settings["Esddns:LiveDns:SecondTokenFile"] = "/missing/token";
        Assert.NotNull(Good(settings).Update);
        settings = With("LiveDns:TokenFile", "/missing/token");
        settings.Remove("Esddns:LiveDns:Token");
        var error = Assert.Single(Read(settings, []).Errors);
        Assert.StartsWith("Esddns:LiveDns:TokenFile: the file /missing/token cannot be read", error);
    }

    [Fact]
    public void KeyFile_IsRead()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "c2VjcmV0\n");
            var settings = With("Update:KeyFile", file);
            settings["Esddns:Update:Key"] = null;
            Assert.Equal(file, Good(settings).Update.KeyFile);
            File.WriteAllText(file, "not base64");
            Assert.Equal("Esddns:Update:KeyFile: is not Base64.", Assert.Single(Read(settings, []).Errors));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("LiveDns:BaseUrl", "https://user:s3cret@api.example.com/")]
    [InlineData("Discovery:Echo", "https://s3cret@echo.example.com/")]
    [InlineData("Discovery:Stun", "http://user:s3cret@echo.example.com/")]
    [InlineData("Discovery:Stun", "user:s3cret@stun.example.com")]
    [InlineData("Discovery:Dns", "dns://user:s3cret@ns.example.com:99999/x")]
    [InlineData("Propagation:NameServers", "dns://s3cret@ns.example.com")]
    [InlineData("Update:Server", "dns://user:s3cret@ns.example.com")]
    public void CredentialsInAnAddress_AreAMistakeThatOmitsThem(string name, string value)
    {
        var settings = With(name, value);
        if (name == "Update:Server")
            foreach (var (key, text) in UpdateServer)
                settings.TryAdd(key, text);
        Assert.Equal(
            $"Esddns:{name}: contains a user name or a password; remove them.",
            Assert.Single(Read(settings, []).Errors)
        );
    }

    [Theory]
    [InlineData("01/02/2027")]
    [InlineData("31.1.2027")]
    [InlineData("2027-02-29")]
    [InlineData("2027-1-31")]
    [InlineData("January 31, 2027")]
    [InlineData("2027-01-31 12:00")]
    public void TokenExpires_OtherThanIso8601_IsAMistake(string text) =>
        Assert.Contains(
            $"Esddns:LiveDns:TokenExpires: '{text}' is not a date like 2027-01-31",
            Assert.Single(Read(With("LiveDns:TokenExpires", text), []).Errors),
            StringComparison.Ordinal
        );
}
