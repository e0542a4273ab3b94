using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Esddns.Operator.Notifications;
using Esddns.Operator.Notifications.Channels;
using Esddns.Operator.Notifications.Events;
using Esddns.Operator.Notifications.Mail;
using Esddns.Tests.Support;

namespace Esddns.Tests.Notifications;

/// <summary>Mail to Exim, an independent server, and to a server with faults.</summary>
public sealed class MailTests : IDisposable
{
    private const string Password = "pass word\u00fc";
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
        await using var exim = await EximAsync(isImplicit: scheme == "smtps", method);
        const string title = "home.example.com A\r\nBcc: x@example.com is not in sync, ü";
        var result = await SendAsync($"{scheme}://127.0.0.1:{exim.Port}", title);
        Assert.True(result.Problem is null, result.Problem);
        var (header, body) = Spooled();
        Assert.Contains("-tls_cipher", header, StringComparison.Ordinal);
        Assert.Contains("-auth_id esddns", header, StringComparison.Ordinal);
        Assert.Contains("From: esddns@example.com", header, StringComparison.Ordinal);
        Assert.Contains("To: one@example.com, two@example.com", header, StringComparison.Ordinal);
        Assert.Contains("Message-ID: <id-1@esddns.invalid>", header, StringComparison.Ordinal);
        Assert.Contains("Subject: =?utf-8?B?", header, StringComparison.Ordinal);
        Assert.DoesNotContain("Bcc", header, StringComparison.Ordinal);
        var text = Encoding.UTF8.GetString(Convert.FromBase64String(body));
        Assert.Equal($"{title}\r\n\r\n.\r\nline ü\r\n", text);
    }

    [Fact]
    public async Task WrongPassword_IsReportedWithoutIt()
    {
        await using var exim = await EximAsync(isImplicit: false, "PLAIN");
        var result = await SendAsync($"smtp://127.0.0.1:{exim.Port}", "title", password: "not-the-password");
        Assert.Equal(("the mail server answers the password with 535", false), (result.Problem, result.MayHaveArrived));
    }

    [Fact]
    public async Task UnknownCertificate_IsRefused()
    {
        await using var exim = await EximAsync(isImplicit: false, "PLAIN");
        var result = await SendAsync($"smtp://127.0.0.1:{exim.Port}", "title", isTrusted: false);
        Assert.Equal("the certificate or the encryption of the server is not accepted", result.Problem);
        Assert.False(Directory.Exists(Path.Combine(_folder, "spool", "input")) && Mails().Length > 0);
    }

    /// <summary>Text before the encryption could come from an attacker, and must not count as encrypted.</summary>
    [Fact]
    public async Task TextBeforeTheEncryption_EndsTheConnection()
    {
        await using var server = new FakeMailServer(
            "220 x\r\n",
            "250-x\r\n250 STARTTLS\r\n",
            "220 go\r\n250 AUTH PLAIN\r\n"
        );
        var result = await SendAsync(server.Url, "title");
        Assert.Equal("the mail server sent text before the encryption", result.Problem);
        Assert.Equal(["EHLO esddns.invalid", "STARTTLS"], server.Commands);
    }

    [Theory]
    [InlineData("not smtp\r\n", "the mail server answers the connection with text that is no reply")]
    [InlineData("554 no\r\n", "the mail server answers the connection with 554")]
    [InlineData("", "the connection ended without an answer")]
    public async Task InvalidGreeting_IsReported(string greeting, string problem)
    {
        await using var server = greeting.Length == 0 ? new FakeMailServer() : new FakeMailServer(greeting);
        Assert.Equal((problem, false), Result(await SendAsync(server.Url, "title")));
    }

    [Fact]
    public async Task EndlessReplies_End()
    {
        await using var lines = new FakeMailServer(string.Concat(Enumerable.Repeat("220-x\r\n", 500)));
        Assert.Contains(
            "text that is no reply",
            (await SendAsync(lines.Url, "title")).Problem,
            StringComparison.Ordinal
        );
        await using var line = new FakeMailServer(new string('2', 5000));
        Assert.Contains(
            "line that is too long",
            (await SendAsync(line.Url, "title")).Problem,
            StringComparison.Ordinal
        );
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
        Assert.Equal(
            ("the connection ended without an answer", true),
            Result(await SendAsync(server.Url, "title", user: null))
        );
        Assert.Equal("MAIL FROM:<esddns@example.com>", server.Commands[1]);
        Assert.Equal("RCPT TO:<two@example.com>", server.Commands[3]);
    }

    [Fact]
    public async Task RefusedMail_IsNotSent()
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
        bool isTrusted = true
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
        var tls = new MailTls { Configure = o => o.CertificateChainPolicy = isTrusted ? Trust() : null };
        var options = new NotificationOptions([]) { Timeout = TimeSpan.FromMinutes(4) };
        var message = new Message("id-1", EventKind.NotInSync, NotificationBench.Start, title, [".", "line ü"]);
        return await new MailChannel(channel, options, tls, TimeProvider.System).SendAsync(message, Cancel);
    }

    private X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(_certificate);
        return policy;
    }

    private string[] Mails() => Directory.GetFiles(Path.Combine(_folder, "spool", "input"), "*-D");

    /// <summary>The header file and the body of the only mail in the queue.</summary>
    private (string Header, string Body) Spooled()
    {
        var data = Assert.Single(Mails());
        var lines = File.ReadAllText(data);
        return (File.ReadAllText(data[..^1] + "H"), lines[(lines.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
    }

    private async Task<RealServer> EximAsync(bool isImplicit, string method)
    {
        var exim = Tool.Require("exim4", "exim4-daemon-light");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Exim takes another configuration from root only");
        var (user, secret) = method == "PLAIN" ? ("$auth2", "$auth3") : ("$auth1", "$auth2");
        var condition = "${if and{{eq{" + user + "}{esddns}}{eq{" + secret + "}{" + Password + "}}}}";
        const string advertise = "${if eq{$tls_in_cipher}{}{}{*}}";
        var prompts = method == "PLAIN" ? "" : "server_prompts = Username:: : Password::";
        return await RealServer.StartAsync(
            port =>
            {
                var configuration = Path.Combine(_folder, "exim.conf");
                File.WriteAllText(
                    configuration,
                    $$"""
                    exim_user = root
                    exim_group = root
                    spool_directory = {{_folder}}/spool
                    log_file_path = {{_folder}}/log-%s
                    pid_file_path = {{_folder}}/pid
                    primary_hostname = localhost
                    local_interfaces = 127.0.0.1
                    daemon_smtp_ports = {{port}}
                    tls_on_connect_ports = {{(isImplicit ? port : 0)}}
                    tls_advertise_hosts = *
                    tls_certificate = {{_folder}}/cert.pem
                    tls_privatekey = {{_folder}}/key.pem
                    auth_advertise_hosts = {{advertise}}
                    acl_smtp_rcpt = rcpt
                    keep_environment =
                    queue_only = true
                    begin acl
                    rcpt:
                      accept authenticated = *
                      deny
                    begin authenticators
                    only:
                      driver = plaintext
                      public_name = {{method}}
                      server_condition = {{condition}}
                      server_set_id = {{user}}
                      {{prompts}}
                    """
                );
                return Tool.Start(exim, ["-C", configuration, "-bdf"]);
            },
            IsUpAsync
        );
    }

    private static async Task<bool> IsUpAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, Cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Answers each command with the next reply, and closes the connection after the last one.</summary>
    private sealed class FakeMailServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public FakeMailServer(params string[] replies)
        {
            _listener.Start();
            _serving = ServeAsync(replies);
        }

        public List<string> Commands { get; } = [];

        public string Url => $"smtp://{_listener.LocalEndpoint}";

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task ServeAsync(string[] replies)
        {
            using var client = await _listener.AcceptTcpClientAsync(Cancel);
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);
            for (var i = 0; i < replies.Length; i++)
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes(replies[i]), Cancel);
                if (await reader.ReadLineAsync(Cancel) is not { } line)
                    return;
                Commands.Add(line);
            }
        }
    }
}
