// Reads a report of Stryker. Prints the score of one folder, and writes the surviving mutants to a file.
// dotnet run --file eng/mutants.cs -- REPORT PROJECT/FOLDER OUTPUT
using System.Globalization;
using System.Text.Json;

var (report, folder, output) = (args[0], args[1], args[2]);
using var document = JsonDocument.Parse(File.ReadAllBytes(report));
var mutants = document
    .RootElement.GetProperty("files")
    .EnumerateObject()
    .Where(f => f.Name.Replace('\\', '/').Contains($"{folder}/", StringComparison.Ordinal))
    .SelectMany(f =>
        f.Value.GetProperty("mutants")
            .EnumerateArray()
            .Select(m => new Mutant(
                Path.GetFileName(f.Name),
                m.GetProperty("location").GetProperty("start").GetProperty("line").GetInt32(),
                m.GetProperty("status").GetString()!,
                m.TryGetProperty("static", out var isStatic) && isStatic.GetBoolean(),
                $"{m.GetProperty("mutatorName").GetString()}: "
                    + $"{m.GetProperty("replacement").GetString()!.ReplaceLineEndings(" ")}"
            ))
    )
    .ToArray();

// Static initializers run before the runner activates the mutant, so they have no result.
var compiled = mutants.Where(m => m.Status is not ("Ignored" or "CompileError")).ToArray();
var tried = compiled.Where(m => !m.IsStatic).ToArray();
var noticed = tried.Count(m => m.Status is "Killed" or "Timeout");
var unnoticed = tried
    .Where(m => m.Status is "Survived" or "NoCoverage")
    .OrderBy(m => m.File)
    .ThenBy(m => m.Line)
    .ToArray();
File.WriteAllLines(
    output,
    unnoticed.Select(m => $"{m.File}:{m.Line} {(m.Status == "NoCoverage" ? "(no coverage) " : "")}{m.What}")
);

var all = noticed + unnoticed.Length;
var score = all == 0 ? "no mutants" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * noticed / all:0.0} %");
Console.WriteLine(
    $"{folder}: {score}, {noticed} of {all} killed, {compiled.Length - tried.Length} static mutants not run; "
        + $"survivors: {output}"
);

internal sealed record Mutant(string File, int Line, string Status, bool IsStatic, string What);
