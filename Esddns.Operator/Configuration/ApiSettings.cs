using Esddns.Operator.Api;

namespace Esddns.Operator.Configuration;

/// <summary>The section <c>Esddns:Api</c>.</summary>
internal static class ApiSettings
{
    /// <summary>Reads it.</summary>
    public static ApiOptions Read(SettingsReader reader, string section)
    {
        var hosts = reader.List($"{section}:AllowedHosts") ?? [];
        foreach (var (key, text) in hosts.Where(h => !h.Text.All(IsOfAName)))
            reader.Error(key, $"'{text}' is not a host name like esddns.example.com, without scheme and port.");
        return new ApiOptions { AllowedHosts = [.. hosts.Select(h => h.Text)], Token = ReadToken(reader, section) };
    }

    private static bool IsOfAName(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_';

    /// <summary>The secret itself must not be repeated in a message.</summary>
    private static ApiToken? ReadToken(SettingsReader reader, string section)
    {
        var (text, file) = (reader.Text($"{section}:Token"), reader.Text($"{section}:TokenFile"));
        if (text is null && file is null)
            return null;
        if (text is not null && file is not null)
            reader.Error($"{section}:TokenFile", "is there beside Token; give the token in one way.");
        var token = new ApiToken(text, file);
        if (token.Check() is { } problem)
        {
            if (file is null)
                reader.Error($"{section}:Token", problem);
            else
                reader.Error($"{section}:TokenFile", $"{file} {problem}");
        }

        return token;
    }
}
