using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Esddns.Operator.Notifications;
using Esddns.Operator.Notifications.Channels;
using Esddns.Operator.Notifications.Events;
using Esddns.Operator.Notifications.Mail;
using Microsoft.Extensions.Time.Testing;

namespace Esddns.Tests.Notifications;

/// <summary>Mail to Exim, an independent server, and to a server with faults.</summary>
public sealed class MailTests : IDisposable
{
    private const string Password = "pass word\u00fc";
    private const string NoReply = "the connection ended, or the mail server sent text that is no reply";
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(4);
    private readonly string _folder = Directory.CreateTempSubdirectory("esddns-mail-").FullName;
    private readonly X509Certificate2 _certificate;

    public MailTests()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(_folder, "cert.pem"), _certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("smtp", "PLAIN")]
    [InlineData("smtp", "LOGIN")]
    [InlineData("smtps", "PLAIN")]
    public async Task Exim_TakesTheMail_EncryptedAndAuthenticated(string scheme, string method)
    {
        await using var exim = await Exim.StartAsync(_folder, isImplicit: scheme == "smtps", method, Password);
        const string title = "home.example.com A\r\nBcc: x@example.com is not in sync, ü";
        var result = await SendAsync($"{scheme}://127.0.0.1:{exim.Port}", title);
        Assert.True(result.Problem is null, result.Problem);
        var (header, body) = Spooled();
        Assert.Contains("-tls_cipher", header, StringComparison.Ordinal);
        Assert.Contains("-auth_id esddns", header, StringComparison.Ordinal);
        Assert.Contains("From: esddns@example.com", header, StringComparison.Ordinal);
        Assert.Contains("To: one@example.com, two@example.com", header, StringComparison.Ordinal);
        Assert.Contains("Message-Id: <id-1@example.com>", header, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated", header, StringComparison.Ordinal);
        var names = header.Split('\n').Where(l => l.Contains("Bcc:", StringComparison.Ordinal));
        Assert.Contains(
            "Subject: home.example.com ABcc: x@example.com",
            Assert.Single(names),
            StringComparison.Ordinal
        );
        var text = Encoding.UTF8.GetString(Convert.FromBase64String(body));
        Assert.Equal($"{title}\r\n\r\n.\r\nline ü\r\n", text);
    }

    /// <summary>Servers may refuse a name that is not fully qualified (RFC 5321 section 2.3.5).</summary>
    [Theory]
    [InlineData("Node.Example.com", "node.example.com")]
    [InlineData("node", "127.0.0.1")]
    [InlineData("my_node.example.com", "127.0.0.1")]
    [InlineData("a b.example.com", "127.0.0.1")]
    [InlineData("192.0.2.1", "127.0.0.1")]
    [InlineData("", "127.0.0.1")]
    public void Greeting_IsAQualifiedName_OrAnAddress(string hostName, string greeting) =>
        Assert.Equal(greeting, MailText.Greeting(hostName));

    [Fact]
    public async Task WrongPassword_IsReportedWithoutIt()
    {
        await using var exim = await Exim.StartAsync(_folder, isImplicit: false, "PLAIN", Password);
        var result = await SendAsync($"smtp://127.0.0.1:{exim.Port}", "title", password: "not-the-password");
        Assert.Equal(("the mail server answers the password with 535", false), (result.Problem, result.MayHaveArrived));
    }

    [Fact]
    public async Task UnknownCertificate_IsRefused()
    {
        await using var exim = await Exim.StartAsync(_folder, isImplicit: false, "PLAIN", Password);
        var result = await SendAsync($"smtp://127.0.0.1:{exim.Port}", "title", isTrusted: false);
        Assert.Equal("the certificate or the encryption of the server is not accepted", result.Problem);
        Assert.False(Directory.Exists(Path.Combine(_folder, "spool", "input")) && Mails().Length > 0);
    }

    /// <summary>Text before the encryption could come from an attacker, and must not count as encrypted.</summary>
    [Fact]
    public async Task TextBeforeTheEncryption_IsNotRead()
    {
        await using var server = new FakeMailServer(
            "220 x\r\n",
            "250-x\r\n250 STARTTLS\r\n",
            "220 go\r\n250 AUTH PLAIN\r\n"
        );
        Assert.Equal(("the connection ended without an answer", false), Result(await SendAsync(server.Url, "title")));
        var name = MailText.Greeting(System.Net.Dns.GetHostName()).Replace("127.0.0.1", "[127.0.0.1]");
        Assert.Equal([$"EHLO {name}", "STARTTLS"], server.Commands.Take(2));
        Assert.DoesNotContain(server.Commands, c => c.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("not smtp\r\n", NoReply)]
    [InlineData("554 no\r\n", "the mail server answers the connection with 554")]
    [InlineData("", NoReply)]
    public async Task InvalidGreeting_IsReported(string greeting, string problem)
    {
        await using var server = greeting.Length == 0 ? new FakeMailServer() : new FakeMailServer(greeting);
        Assert.Equal((problem, false), Result(await SendAsync(server.Url, "title")));
    }

    /// <summary>The server waits for an answer, so only the limit of size ends these.</summary>
    [Theory]
    [InlineData("220-x\r\n")]
    [InlineData("2")]
    public async Task EndlessReplies_End(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, ReplyLimit.MaxBytes));
        await using var server = new FakeMailServer(part == "2" ? "220 " + text : text);
        Assert.Equal((NoReply, false), Result(await SendAsync(server.Url, "title")));
    }

    [Fact]
    public async Task NoMethodForThePassword_IsReported()
    {
        await using var server = new FakeMailServer("220 x\r\n", "250-x\r\n250 AUTH CRAM-MD5\r\n");
        var result = await SendAsync(server.Url, "title");
        Assert.Equal("the mail server offers neither AUTH PLAIN nor AUTH LOGIN", result.Problem);
    }

    [Theory]
    [InlineData("235 ok\r\n", "530 x\r\n", "the mail server requires a user and a password (530)")]
    [InlineData("235 ok\r\n", "451 x\r\n", "the mail server answers the sender with 451")]
    [InlineData("334 ?\r\n", "535 secret text\r\n", "the mail server answers the password with 535")]
    [InlineData("534 secret text\r\n", "", "the mail server refuses the password")]
    public async Task RefusedAfterThePassword_IsReportedWithoutTheServersText(string auth, string next, string problem)
    {
        await using var server = new FakeMailServer("220 x\r\n", "250-x\r\n250 AUTH PLAIN\r\n", auth, next);
        Assert.Equal((problem, false), Result(await SendAsync(server.Url, "title")));
    }

    /// <summary>The time limit counts for the whole attempt, also during the handshake of TLS.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SilentServer_EndsAtTheTimeLimit(bool isImplicit)
    {
        var time = new FakeTimeProvider();
        await using var server = new FakeMailServer([.. Enumerable.Repeat("", 1000)]);
        var url = isImplicit ? server.Url.Replace("smtp:", "smtps:", StringComparison.Ordinal) : server.Url;
        var sending = SendAsync(url, "title", time: time);
        await server.Accepted;
        time.Advance(s_timeout);
        Assert.Equal(("no answer within 240 s", false), Result(await sending));
    }

    /// <summary>Without an answer to the mail, it may have been accepted.</summary>
    [Fact]
    public async Task CutAfterTheMail_MayHaveArrived()
    {
        await using var server = new FakeMailServer([
            "220 x\r\n",
            "250 x\r\n",
            "250 sender\r\n",
            "250 one\r\n",
            "250 two\r\n",
            "354 go\r\n",
        ]);
        Assert.Equal((NoReply, true), Result(await SendAsync(server.Url, "title", user: null)));
        Assert.Equal("MAIL FROM:<esddns@example.com>", server.Commands[1]);
        Assert.Equal("RCPT TO:<two@example.com>", server.Commands[3]);
    }

    /// <summary>Without permission to send the mail, it was certainly not accepted.</summary>
    [Theory]
    [InlineData("", NoReply)]
    [InlineData("451 secret text\r\n", "the mail server answers DATA with 451")]
    public async Task CutBeforeTheMail_HasNotArrived(string data, string problem)
    {
        string[] replies = ["220 x\r\n", "250 x\r\n", "250 sender\r\n", "250 one\r\n", "250 two\r\n"];
        await using var server = new FakeMailServer(data.Length == 0 ? replies : [.. replies, data]);
        Assert.Equal((problem, false), Result(await SendAsync(server.Url, "title", user: null)));
    }

    [Fact]
    public async Task RefusedRecipient_IsReportedWithoutTheServersText()
    {
        await using var server = new FakeMailServer([
            "220 x\r\n",
            "250 x\r\n",
            "250 sender\r\n",
            "550 secret text\r\n",
        ]);
        Assert.Equal(
            ("the mail server answers a recipient with 550", false),
            Result(await SendAsync(server.Url, "title", user: null))
        );
    }

    private static (string?, bool) Result(SendResult result) => (result.Problem, result.MayHaveArrived);

    private async Task<SendResult> SendAsync(
        string url,
        string title,
        string? user = "esddns",
        string password = Password,
        bool isTrusted = true,
        TimeProvider? time = null
    )
    {
        var channel = new ChannelOptions
        {
            Name = "mail",
            Type = ChannelType.Smtp,
            Events = [],
            Url = new ChannelSecret(url, null),
            Secret = user is null ? null : new ChannelSecret(password, null),
            User = user,
            From = "esddns@example.com",
            To = ["one@example.com", "two@example.com"],
        };
        var options = new NotificationOptions([]) { Timeout = s_timeout };
        var message = new Message("id-1", EventKind.NotInSync, NotificationBench.Start, title, [".", "line ü"]);
        RemoteCertificateValidationCallback? check = isTrusted ? IsOurs : null;
        return await new MailChannel(channel, options, time ?? TimeProvider.System, check).SendAsync(message, Cancel);
    }

    /// <summary>Trusts the certificate of the test, if it is valid for the host.</summary>
    private bool IsOurs(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        (errors | SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.RemoteCertificateChainErrors
        && certificate?.GetCertHashString() == _certificate.GetCertHashString();

    private string[] Mails() => Directory.GetFiles(Path.Combine(_folder, "spool", "input"), "*-D");

    /// <summary>The header file and the body of the only mail in the queue.</summary>
    private (string Header, string Body) Spooled()
    {
        var data = Assert.Single(Mails());
        var lines = File.ReadAllText(data);
        return (File.ReadAllText(data[..^1] + "H"), lines[(lines.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
    }
}
