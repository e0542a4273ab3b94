using Esddns.Access;
using Esddns.Configuration;
using Esddns.Operator.Api;

namespace Esddns.Operator.Configuration;

/// <summary>Reads the section <c>Esddns:Api</c>.</summary>
internal static class ApiSettings
{
    /// <summary>Reads the section.</summary>
    public static ApiOptions Read(SettingsReader reader, string section)
    {
        var hosts = reader.List($"{section}:AllowedHosts") ?? [];
        foreach (var (key, text) in hosts.Where(h => !h.Text.All(IsHostNameCharacter)))
            reader.Error(key, $"'{text}' is not a host name like esddns.example.com, without scheme and port.");
        return new ApiOptions { AllowedHosts = [.. hosts.Select(h => h.Text)], Token = ReadToken(reader, section) };
    }

    private static bool IsHostNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_';

    /// <summary>Reads the token. Messages must not contain the secret.</summary>
    private static ApiToken? ReadToken(SettingsReader reader, string section)
    {
        var (text, file) = (reader.Text($"{section}:Token"), reader.Text($"{section}:TokenFile"));
        if (text is null && file is null)
            return null;
        if (text is not null && file is not null)
            reader.Error($"{section}:TokenFile", "cannot be combined with Token; remove one of them.");
        var token = new ApiToken(text, file);
        token.Read(out var problem);
        if (problem is not null)
        {
            if (file is null)
                reader.Error($"{section}:Token", problem);
            else
                reader.Error($"{section}:TokenFile", $"{file} {problem}");
        }

        return token;
    }
}
