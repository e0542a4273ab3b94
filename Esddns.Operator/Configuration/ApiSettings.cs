using Esddns.Operator.Api;

namespace Esddns.Operator.Configuration;

/// <summary>The section <c>Esddns:Api</c>.</summary>
internal static class ApiSettings
{
    /// <summary>Reads it.</summary>
    public static ApiOptions Read(SettingsReader reader, string section)
    {
        var hosts = reader.List($"{section}:AllowedHosts") ?? [];
        foreach (var (key, text) in hosts.Where(h => !h.Text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')))
            reader.Error(key, $"'{text}' is not a host name like esddns.example.com, without scheme and port.");
        return new ApiOptions { AllowedHosts = [.. hosts.Select(h => h.Text)], Token = ReadToken(reader, section) };
    }

    /// <summary>The secret itself must not be repeated in a message.</summary>
    private static ApiToken? ReadToken(SettingsReader reader, string section)
    {
        var (text, file) = (reader.Text($"{section}:Token"), reader.Text($"{section}:TokenFile"));
        if (text is not null && file is not null) reader.Error($"{section}:TokenFile", "is there beside Token; give the token in one way.");
        if (text is null && file is null) return null;
        var token = new ApiToken(text, file);
        if (token.Check() is { } problem)
            reader.Error(file is null ? $"{section}:Token" : $"{section}:TokenFile", file is null ? problem : $"{file} {problem}");
        return token;
    }
}
