using System.Net;
using System.Net.Sockets;
using Esddns.Tests.Support;

namespace Esddns.Tests.Notifications;

/// <summary>Exim, which takes mail for anyone from the user esddns, and keeps it in its queue.</summary>
internal static class Exim
{
    /// <param name="folder">Contains cert.pem and key.pem; the queue is in <c>spool</c>.</param>
    /// <param name="isImplicit">Whether connections begin with TLS.</param>
    /// <param name="method">The only method of authentication: PLAIN or LOGIN.</param>
    /// <param name="password">The password of the user.</param>
    public static async Task<RealServer> StartAsync(string folder, bool isImplicit, string method, string password)
    {
        var exim = Tool.Require("exim4", "exim4-daemon-light");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Exim takes another configuration from root only");
        var (user, secret) = method == "PLAIN" ? ("$auth2", "$auth3") : ("$auth1", "$auth2");
        var condition = "${if and{{eq{" + user + "}{esddns}}{eq{" + secret + "}{" + password + "}}}}";
        const string advertise = "${if eq{$tls_in_cipher}{}{}{*}}";
        var prompts = method == "PLAIN" ? "" : "server_prompts = Username:: : Password::";
        return await RealServer.StartAsync(
            port =>
            {
                var configuration = Path.Combine(folder, "exim.conf");
                File.WriteAllText(
                    configuration,
                    $$"""
                    exim_user = root
                    exim_group = root
                    spool_directory = {{folder}}/spool
                    log_file_path = {{folder}}/log-%s
                    pid_file_path = {{folder}}/pid
                    primary_hostname = localhost
                    local_interfaces = 127.0.0.1
                    daemon_smtp_ports = {{port}}
                    tls_on_connect_ports = {{(isImplicit ? port : 0)}}
                    tls_advertise_hosts = *
                    tls_certificate = {{folder}}/cert.pem
                    tls_privatekey = {{folder}}/key.pem
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
            await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
