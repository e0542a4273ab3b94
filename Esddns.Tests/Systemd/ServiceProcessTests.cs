using System.Net.Sockets;
using System.Text;
using Esddns.Tests.Support;

namespace Esddns.Tests.Systemd;

/// <summary>The operator as a process that systemd started, by the socket of sd_notify(3).</summary>
public sealed class ServiceProcessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("esddns-notify-");
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    private string Path => System.IO.Path.Combine(_folder.FullName, "notify");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _systemd.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Process_TellsWhenItIsReady_Healthy_AndStops()
    {
        _systemd.Bind(new UnixDomainSocketEndPoint(Path));
        using var process = Tool.Start("dotnet", [Assembly], Environment());
        var output = Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(Cancel),
            process.StandardError.ReadToEndAsync(Cancel)
        );
        Assert.Equal("READY=1", await ReceiveAsync());
        Assert.Equal("WATCHDOG=1", await ReceiveAsync());
        Assert.Equal("WATCHDOG=1", await ReceiveAsync());
        await Tool.RunAsync("kill", ["-TERM", $"{process.Id}"]);
        string last;
        do last = await ReceiveAsync();
        while (last == "WATCHDOG=1");
        Assert.Equal("STOPPING=1", last);
        await process.WaitForExitAsync(Cancel);
        await output;
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task Once_TellsNothing()
    {
        _systemd.Bind(new UnixDomainSocketEndPoint(Path));
        await Tool.RunAsync("dotnet", [Assembly, "--once"], environment: Environment());
        Assert.Equal(0, _systemd.Available);
    }

    private async Task<string> ReceiveAsync()
    {
        var buffer = new byte[64];
        return Encoding.ASCII.GetString(buffer, 0, await _systemd.ReceiveAsync(buffer, Cancel));
    }

    private static string Assembly => System.IO.Path.Combine(AppContext.BaseDirectory, "Esddns.Operator.dll");

    private Dictionary<string, string?> Environment() =>
        new()
        {
            ["NOTIFY_SOCKET"] = Path,
            ["WATCHDOG_USEC"] = "2000000",
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["API_KEY"] = "none",
            ["TARGET_DOMAIN_FQDN"] = "example.com",
            ["Esddns__State__File"] = "none",
            ["Esddns__Discovery__Stun"] = "none",
            ["Esddns__Discovery__Dns"] = "none",
            ["Esddns__Discovery__Echo"] = "http://127.0.0.1:9/a,http://127.0.0.1:9/b",
            ["Esddns__LiveDns__BaseUrl"] = "http://127.0.0.1:9/v5/livedns",
        };
}
