using Esddns.Configuration;
using Esddns.Operator.Api;
using Esddns.Operator.Configuration;
using Microsoft.Extensions.Configuration;

namespace Esddns.Tests.Configuration;

/// <summary>The section <c>Esddns:Api</c>.</summary>
public sealed class ApiSettingsTests
{
    [Fact]
    public void Section_Missing_AllowsOnlyThisHost()
    {
        var (options, errors) = Read([]);
        Assert.Empty(errors);
        Assert.Null(options.Token);
        Assert.Empty(options.AllowedHosts);
    }

    [Fact]
    public void Section_Complete_IsRead()
    {
        var (options, errors) = Read(
            new() { ["Token"] = " s3cret ", ["AllowedHosts"] = "ddns.example.com, other_host" }
        );
        Assert.Empty(errors);
        Assert.Equal(["ddns.example.com", "other_host"], options.AllowedHosts);
        Assert.True(options.Token!.Matches("s3cret"));
        Assert.DoesNotContain("s3cret", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AllowedHosts", "http://ddns.example.com", "Esddns:Api:AllowedHosts: 'http://ddns.example.com' is no")]
    [InlineData("AllowedHosts", "ddns.example.com:8080", "Esddns:Api:AllowedHosts: 'ddns.example.com:8080' is no")]
    [InlineData("Token", "two words", "Esddns:Api:Token: contains a space or a non-ASCII character.")]
    [InlineData("Token", "geheím", "Esddns:Api:Token: contains a space or a non-ASCII character.")]
    [InlineData("TokenFile", "/nowhere/token", "Esddns:Api:TokenFile: /nowhere/token cannot be read: ")]
    [InlineData("TokenFile", "/dev/null", "Esddns:Api:TokenFile: /dev/null cannot be read: it is not a regular file.")]
    public void Mistake_GivesOneLineWithTheSetting(string key, string value, string expected) =>
        Assert.StartsWith(expected, Assert.Single(Read(new() { [key] = value }).Errors), StringComparison.Ordinal);

    [Fact]
    public void TokenWithTokenFile_IsAMistake()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "s3cret");
        var (_, errors) = Read(new() { ["Token"] = "s3cret", ["TokenFile"] = file });
        File.Delete(file);
        Assert.Equal("Esddns:Api:TokenFile: cannot be combined with Token; remove one of them.", Assert.Single(errors));
    }

    private static (ApiOptions Options, IReadOnlyList<string> Errors) Read(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(s => $"Esddns:Api:{s.Key}", s => s.Value))
            .Build();
        var reader = new SettingsReader(configuration);
        return (ApiSettings.Read(reader, "Esddns:Api"), reader.Errors);
    }
}
