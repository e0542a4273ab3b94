// Reads a report of Stryker: the score of one folder, and a file with the mutants that no test noticed.
// dotnet run --file eng/mutants.cs -- REPORT FOLDER OUTPUT
using System.Globalization;
using System.Text.Json;

var (report, folder, output) = (args[0], args[1], args[2]);
using var document = JsonDocument.Parse(File.ReadAllBytes(report));
var mutants = document
    .RootElement.GetProperty("files")
    .EnumerateObject()
    .Where(f => f.Name.Replace('\\', '/').Contains($"Esddns.Operator/{folder}/", StringComparison.Ordinal))
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

// What runs once in a process was run before the runner switched the mutant on: it proves nothing.
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
    unnoticed.Select(m => $"{m.File}:{m.Line} {(m.Status == "NoCoverage" ? "(no test gets there) " : "")}{m.What}")
);

var all = noticed + unnoticed.Length;
var score =
    all == 0 ? "nothing to score" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * noticed / all:0.0} %");
Console.WriteLine(
    $"{folder}: {score}, {noticed} of {all} noticed, {compiled.Length - tried.Length} of static values not "
        + $"tried; the others: {output}"
);

internal sealed record Mutant(string File, int Line, string Status, bool IsStatic, string What);
