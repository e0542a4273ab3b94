using System.Net.Sockets;
using Esddns.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Microsoft.Extensions.Hosting;

/// <summary>Starts and runs a service. A failed start prints one line instead of a stack trace.</summary>
public static class ServiceRun
{
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";
    private static readonly string[] s_urlKeys = ["urls", "http_ports", "https_ports"];

    /// <summary>
    /// A builder with the parts of ASP.NET Core that a service needs: native code contains nothing else. It reads the
    /// configuration files beside the program once, at the start. Watching them would take one of the node's inotify
    /// instances, and a process does not start when none is left.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions
            {
                Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
                ContentRootPath = AppContext.BaseDirectory,
            }
        );
        ServiceSettings.AddTo(builder.Configuration);
        builder.WebHost.UseKestrelHttpsConfiguration();
        // The slim builder sets the format, and ignores the configured one.
        if (builder.Configuration["Logging:Console:FormatterName"] is { Length: > 0 } format)
            builder.Services.Configure<ConsoleLoggerOptions>(o => o.FormatterName = format);
        // The space at the end separates the time from the text of a line; the value of a JSON object has none.
        builder.Services.PostConfigure<JsonConsoleFormatterOptions>(o =>
            o.TimestampFormat = o.TimestampFormat?.TrimEnd()
        );
        return builder;
    }

    /// <summary>
    /// Starts the web server before all other services, so a process that cannot listen starts none of them. Also
    /// suppresses the host's stack trace of a failed start; <see cref="RunOrExplainAsync(WebApplication)"/> prints one
    /// line instead.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="defaultUrl">The default URL, used if the configuration sets none; null if the URL is already
    /// set.</param>
    public static void ListenFirst(this WebApplicationBuilder builder, string? defaultUrl = null)
    {
        if (defaultUrl is not null && !IsUrlSet(builder.Configuration))
            builder.WebHost.UseUrls(defaultUrl);
        var startup = new StartupState();
        builder.Services.AddSingleton<IHostedService>(startup);
        builder.Logging.AddFilter(HostCategory, level => startup.IsStarted && level >= LogLevel.Information);
        // The host adds the web server after all services of the application. This callback runs after that.
        builder.Host.ConfigureContainer<IServiceCollection>(
            (_, services) =>
            {
                var server = services.Last(s => s.ServiceType == typeof(IHostedService));
                services.Remove(server);
                services.Insert(0, server);
            }
        );
    }

    /// <summary>Builds a service and runs it until it stops.</summary>
    /// <param name="build">Builds it.</param>
    /// <param name="run">What to do instead of running it; returns the exit code.</param>
    /// <inheritdoc cref="RunOrExplainAsync(WebApplication)" path="/returns"/>
    public static async Task<int> RunOrExplainAsync(
        Func<WebApplication> build,
        Func<WebApplication, Task<int>>? run = null
    )
    {
        WebApplication app;
        try
        {
            app = build();
        }
        catch (InvalidSettingsException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            await Console.Error.WriteLineAsync(Explain(e));
            return 2;
        }

        await using (app)
            return await (run ?? RunOrExplainAsync)(app);
    }

    /// <summary>Runs a service until it stops.</summary>
    /// <returns>The exit code: 0 after a normal stop, 1 if it cannot listen, 2 for any other failed start.</returns>
    public static async Task<int> RunOrExplainAsync(this WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var isTaken = e.InnerException is AddressInUseException;
            var cannotListen = isTaken || e is SocketException || e.InnerException is SocketException;
            var address = ConfigReport.ListenAddresses(app.Configuration);
            var reason = cannotListen && !isTaken ? $"Cannot listen at {address}: {e.Message}." : Explain(e);
            var advice = cannotListen ? " Stop the process on that port, or set another address with --urls." : "";
            await Console.Error.WriteLineAsync(reason + advice);
            return cannotListen ? 1 : 2;
        }

        await app.WaitForShutdownAsync();
        return 0;
    }

    private static bool IsUrlSet(IConfiguration configuration) =>
        s_urlKeys.Any(key => !string.IsNullOrEmpty(configuration[key]))
        || configuration.GetSection("Kestrel:Endpoints").Exists();

    /// <summary>Returns the reason of a failed start as one line.</summary>
    public static string Explain(Exception fault)
    {
        var messages = new List<string>();
        for (var e = fault; e is not null; e = e.InnerException)
        {
            var isKnown = messages.Any(m => m.Contains(e.Message.TrimEnd('.'), StringComparison.OrdinalIgnoreCase));
            if (!isKnown)
                messages.Add(e.Message);
        }

        var words = messages.SelectMany(m => m.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var reason = string.Join(' ', words);
        return $"Cannot start: {reason}";
    }

    /// <summary>Tracks whether the host has started.</summary>
    private sealed class StartupState : IHostedLifecycleService
    {
        public bool IsStarted { get; private set; }

        public Task StartedAsync(CancellationToken cancellationToken)
        {
            IsStarted = true;
            return Task.CompletedTask;
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
