using System.Security.Cryptography;
using System.Text;
using Esddns.Operator.Dns;

namespace Esddns.Operator.Reconcile.Loop;

/// <summary>
/// Checks the credential files every 5 s, and triggers a round when one changes, so that an authentication fault ends
/// without a further wait.
/// </summary>
internal sealed class CredentialsWatch(
    IEnumerable<CredentialFile> files,
    ReconcileTrigger trigger,
    TimeProvider time,
    ILogger<CredentialsWatch> logger
) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A digest of the content of each readable file. A file that becomes readable again counts as new: a round may
    /// have failed in between.
    /// </summary>
    private readonly Dictionary<CredentialFile, string> _seen = [];

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var file in files)
            IsNew(file);
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!files.Any())
            return;
        while (true)
        {
            await Task.Delay(s_interval, time, stoppingToken);
            CredentialFile[] changed = [.. files.Where(IsNew)];
            foreach (var file in changed)
                logger.CredentialsChanged(file.Path);
            if (changed.Length > 0)
                trigger.Request(ReconcileReason.Credentials);
        }
    }

    private bool IsNew(CredentialFile file)
    {
        if (file.Read(out _) is not { } text)
        {
            _seen.Remove(file);
            return false;
        }

        var digest = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        if (_seen.GetValueOrDefault(file) == digest)
            return false;
        _seen[file] = digest;
        return true;
    }
}
