namespace Microsoft.Extensions.Hosting;

/// <summary>The configuration has mistakes. A service that does not start for this reason prints them.</summary>
/// <param name="errors">The mistakes, one line each: the setting, the problem, and the expected value.</param>
public sealed class InvalidSettingsException(IReadOnlyList<string> errors)
    : Exception(string.Join(Environment.NewLine, errors));
