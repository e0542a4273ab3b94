using Esddns.Web;

var arguments = WebArguments.Read(args);
if (arguments.ExitCode is { } exitCode)
    return exitCode;

return await ServiceRun.RunOrExplainAsync(
    () => WebApp.Build(arguments),
    arguments.Has(WebArguments.CheckConfig) ? app => CheckConfig.WriteAsync(app.Services, Console.Out) : null
);
