using System.Globalization;
using Esddns.Text;

namespace Esddns.Operator.Configuration;

/// <summary>
/// Reads single settings and collects what is wrong with them, so that one start reports every mistake: where it is,
/// what is wrong, what to write instead. Remembers what was asked for, to find settings that nobody reads.
/// </summary>
internal sealed class SettingsReader(IConfiguration configuration, Func<string, string?> environment)
{
    /// <summary>What is wrong with an address that holds credentials; they are not repeated.</summary>
    public const string NoUserInfo = "has a user name or a password in it; leave them out.";

    private const int MaxLine = 2000;
    private readonly List<string> _errors = [];
    private readonly HashSet<string> _wrong = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Setting> _read = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The settings that were read: their keys, defaults and ranges (docs/configuration.md).</summary>
    public IReadOnlyCollection<Setting> Settings => _read.Values;

    /// <summary>What is wrong, one line each.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Adds a mistake at <paramref name="key"/>: one line, whatever the value that it repeats.</summary>
    public void Error(string key, string what)
    {
        _wrong.Add(key);
        _errors.Add(ForeignText.Clean($"{LegacyEnvironment.Describe(key, environment)}: {what}", MaxLine));
    }

    /// <summary>The text at <paramref name="key"/>, or null when it is missing or blank.</summary>
    public string? Text(string key)
    {
        _read.TryAdd(key, new Setting(key));
        return configuration[key] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
    }

    /// <summary>Whether the value at <paramref name="key"/> comes from a variable of the old system.</summary>
    public bool IsLegacy(string key) => LegacyEnvironment.Describe(key, environment) != key;

    /// <summary>Whether one of the mistakes is at <paramref name="key"/> or below it.</summary>
    public bool IsWrong(string key) =>
        _wrong.Any(k =>
            k.Equals(key, StringComparison.OrdinalIgnoreCase)
            || k.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Whether anything below <paramref name="section"/> is set to more than blanks.</summary>
    public bool Has(string section) => Below(section).Any(s => !string.IsNullOrWhiteSpace(s.Value));

    /// <summary>Whether the setting is there and holds nothing.</summary>
    public bool IsBlank(string key) => configuration[key] is { } text && string.IsNullOrWhiteSpace(text);

    /// <summary>
    /// A value read by <paramref name="parse"/>, or <paramref name="otherwise"/> when it is missing or wrong.
    /// </summary>
    public T Value<T>(string key, T otherwise, Func<string, (bool Ok, T Value)> parse, string expected)
    {
        if (Text(key) is not { } text)
            return otherwise;
        var (ok, value) = parse(text);
        if (!ok)
            Error(key, $"'{text}' is not {expected}.");
        return ok ? value : otherwise;
    }

    /// <summary>A whole number within a range.</summary>
    public int Number(string key, int otherwise, int least, int most)
    {
        Declare(key, otherwise, string.Create(CultureInfo.InvariantCulture, $"{least} to {most}"));
        return Value(
            key,
            otherwise,
            text =>
                (
                    int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                        && n >= least
                        && n <= most,
                    n
                ),
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}")
        );
    }

    /// <summary>A duration within a range: seconds, or hh:mm:ss.</summary>
    public TimeSpan Duration(string key, TimeSpan otherwise, TimeSpan least, TimeSpan most)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"{least.TotalSeconds:0.###} to {most.TotalSeconds:0}");
        Declare(key, otherwise.TotalSeconds, range + " s");
        return Value(key, otherwise, Read, $"a duration from {range} seconds (a number of seconds, or hh:mm:ss)");

        (bool Ok, TimeSpan Value) Read(string text) =>
            (DurationText.TryParse(text, out var value) && value >= least && value <= most, value);
    }

    /// <summary>True or false.</summary>
    public bool Switch(string key, bool otherwise)
    {
        Declare(key, otherwise ? "true" : "false", "true, false");
        return Value(key, otherwise, text => (bool.TryParse(text, out var value), value), "true or false");
    }

    /// <summary>One of the names of an enumeration.</summary>
    public T Choice<T>(string key, T otherwise)
        where T : struct, Enum
    {
        var names = string.Join(", ", Enum.GetNames<T>());
        Declare(key, otherwise, names);
        return Value(
            key,
            otherwise,
            text =>
                (
                    Enum.TryParse<T>(text, true, out var value)
                        && Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase),
                    value
                ),
            $"one of {names}"
        );
    }

    private void Declare(string key, IFormattable otherwise, string values) =>
        Declare(key, otherwise.ToString(null, CultureInfo.InvariantCulture), values);

    private void Declare(string key, string otherwise, string values) =>
        _read[key] = new Setting(key, otherwise, values);

    /// <summary>A list: as an array, or as one text with commas. Null when it is missing.</summary>
    public IReadOnlyList<(string Key, string Text)>? List(string key)
    {
        if (Text(key) is { } joined)
            return
            [
                .. joined
                    .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(t => (key, t)),
            ];
        var items = Keys(key).Select(k => (k, Text(k) ?? "")).ToArray();
        return items.Length == 0 ? null : items;
    }

    /// <summary>The keys directly below <paramref name="key"/>.</summary>
    public IReadOnlyList<string> Keys(string key) =>
        [.. configuration.GetSection(key).GetChildren().Select(c => c.Path)];

    /// <summary>All settings below <paramref name="section"/> that have a value.</summary>
    public IEnumerable<(string Key, string Value)> Below(string section) =>
        from setting in configuration.GetSection(section).AsEnumerable()
        where setting.Value is not null
        select (setting.Key, setting.Value);

    /// <summary>
    /// Reports every setting below <paramref name="root"/> that was never asked for: a typing mistake would else go
    /// unnoticed.
    /// </summary>
    public void RejectUnknown(string root)
    {
        foreach (var (key, _) in Below(root).Where(s => !_read.ContainsKey(s.Key)))
            Error(key, "there is no such setting; see the table in the README.");
    }

    /// <summary>An address; a mistake in it is reported, without the credentials that may be in it.</summary>
    /// <returns>Null when there is a mistake.</returns>
    public Uri? Address(string key, string text, string expected, params ReadOnlySpan<string> schemes)
    {
        var isRight =
            Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme) && uri.Host.Length > 0;
        if (HasUserInfo(text))
            Error(key, NoUserInfo);
        else if (isRight)
            return uri;
        else
            Error(key, $"'{text}' is not {expected}.");
        return null;
    }

    /// <summary>
    /// Whether there is anything before an @ in the authority of an address (RFC 3986 section 3.2.1), well-formed or
    /// not.
    /// </summary>
    public static bool HasUserInfo(string address)
    {
        var start = address.IndexOf("//", StringComparison.Ordinal) is >= 0 and var slashes ? slashes + 2 : 0;
        return address[start..].Split('/', '?', '#')[0].Contains('@', StringComparison.Ordinal);
    }
}

/// <summary>A setting.</summary>
/// <param name="Key">Where it is.</param>
/// <param name="Default">What it is when it is left out; null when that depends, or is nothing.</param>
/// <param name="Values">What it may be; null when that takes more than a range or a list of words.</param>
internal sealed record Setting(string Key, string? Default = null, string? Values = null);
