using Esddns.Operator;

var line = CommandLine.Read(args);
if (line.ExitCode is { } exitCode)
    return exitCode;

var app = OperatorApp.TryBuild(line, out var errors);
if (app is null)
{
    foreach (var error in errors)
        Console.Error.WriteLine(error);
    return 2;
}

await using (app)
{
    return line.Job switch
    {
        Job.CheckConfig => await CheckConfig.WriteAsync(app.Services, line.IsOnce, Console.Out),
        Job.TestNotifications => await TestNotifications.RunAsync(app.Services, Console.Out, CancellationToken.None),
        Job.Once => await OneRound.RunAsync(app.Services, Console.Out, CancellationToken.None),
        _ => await app.RunOrExplainAsync(),
    };
}
