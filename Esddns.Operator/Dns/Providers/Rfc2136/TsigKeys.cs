namespace Esddns.Operator.Dns.Providers.Rfc2136;

/// <summary>The current TSIG key: that of the configuration, or the content of the key file.</summary>
internal sealed class TsigKeys(UpdateOptions options)
{
    private readonly CredentialFile? _file = options.KeyFile is { } path ? new CredentialFile(path) : null;

    /// <summary>The key for the next message; or null and the problem, which never contains the key.</summary>
    public TsigSecret? Current(out string? problem)
    {
        problem = null;
        if (_file is null)
            return options.Key;
        if (_file.Read(out problem) is not { } text)
            return null;
        var key = TsigSecret.TryRead(options.Key.Algorithm, text);
        if (key is null)
            problem = $"the key file {options.KeyFile} does not contain a Base64 secret";
        return key;
    }
}
