using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Esddns.Operator.Dns;
using Esddns.Operator.Dns.Providers.Gandi;
using Esddns.Operator.Net;
using Esddns.Tests.Support;

namespace Esddns.Tests.Dns;

/// <summary>Single answers of LiveDNS: untrusted text, Retry-After, false successes, redirects.</summary>
public sealed class LiveDnsAnswerTests
{
    private static readonly DomainName s_zone = DomainName.Parse("example.com");
    private static readonly RecordKey s_key = new(s_zone, OwnerName.Parse("home"), RecordType.A);
    private static readonly RRset s_home = new(s_key, 300, AddressSet.Of(IPAddress.Parse("198.51.100.4")));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("17", 17)]
    [InlineData("0", 0)]
    [InlineData("86400", 86_400)]
    [InlineData("315360000", 86_400)]
    [InlineData("99999999999", 86_400)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public async Task RetryAfter_InSeconds_IsBounded(string? header, int? seconds)
    {
        foreach (var status in new[] { 429, 503 })
        {
            await using var server = await HttpStub.StartAsync(status, headers: h => h.RetryAfter = header);
            Assert.Equal(seconds, (int?)(await WriteFaultAsync(server)).RetryAfter?.TotalSeconds);
        }
    }

    /// <summary>The clock of the server can differ from the clock of the operator.</summary>
    [Theory]
    [InlineData(1, 120, 120)]
    [InlineData(-1, 120, 120)]
    [InlineData(1, -120, 0)]
    [InlineData(0, 400_000_000, 86_400)]
    public async Task RetryAfter_Date_UsesTheServersClock(int hoursAhead, int seconds, int expected)
    {
        var serverNow = TimeProvider.System.GetUtcNow().AddHours(hoursAhead);
        await using var server = await HttpStub.StartAsync(
            503,
            headers: h =>
            {
                h.Date = serverNow.ToString("R", CultureInfo.InvariantCulture);
                h.RetryAfter = serverNow.AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture);
            }
        );
        Assert.Equal(TimeSpan.FromSeconds(expected), (await WriteFaultAsync(server)).RetryAfter);
    }

    [Fact]
    public void RetryAfter_DateWithoutServerClock_UsesOurClock()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var response = new HttpResponseMessage { Headers = { RetryAfter = new(now.AddMinutes(2)) } };
        Assert.Equal(TimeSpan.FromMinutes(2), RetryAfterHeader.Parse(response, now));
    }

    /// <summary>Escape, bell, a line end, a right-to-left override and seven megabytes of text.</summary>
    [Theory]
    [InlineData("""{"message":"TEXT"}""")]
    [InlineData("""{"errors":[{"name":"TEXT","description":"TEXT"},null,{"name":"rrset_ttl","description":"TEXT"}]}""")]
    [InlineData("""{"message":"TEXT","object":"TEXT","cause":"TEXT"}""")]
    [InlineData("TEXT")]
    public async Task ForeignText_BecomesOneShortCleanLine(string shape)
    {
        var text = JsonEncodedText.Encode($"wrong \u001b[31m\a\r\n\u202e {new string('x', 7_000_000 / 3)}").ToString();
        foreach (var status in new[] { 200, 400, 404 })
        {
            var body = shape.Replace("TEXT", text, StringComparison.Ordinal);
            await using var server = await HttpStub.StartAsync(status, body);
            foreach (var fault in new[] { await WriteFaultAsync(server), await ReadFaultAsync(server) })
            {
                Assert.InRange(fault.Message.Length, 20, 600);
                Assert.DoesNotContain(fault.Message, c => char.IsControl(c) || c == '\u202e');
            }
        }
    }

    [Fact]
    public async Task ProxyHtml_IsShownWithoutMarkup()
    {
        await using var server = await HttpStub.StartAsync(
            502,
            "<html>\r\n<head><title>502 Bad Gateway</title></head><body><hr>nginx</body></html>"
        );
        var message = (await ReadFaultAsync(server)).Message;
        Assert.EndsWith(": 502 502 Bad Gateway nginx", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvalidStatusLine_IsCleaned()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeOnceAsync();
        var options = new LiveDnsOptions { BaseUrl = new($"http://{listener.LocalEndpoint}"), Token = "secret-token" };
        var fault = LiveDnsUnderTest.Fault(await LiveDnsUnderTest.Provider(options).ReadAsync(s_zone, [s_key], Cancel));
        await serving;
        Assert.Equal("network", fault.Type);
        Assert.DoesNotContain(fault.Message, char.IsControl);
        Assert.InRange(fault.Message.Length, 20, 600);

        async Task ServeOnceAsync()
        {
            using var client = await listener.AcceptTcpClientAsync(Cancel);
            await client.GetStream().ReadExactlyAsync(new byte[16], Cancel);
            var noStatus = $"\u001b[31m\a{new string('x', 5000)}\r\n\r\n";
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(noStatus), Cancel);
        }
    }

    [Theory]
    [InlineData(404, """{"code":404,"object":"HTTPNotFound","message":"x"}""", "zone_not_found", "Persistent")]
    [InlineData(404, "<html>not found</html>", "unreadable", "Transient")]
    [InlineData(404, "{}", "unreadable", "Transient")]
    [InlineData(401, "", "unauthorized", "Persistent")]
    [InlineData(403, "", "forbidden", "Persistent")]
    [InlineData(408, "", "timeout", "Transient")]
    [InlineData(429, "", "rate_limited", "Transient")]
    [InlineData(422, "", "rejected", "Definitive")]
    [InlineData(500, "", "server_error", "Transient")]
    [InlineData(599, "", "server_error", "Transient")]
    [InlineData(304, "", "unreadable", "Transient")]
    public async Task Status_IsClassified(int status, string body, string type, string kind)
    {
        await using var server = await HttpStub.StartAsync(status, body);
        var fault = await ReadFaultAsync(server);
        Assert.Equal((type, kind), (fault.Type, fault.Kind.ToString()));
    }

    /// <summary>Only the documented response counts as a successful write.</summary>
    [Theory]
    [InlineData(201, """{"message":"DNS Record Created"}""", true)]
    [InlineData(200, """{"message":"DNS Record Created"}""", false)]
    [InlineData(202, """{"message":"DNS Record Created"}""", false)]
    [InlineData(201, """{"status":"ok"}""", false)]
    [InlineData(201, """["message"]""", false)]
    [InlineData(201, "", false)]
    [InlineData(204, "", false)]
    public async Task Put_OnlyTheDocumentedAnswer_Confirms(int status, string body, bool isConfirmed)
    {
        await using var server = await HttpStub.StartAsync(status, body);
        var answer = await LiveDnsUnderTest.Provider(server).WriteAsync(s_home, null, Cancel);
        Assert.Equal(isConfirmed, answer is LookupResult<RRset>.Available);
        if (!isConfirmed)
            Assert.True(LiveDnsUnderTest.Fault(answer) is { Type: "unreadable", Unconfirmed: true });
    }

    [Theory]
    [InlineData(204, "", true)]
    [InlineData(404, """{"object":"dns-record"}""", true)]
    [InlineData(404, """{"object":"HTTPNotFound"}""", false)]
    [InlineData(200, """{"message":"deleted"}""", false)]
    [InlineData(202, "", false)]
    [InlineData(500, "", false)]
    public async Task Delete_OnlyTheDocumentedAnswer_Confirms(int status, string body, bool isConfirmed)
    {
        await using var server = await HttpStub.StartAsync(status, body);
        var gone = s_home with { Values = AddressSet.Empty };
        var answer = await LiveDnsUnderTest.Provider(server).WriteAsync(gone, s_home, Cancel);
        Assert.Equal(isConfirmed, answer is LookupResult<RRset>.Available);
        if (status is 200 or 202 or 500)
            Assert.True(LiveDnsUnderTest.Fault(answer).Unconfirmed);
        Assert.Equal(["DELETE /v5/livedns/domains/example.com/records/home/A"], server.Requests);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_IsNotFollowed(int status)
    {
        await using var other = await HttpStub.StartAsync(201, """{"message":"DNS Record Created"}""");
        var target = $"{other.Url}v5/livedns/domains";
        await using var server = await HttpStub.StartAsync(status, headers: h => h.Location = target);
        Assert.Equal("unreadable", (await WriteFaultAsync(server)).Type);
        Assert.Equal("unreadable", (await ReadFaultAsync(server)).Type);
        Assert.Empty(other.Requests);
    }

    private static async Task<ProviderFault> WriteFaultAsync(HttpStub server) =>
        LiveDnsUnderTest.Fault(await LiveDnsUnderTest.Provider(server).WriteAsync(s_home, null, Cancel));

    private static async Task<ProviderFault> ReadFaultAsync(HttpStub server) =>
        LiveDnsUnderTest.Fault(await LiveDnsUnderTest.Provider(server).ReadAsync(s_zone, [s_key], Cancel));
}
