using System.Globalization;
using Esddns.Text;
using Microsoft.Extensions.Configuration;

namespace Esddns.Configuration;

/// <summary>
/// Reads single settings and collects the errors, so that one start reports every mistake: the setting, the problem,
/// and the expected value. It records which settings were read, to find unknown ones.
/// </summary>
/// <param name="configuration">The configuration.</param>
/// <param name="describe">The name of a setting in errors, when it is not the key.</param>
internal sealed class SettingsReader(IConfiguration configuration, Func<string, string>? describe = null)
{
    /// <summary>The error for an address that contains credentials; it does not repeat them.</summary>
    public const string NoUserInfo = "contains a user name or a password; remove them.";

    private const int MaxLine = 2000;
    private readonly List<string> _errors = [];
    private readonly HashSet<string> _wrong = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Setting> _read = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The settings that were read, with key, default and range (docs/configuration.md).</summary>
    public IReadOnlyCollection<Setting> Settings => _read.Values;

    /// <summary>The errors, one line each.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>
    /// Adds an error for <paramref name="key"/>. It is cleaned to one line, because it may repeat a value.
    /// </summary>
    public void Error(string key, string what)
    {
        _wrong.Add(key);
        var line = UntrustedText.Clean($"{NameOf(key)}: {what}", MaxLine);
        if (!_errors.Contains(line))
            _errors.Add(line);
    }

    /// <summary>The text at <paramref name="key"/>, or null when it is missing or blank.</summary>
    public string? Text(string key)
    {
        _read.TryAdd(key, new Setting(key));
        return configuration[key] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
    }

    /// <summary>Whether the value at <paramref name="key"/> comes from a variable of the old system.</summary>
    public bool IsLegacy(string key) => NameOf(key) != key;

    /// <summary>Whether an error exists for <paramref name="key"/> or a key below it.</summary>
    public bool IsWrong(string key) =>
        _wrong.Any(k =>
            k.Equals(key, StringComparison.OrdinalIgnoreCase)
            || k.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Whether any setting below <paramref name="section"/> has a non-blank value.</summary>
    public bool Has(string section) => Below(section).Any(s => !string.IsNullOrWhiteSpace(s.Value));

    /// <summary>Whether the setting exists and is blank.</summary>
    public bool IsBlank(string key) => configuration[key] is { } text && string.IsNullOrWhiteSpace(text);

    /// <summary>
    /// A value read by <paramref name="parse"/>, or <paramref name="defaultValue"/> when it is missing or invalid.
    /// </summary>
    public T Value<T>(string key, T defaultValue, Func<string, (bool Ok, T Value)> parse, string expected)
    {
        if (Text(key) is not { } text)
            return defaultValue;
        var (ok, value) = parse(text);
        if (!ok)
            Error(key, $"'{text}' is not {expected}.");
        return ok ? value : defaultValue;
    }

    /// <summary>Reads a whole number within a range.</summary>
    public int Number(string key, int defaultValue, int min, int max)
    {
        Declare(key, defaultValue, string.Create(CultureInfo.InvariantCulture, $"{min} to {max}"));
        return Value(
            key,
            defaultValue,
            text =>
                (
                    int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                        && n >= min
                        && n <= max,
                    n
                ),
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}")
        );
    }

    /// <summary>Reads a duration within a range: seconds, or <c>hh:mm:ss</c>.</summary>
    public TimeSpan Duration(string key, TimeSpan defaultValue, TimeSpan min, TimeSpan max)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"{min.TotalSeconds:0.###} to {max.TotalSeconds:0}");
        Declare(key, defaultValue.TotalSeconds, range + " s");
        return Value(key, defaultValue, Read, $"a duration from {range} seconds (a number of seconds, or hh:mm:ss)");

        (bool Ok, TimeSpan Value) Read(string text) =>
            (DurationText.TryParse(text, out var value) && value >= min && value <= max, value);
    }

    /// <summary>Reads <c>true</c> or <c>false</c>.</summary>
    public bool Switch(string key, bool defaultValue)
    {
        Declare(key, defaultValue ? "true" : "false", "true, false");
        return Value(key, defaultValue, text => (bool.TryParse(text, out var value), value), "true or false");
    }

    /// <summary>Reads one of the names of an enumeration.</summary>
    public T Choice<T>(string key, T defaultValue)
        where T : struct, Enum
    {
        var names = string.Join(", ", Enum.GetNames<T>());
        Declare(key, defaultValue, names);
        return Value(
            key,
            defaultValue,
            text =>
                (
                    Enum.TryParse<T>(text, true, out var value)
                        && Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase),
                    value
                ),
            $"one of {names}"
        );
    }

    private string NameOf(string key) => describe?.Invoke(key) ?? key;

    private static bool IsNone(string? text) => "none".Equals(text, StringComparison.OrdinalIgnoreCase);

    private void Declare(string key, IFormattable defaultValue, string values) =>
        Declare(key, defaultValue.ToString(null, CultureInfo.InvariantCulture), values);

    private void Declare(string key, string defaultValue, string values) =>
        _read[key] = new Setting(key, defaultValue, values);

    /// <summary>
    /// Reads a list: an array, or one comma-separated text; <c>none</c> is an empty list. Null when it is missing.
    /// </summary>
    public IReadOnlyList<(string Key, string Text)>? List(string key)
    {
        if (IsNone(Text(key)))
            return [];
        if (Text(key) is { } joined)
            return
            [
                .. joined
                    .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(t => (key, t)),
            ];
        var items = Keys(key).Select(k => (k, Text(k) ?? "")).ToArray();
        if (items.Length == 0)
            return null;
        return items is [var (_, only)] && IsNone(only) ? [] : items;
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
    /// Reports every setting below <paramref name="root"/> that was not read, because it is probably a typing mistake.
    /// </summary>
    /// <param name="root">The section.</param>
    /// <param name="others">A section of another program, which can share the environment variables.</param>
    public void RejectUnknown(string root, string? others = null)
    {
        var unknown = Below(root)
            .Where(s => !_read.ContainsKey(s.Key))
            .Where(s => others is null || !s.Key.StartsWith($"{others}:", StringComparison.OrdinalIgnoreCase));
        foreach (var (key, _) in unknown)
            Error(key, "unknown setting; see docs/configuration.md.");
    }

    /// <summary>Parses an address. Reports an error without the credentials that the address may contain.</summary>
    /// <returns>The address; null when it is invalid.</returns>
    public Uri? Address(string key, string text, string expected, params ReadOnlySpan<string> schemes)
    {
        var isValid =
            Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme) && uri.Host.Length > 0;
        if (HasUserInfo(text))
            Error(key, NoUserInfo);
        else if (isValid)
            return uri;
        else
            Error(key, $"'{text}' is not {expected}.");
        return null;
    }

    /// <summary>
    /// Whether the authority of an address contains user information before an @ (RFC 3986 section 3.2.1). The address
    /// may be malformed.
    /// </summary>
    public static bool HasUserInfo(string address)
    {
        var start = address.IndexOf("//", StringComparison.Ordinal) is >= 0 and var slashes ? slashes + 2 : 0;
        return address[start..].Split('/', '?', '#')[0].Contains('@', StringComparison.Ordinal);
    }
}
