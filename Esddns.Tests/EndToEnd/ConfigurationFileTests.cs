using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Esddns.Tests.EndToEnd;

public sealed class ConfigurationFileTests
{
    /// <summary>A node has few inotify instances, and all processes of a user share them.</summary>
    [Fact]
    public void ConfigurationFiles_AreNotWatched()
    {
        using var app = (IDisposable)ServiceRun.CreateBuilder([]).Build();
        var files = ((IConfigurationRoot)((WebApplication)app).Configuration)
            .Providers.OfType<FileConfigurationProvider>()
            .ToArray();
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.False(file.Source.ReloadOnChange));
    }

    [Theory]
    [InlineData("simple", null)]
    [InlineData("json", "json")]
    public async Task FormatOfTheLog_IsTheConfiguredOne(string expected, string? configured)
    {
        string[] args = configured is null ? [] : [$"--Logging:Console:FormatterName={configured}"];
        await using var app = ServiceRun.CreateBuilder(args).Build();
        var options = app.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value;
        Assert.Equal(expected, options.FormatterName);
    }

    /// <summary>The simple format needs the space after the time, and a JSON value must not end with it.</summary>
    [Fact]
    public async Task TimeOfAJsonLine_EndsWithoutASpace()
    {
        await using var app = ServiceRun.CreateBuilder(["--Logging:Console:FormatterName=json"]).Build();
        var services = app.Services;
        var json = services.GetRequiredService<IOptionsMonitor<JsonConsoleFormatterOptions>>().CurrentValue;
        Assert.Equal("yyyy-MM-dd'T'HH:mm:ss'Z'", json.TimestampFormat);
        Assert.True(json.UseUtcTimestamp);
        var simple = services.GetRequiredService<IOptionsMonitor<SimpleConsoleFormatterOptions>>().CurrentValue;
        Assert.Equal(json.TimestampFormat + " ", simple.TimestampFormat);
    }
}
