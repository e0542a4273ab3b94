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
}
