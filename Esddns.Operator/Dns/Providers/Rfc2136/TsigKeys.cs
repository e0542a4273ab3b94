namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>The key as it is now: that of the configuration, or what its file holds.</summary>
internal sealed class TsigKeys(UpdateOptions options)
{
    private readonly CredentialFile? _file = options.KeyFile is { } path ? new CredentialFile(path) : null;

    /// <summary>The key for what is sent next; or null with what is wrong, in words that never contain it.</summary>
    public TsigSecret? Current(out string? problem)
    {
        problem = null;
        if (_file is null)
            return options.Key;
        if (_file.Read(out problem) is not { } text)
            return null;
        var key = TsigSecret.TryRead(options.Key.Algorithm, text);
        if (key is null)
            problem = $"the key file {options.KeyFile} does not hold a secret in Base64";
        return key;
    }
}
