using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Esddns.Operator.Dns;
using Esddns.Tests.Support;

namespace Esddns.Tests.Dns;

/// <summary>Dynamic update: correct answers, refusals and failures of the server.</summary>
public sealed class UpdateProviderTests : UpdateProviderScenario
{
    [Fact]
    public async Task ReadAndWrite_Succeed_AndCodesAreCounted()
    {
        var counted = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Name == "esddns_provider_requests")
                to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(
            (_, n, tags, _) =>
            {
                var labels = string.Join(' ', tags.ToArray().Select(t => t.Value));
                counted.AddOrUpdate(labels, n, (_, before) => before + n);
            }
        );
        listener.Start();

        await using var server = Server(q => IsUpdate(q) ? Reply(q) : Good(q));
        Assert.Equal(s_wanted, Assert.Single(await ReadAsync(server)).Value);
        Assert.Equal(new LookupResult<RRset>.Available(s_wanted), await WriteAsync(server));
        Assert.Equal((4, 2, 1), (counted["query NOERROR"], counted["check NOERROR"], counted["update NOERROR"]));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(3)]
    public async Task FailedPrerequisite_IsAConflict(int code)
    {
        await using var server = Server(q => IsUpdate(q) ? Reply(q, code) : Good(q));
        var fault = await WriteFaultAsync(server);
        Assert.Equal((FaultKind.Transient, "conflict", false), (fault.Kind, fault.Type, fault.Unconfirmed));
    }

    [Theory]
    [InlineData(1, FaultKind.Definitive, "rejected", false)]
    [InlineData(ServFail, FaultKind.Transient, "server_error", true)]
    [InlineData(4, FaultKind.Definitive, "rejected", false)]
    [InlineData(5, FaultKind.Persistent, "forbidden", false)]
    [InlineData(NotAuth, FaultKind.Persistent, "zone_not_found", false)]
    [InlineData(10, FaultKind.Persistent, "zone_not_found", false)]
    internal async Task RefusedUpdate_IsClassified(int code, FaultKind kind, string type, bool unconfirmed)
    {
        await using var server = Server(q => IsUpdate(q) ? Reply(q, code) : Good(q));
        var fault = await WriteFaultAsync(server);
        Assert.Equal((kind, type, unconfirmed), (fault.Kind, fault.Type, fault.Unconfirmed));
        Assert.StartsWith("update home.example.com A: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RecordChangedDuringTheRead_IsAConflict()
    {
        await using var server = Server(q => IsCheck(q) ? Reply(q, 8) : Good(q));
        Assert.Equal("conflict", (await ReadFaultAsync(server)).Type);
    }

    [Theory]
    [InlineData("query")]
    [InlineData("check")]
    [InlineData("update")]
    public async Task ServerDoesNotAnswer_TimesOut(string what)
    {
        string Kind(byte[] query)
        {
            if (IsUpdate(query))
                return "update";
            return IsCheck(query) ? "check" : "query";
        }

        await using var server = new DnsServer(q =>
            Kind(q) == what ? null : _signer.Sign(q, Good(q), _time.GetUtcNow())
        );
        var writing = WriteAsync(server);
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return writing.IsCompleted;
        });
        var fault = Assert.IsType<LookupResult<RRset>.Unavailable>(await writing).Fault;
        Assert.Equal(("timeout", what == "update"), (fault.Type, fault.Unconfirmed));
        Assert.Contains("no answer within 10 s", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>The server refuses the name, and does not report its zone to an unsigned query either.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RefusedName_WithoutExplanation_IsNotWritten(bool isReadable)
    {
        bool IsSigned(byte[] query) => query[11] > 0;
        await using var server = new DnsServer(q =>
        {
            if (!IsSigned(q))
                return isReadable ? Reply(q, 5) : null;
            var isForName = q.AsSpan().IndexOf("home"u8) >= 0;
            return _signer.Sign(q, isForName ? Reply(q, 5) : Good(q), _time.GetUtcNow());
        });
        var writing = WriteAsync(server);
        await Eventually.IsTrueAsync(() =>
        {
            if (server.Queries.Any(q => !IsSigned(q)))
                _time.Advance(TimeSpan.FromSeconds(1));
            return writing.IsCompleted;
        });
        var fault = Assert.IsType<LookupResult<RRset>.Unavailable>(await writing).Fault;
        Assert.Contains("but not for home.example.com", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Queries, IsUpdate);
    }

    [Fact]
    public async Task UnreachableServer_NothingWasSent()
    {
        var server = new DnsServer(_ => null);
        await server.DisposeAsync();
        var fault = await WriteFaultAsync(server);
        Assert.Equal((FaultKind.Transient, "network", false), (fault.Kind, fault.Type, fault.Unconfirmed));
        Assert.StartsWith($"connect to {server.EndPoint}: ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_IsSentOnce_WithTheAliasAsPrerequisite()
    {
        await using var server = Server(q => IsUpdate(q) ? Reply(q, ServFail) : Good(q));
        await WriteFaultAsync(server);
        var update = Assert.Single(server.Queries, IsUpdate);
        // Zone 1, prerequisites 2: no A, no CNAME; updates 2: delete, add.
        Assert.Equal([0, 1, 0, 2, 0, 2], update[4..10]);
        Assert.True(update.AsSpan().IndexOf((ReadOnlySpan<byte>)[0, 5, 0, 254]) > 0, "no prerequisite for the alias");
    }
}
