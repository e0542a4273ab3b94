using System.Globalization;
using System.Net.Security;
using System.Text;

namespace Esddns.Operator.Notifications.Mail;

/// <summary>
/// A connection to a mail server: commands and replies (RFC 5321 section 4.2). A reply has lines like
/// <c>250-STARTTLS</c>, and its last line has a space after the code: <c>250 SIZE 36700160</c>.
/// </summary>
internal sealed class SmtpConnection(Stream stream) : IAsyncDisposable
{
    private const int MaxLine = 2000,
        MaxLines = 100;

    private readonly byte[] _buffer = new byte[4096];
    private Stream _stream = stream;
    private int _start,
        _end;

    /// <summary>Whether the connection is encrypted.</summary>
    public bool IsEncrypted => _stream is SslStream;

    /// <summary>Encrypts the connection.</summary>
    /// <exception cref="SmtpException">The server sent more than its reply before the encryption began: it could be
    /// text of an attacker (CVE-2011-0411).</exception>
    public async Task EncryptAsync(SslClientAuthenticationOptions options, CancellationToken cancellationToken)
    {
        if (_start < _end)
            throw new SmtpException("the mail server sent text before the encryption", isRefusal: false);
        var tls = new SslStream(_stream);
        _stream = tls;
        await tls.AuthenticateAsClientAsync(options, cancellationToken);
    }

    /// <summary>Sends a command, and reads its reply.</summary>
    /// <param name="command">The command.</param>
    /// <param name="step">The name of the step in messages; the command may contain a secret.</param>
    /// <param name="expected">The first digit of the expected code.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SmtpException">The server refuses the command.</exception>
    public async Task<IReadOnlyList<string>> SendAsync(
        string command,
        string step,
        char expected,
        CancellationToken cancellationToken
    )
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), cancellationToken);
        await _stream.FlushAsync(cancellationToken);
        return await ReplyAsync(step, expected, cancellationToken);
    }

    /// <summary>Reads a reply.</summary>
    /// <inheritdoc cref="SendAsync" path="/param|/exception"/>
    public async Task<IReadOnlyList<string>> ReplyAsync(string step, char expected, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (lines.Count < MaxLines)
        {
            var line = await LineAsync(cancellationToken);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, null, out _))
                break;
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length > 3 && line[3] == '-')
                continue;
            // The text of the reply may repeat what was sent, so only the code is shown.
            return line[0] == expected
                ? lines
                : throw new SmtpException($"the mail server answers {step} with {line[..3]}", isRefusal: true);
        }

        throw new SmtpException($"the mail server answers {step} with text that is no reply", isRefusal: false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<string> LineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (line.Length <= MaxLine)
        {
            if (_start == _end)
            {
                (_start, _end) = (0, await _stream.ReadAsync(_buffer, cancellationToken));
                if (_end == 0)
                    throw new IOException("the connection ended");
            }

            var c = (char)_buffer[_start++];
            if (c == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append(c);
        }

        throw new SmtpException("the mail server sent a line that is too long", isRefusal: false);
    }
}

/// <summary>The mail server refuses a step, or breaks the protocol.</summary>
/// <param name="message">The problem, without secrets.</param>
/// <param name="isRefusal">Whether it is a reply that refuses the step.</param>
internal sealed class SmtpException(string message, bool isRefusal) : Exception(message)
{
    /// <summary>Whether it is a reply that refuses the step, so that the mail was certainly not accepted.</summary>
    public bool IsRefusal => isRefusal;
}
