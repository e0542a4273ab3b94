using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Esddns.Operator.Net;
using Esddns.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Net;

public sealed class HappyEyeballsTests
{
    private static readonly IPEndPoint[] s_endpoints =
    [
        .. Enumerable.Range(1, 4).Select(i => new IPEndPoint(IPAddress.Loopback, i)),
    ];
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<int> _tried = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1", null, "127.0.0.1:7")]
    [InlineData("::1", null, "[::1]:7")]
    [InlineData("[::1]", AddressFamily.InterNetworkV6, "[::1]:7")]
    public async Task Resolve_AddressLiteral_ReturnsIt(string host, AddressFamily? family, string expected) =>
        Assert.Equal(expected, Assert.Single(await HappyEyeballs.ResolveAsync(host, 7, family, Cancel)).ToString());

    [Theory]
    [InlineData("127.0.0.1", AddressFamily.InterNetworkV6, "127.0.0.1 has no IPv6 address")]
    [InlineData("[::1]", AddressFamily.InterNetwork, "::1 has no IPv4 address")]
    [InlineData("no-such-host.invalid", null, "cannot resolve no-such-host.invalid")]
    public async Task Resolve_NoSuchAddress_IsReported(string host, AddressFamily? family, string message)
    {
        var e = await Assert.ThrowsAnyAsync<SocketException>(() => HappyEyeballs.ResolveAsync(host, 7, family, Cancel));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_NameTooLong_IsNotFound()
    {
        var e = await Assert.ThrowsAnyAsync<SocketException>(() =>
            HappyEyeballs.ResolveAsync(new string('a', 300), 7, null, Cancel)
        );
        Assert.Equal(SocketError.HostNotFound, e.SocketErrorCode);
    }

    [Fact]
    public async Task Resolve_Name_ReturnsOnlyTheRequestedFamily()
    {
        var endpoints = await HappyEyeballs.ResolveAsync("localhost", 7, AddressFamily.InterNetwork, Cancel);
        Assert.All(endpoints, e => Assert.Equal(AddressFamily.InterNetwork, e.AddressFamily));
        Assert.NotEmpty(endpoints);
    }

    [Theory]
    [InlineData("::1 ::2 ::3 1.1.1.1 1.1.1.2", "::1 1.1.1.1 ::2 1.1.1.2 ::3")]
    [InlineData("1.1.1.1 1.1.1.2 ::1", "1.1.1.1 ::1 1.1.1.2")]
    [InlineData("1.1.1.1 ::1 1.1.1.2 ::2", "1.1.1.1 ::1 1.1.1.2 ::2")]
    [InlineData("::1 ::1 1.1.1.1", "::1 1.1.1.1")]
    public void Order_InterleavesTheFamilies(string resolved, string order) =>
        Assert.Equal(order, string.Join(' ', HappyEyeballs.Order(resolved.Split(' ').Select(IPAddress.Parse))));

    [Fact]
    public void Order_ManyAddresses_IsBounded() =>
        Assert.Equal(
            HappyEyeballs.MaxAttempts,
            HappyEyeballs.Order(Enumerable.Range(0, 1000).Select(i => new IPAddress(i))).Count()
        );

    [Fact]
    public async Task Race_FirstUnreachable_NextStartsAfterTheDelayAndWins()
    {
        var race = RaceAsync(i => i == 2 ? Task.FromResult("2") : Never());
        Assert.Equal([1], _tried);
        _time.Advance(HappyEyeballs.AttemptDelay - TimeSpan.FromMilliseconds(1));
        Assert.Equal([1], _tried);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("2", await race);
        Assert.Equal([1, 2], _tried);
    }

    [Fact]
    public async Task Race_FailedAttempts_StartTheNextAtOnce()
    {
        Assert.Equal(
            "3",
            await RaceAsync(i => i == 3 ? Task.FromResult("3") : Task.FromException<string>(new IOException($"{i}")))
        );
        Assert.Equal([1, 2, 3], _tried);
    }

    [Fact]
    public async Task Race_FirstIsSlow_CanStillWin()
    {
        var first = new TaskCompletionSource<string>();
        var race = RaceAsync(i => i == 1 ? first.Task : Never());
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(HappyEyeballs.AttemptDelay);
            return _tried.Count == s_endpoints.Length;
        });
        first.SetResult("1");
        Assert.Equal("1", await race);
    }

    [Fact]
    public async Task Race_AllFail_ThrowsTheFirstError()
    {
        var e = await Assert.ThrowsAsync<IOException>(() =>
            RaceAsync(i => Task.FromException<string>(new IOException($"{i}")))
        );
        Assert.Equal("1", e.Message);
        Assert.Equal([1, 2, 3, 4], _tried);
    }

    [Fact]
    public async Task Race_Won_CancelsAndDisposesTheOthers()
    {
        var late = new TaskCompletionSource<FakeConnection>();
        var cancelled = false;
        var race = HappyEyeballs.RaceAsync(
            s_endpoints,
            (endpoint, cancellationToken) =>
            {
                _tried.Enqueue(endpoint.Port);
                if (endpoint.Port != 1)
                    return Task.FromResult(new FakeConnection());
                cancellationToken.Register(() => cancelled = true);
                return late.Task;
            },
            _time,
            Cancel
        );
        _time.Advance(HappyEyeballs.AttemptDelay);
        var won = await race;
        Assert.True(cancelled);
        var lost = new FakeConnection();
        late.SetResult(lost);
        await Eventually.IsTrueAsync(() => lost.IsDisposed);
        Assert.False(won.IsDisposed);
    }

    [Fact]
    public async Task Race_Canceled_EndsAtOnce()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var race = HappyEyeballs.RaceAsync(s_endpoints, (_, _) => Never(), _time, limit.Token);
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => race);
    }

    [Fact]
    public async Task Connect_Listening_Connects()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var socket = await HappyEyeballs.ConnectAsync("localhost", port, null, TimeProvider.System, Cancel);
        Assert.True(socket.Connected);
        Assert.True(socket.NoDelay);
    }

    [Fact]
    public async Task Connect_FirstAddressUnreachable_UsesTheOther()
    {
        using var dead = new DeadServer(new IPEndPoint(IPAddress.Loopback, 0));
        using var alive = new TcpListener(IPAddress.Loopback, 0);
        alive.Start();
        var endpoint = (IPEndPoint)alive.LocalEndpoint;
        using var socket = await HappyEyeballs.ConnectAsync([dead.Endpoint, endpoint], TimeProvider.System, Cancel);
        Assert.Equal(endpoint, socket.RemoteEndPoint);
    }

    [Fact]
    public async Task Connect_NoListener_IsRefused()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        var e = await Assert.ThrowsAnyAsync<SocketException>(() =>
            HappyEyeballs.ConnectAsync("127.0.0.1", port, null, TimeProvider.System, Cancel)
        );
        Assert.Equal(SocketError.ConnectionRefused, e.SocketErrorCode);
    }

    private Task<string> RaceAsync(Func<int, Task<string>> attempt) =>
        HappyEyeballs.RaceAsync(
            s_endpoints,
            (endpoint, _) =>
            {
                _tried.Enqueue(endpoint.Port);
                return attempt(endpoint.Port);
            },
            _time,
            Cancel
        );

    private static Task<string> Never() => new TaskCompletionSource<string>().Task;

    private sealed class FakeConnection : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
