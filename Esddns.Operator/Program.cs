using Esddns.Operator;

var app = OperatorApp.TryBuild(args, out var errors);
if (app is null)
{
    foreach (var error in errors) Console.Error.WriteLine(error);
    return 2;
}

await using (app)
{
    return OneRound.IsWanted(args) ? await OneRound.RunAsync(app.Services, Console.Out, CancellationToken.None) : await app.RunOrExplainAsync();
}
