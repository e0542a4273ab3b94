using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Esddns.Tests.Dns;

/// <summary>Failures before the client sends a request.</summary>
public sealed class LiveDnsNetworkTests
{
    private static readonly DomainName s_zone = DomainName.Parse("example.com");
    private static readonly RecordKey s_home = new(s_zone, OwnerName.Parse("home"), RecordType.A);
    private static readonly RRset s_wanted = new(s_home, 300, AddressSet.Of(IPAddress.Parse("198.51.100.4")));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConnectTimeout_IsReported_AndNothingWasSent()
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(10),
            ConnectCallback = async (_, cancel) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
                return Stream.Null;
            },
        };
        var provider = LiveDnsUnderTest.Provider(Options("https://livedns.test/v5/livedns"), handler: handler);
        var fault = await WriteFaultAsync(provider);
        Assert.Equal((FaultKind.Transient, "timeout", false), (fault.Kind, fault.Type, fault.Unconfirmed));
        Assert.Contains("no connection to livedns.test", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusedConnection_NothingWasSent()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var fault = await WriteFaultAsync(LiveDnsUnderTest.Provider(Options($"http://127.0.0.1:{port}/v5/livedns")));
        Assert.Equal((FaultKind.Transient, "network", false), (fault.Kind, fault.Type, fault.Unconfirmed));
    }

    [Theory]
    [InlineData("http://livedns.test/v5/livedns", false, false)]
    [InlineData("http://192.0.2.1/v5/livedns", false, false)]
    [InlineData("http://localhost.livedns.test/v5/livedns", false, false)]
    [InlineData("http://livedns.test/v5/livedns", true, true)]
    [InlineData("https://livedns.test/v5/livedns", false, true)]
    [InlineData("http://127.0.0.1/v5/livedns", false, true)]
    [InlineData("http://[::1]/v5/livedns", false, true)]
    [InlineData("http://localhost/v5/livedns", false, true)]
    public async Task Token_IsSentUnencryptedOnlyLocallyOrIfAllowed(string url, bool isAllowed, bool isSent)
    {
        using var handler = new Answering();
        var options = Options(url) with { AllowHttp = isAllowed };
        var fault = await WriteFaultAsync(LiveDnsUnderTest.Provider(options, handler: handler));
        Assert.Equal(isSent ? "Bearer secret-token" : null, handler.Authorization);
        if (isSent)
            return;
        Assert.Equal(FaultKind.Persistent, fault.Kind);
        Assert.Contains("use https://", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://livedns.test/v5/livedns")]
    [InlineData("https://livedns.test/v5/livedns/")]
    [InlineData("https://somebody:secret@livedns.test/v5/livedns?x=y")]
    public async Task RequestUrl_IsBelowTheConfiguredUrl(string url)
    {
        using var handler = new Answering();
        await WriteFaultAsync(LiveDnsUnderTest.Provider(Options(url), handler: handler));
        Assert.Equal(
            "https://livedns.test/v5/livedns/domains/example.com/records/home/A",
            handler.Address?.AbsoluteUri
        );
    }

    /// <summary>
    /// Without leadership nothing is written. A write that has passed the first check stops before it reaches the
    /// network.
    /// </summary>
    [Theory]
    [InlineData(0, "not_leader")]
    [InlineData(1, "network")]
    public async Task LeadershipLost_StopsTheWrite(int asked, string type)
    {
        await using var server = await HttpStub.StartAsync(201, """{"message":"DNS Record Created"}""");
        var leadership = new EndingLeadership(asked);
        var fault = await WriteFaultAsync(LiveDnsUnderTest.Provider(server, leadership: leadership));
        Assert.Equal((FaultKind.Transient, type), (fault.Kind, fault.Type));
        Assert.Contains("this process is no longer the leader", fault.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task LeadershipHeld_AllowsTheWrite()
    {
        await using var server = await HttpStub.StartAsync(201, """{"message":"DNS Record Created"}""");
        var provider = LiveDnsUnderTest.Provider(server, leadership: new EndingLeadership(100));
        Assert.IsType<LookupResult<RRset>.Available>(await provider.WriteAsync(s_wanted, null, Cancel));
    }

    [Fact]
    public async Task CallerCancels_WriteIsCanceled()
    {
        await using var server = await HttpStub.StartAsync(context =>
            Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
        );
        using var cancel = new CancellationTokenSource();
        var write = LiveDnsUnderTest.Provider(server).WriteAsync(s_wanted, null, cancel.Token);
        await Eventually.IsTrueAsync(() => !server.Requests.IsEmpty);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
    }

    [Fact]
    public async Task Request_HasUserAgentAndAccept()
    {
        var seen = "";
        await using var server = await HttpStub.StartAsync(context =>
        {
            var headers = context.Request.Headers;
            var agent = headers.UserAgent.ToString().Split('/')[0];
            seen = $"{agent}, {headers.Accept}, {headers.ContentType}, {headers.Authorization}";
            return context.Response.WriteAsync("{}");
        });
        await LiveDnsUnderTest.Provider(server).WriteAsync(s_wanted, null, Cancel);
        Assert.Equal("esddns, application/json, application/json, Bearer secret-token", seen);
    }

    private static LiveDnsOptions Options(string url) => new() { BaseUrl = new(url), Token = "secret-token" };

    private static async Task<ProviderFault> WriteFaultAsync(IDnsProvider provider) =>
        LiveDnsUnderTest.Fault(await provider.WriteAsync(s_wanted, null, Cancel));

    /// <summary>A leadership that ends after a number of checks.</summary>
    private sealed class EndingLeadership(int times) : ILeadership
    {
        private int _left = times;

        public bool IsLeader => Interlocked.Decrement(ref _left) >= 0;

        public CancellationToken LeadershipLost => CancellationToken.None;
    }

    private sealed class Answering : HttpMessageHandler
    {
        public string? Authorization { get; private set; }

        public Uri? Address { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            (Authorization, Address) = (request.Headers.Authorization?.ToString(), request.RequestUri);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.InternalServerError));
        }
    }
}
