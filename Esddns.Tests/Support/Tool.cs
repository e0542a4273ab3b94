using System.Diagnostics;

namespace Esddns.Tests.Support;

/// <summary>
/// Independent programs that tests use. A missing program fails the test in CI, and skips it elsewhere.
/// </summary>
internal static class Tool
{
    /// <summary>The path of a program.</summary>
    public static string Require(string name, string debianPackage)
    {
        var path = ((Environment.GetEnvironmentVariable("PATH") ?? "") + ":/usr/sbin")
            .Split(':')
            .Select(d => Path.Combine(d, name))
            .FirstOrDefault(File.Exists);
        if (path is not null)
            return path;
        var message = $"{name} is missing: apt-get install {debianPackage}";
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(message);
        Assert.Skip(message);
        throw new UnreachableException();
    }

    /// <summary>Runs a program until it exits.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string file,
        IEnumerable<string> arguments,
        string? input = null,
        IDictionary<string, string?>? environment = null
    )
    {
        using var process = Start(file, arguments, environment);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>Starts a program with redirected streams.</summary>
    public static Process Start(
        string file,
        IEnumerable<string> arguments,
        IDictionary<string, string?>? environment = null
    )
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[key] = value;
        return Process.Start(start)!;
    }
}
