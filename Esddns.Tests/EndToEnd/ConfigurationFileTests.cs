using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

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
}
