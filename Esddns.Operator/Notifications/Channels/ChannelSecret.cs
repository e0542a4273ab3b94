using Esddns.Operator.Dns;

namespace Esddns.Operator.Notifications.Channels;

/// <summary>
/// An address, token or password of a channel. A file is read again for each message, so a new secret takes effect at
/// once. It is no record: those print their values.
/// </summary>
internal sealed class ChannelSecret(string? value, string? file)
{
    private readonly CredentialFile? _file = file is null ? null : new CredentialFile(file);

    /// <summary>The secret; or null and the problem, which never contains it.</summary>
    public string? Read(out string? problem)
    {
        problem = null;
        return _file is null ? value : _file.Read(out problem)?.Trim();
    }
}
