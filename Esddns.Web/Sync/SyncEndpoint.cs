using System.Globalization;
using Esddns.Http;
using Esddns.Web.Api;
using Esddns.Web.Prepared;

namespace Esddns.Web.Sync;

/// <summary><c>POST /api/v1/sync</c>: requests a round, and answers at its end.</summary>
internal static class SyncEndpoint
{
    /// <summary>The path of the endpoint.</summary>
    public const string Path = $"{ApiEndpoints.Root}/sync";

    /// <summary>Adds the services.</summary>
    public static void AddSync(this IServiceCollection services)
    {
        services.AddSingleton<SyncAccess>().AddSingleton<SyncGate>();
        services.AddServiceClient<OperatorSync>(new Uri("http://operator"));
    }

    /// <summary>Maps the endpoint.</summary>
    public static void MapSync(this IEndpointRouteBuilder routes) =>
        routes.MapMethods(Path, [HttpMethods.Post], RunAsync).DescribeSync();

    private static async Task RunAsync(HttpContext context)
    {
        var services = context.RequestServices;
        if (services.GetRequiredService<SyncAccess>().Refusal(context) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        var gate = services.GetRequiredService<SyncGate>();
        if (gate.Enter() is { } wait)
        {
            var seconds = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers.RetryAfter = seconds;
            await new ProblemResult(
                StatusCodes.Status429TooManyRequests,
                $"A round was requested just now. Retry in {seconds} s."
            ).ExecuteAsync(context);
            return;
        }

        try
        {
            await RequestAsync(context);
        }
        finally
        {
            gate.Leave();
        }
    }

    private static async Task RequestAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            var (done, statusCode, problem) = await services.GetRequiredService<OperatorSync>().RequestAsync(end.Token);
            if (done is not null)
            {
                var body = PreparedBody.Json(done, ApiJson.Default.SyncDocument);
                await body.WriteAsync(context, "no-store");
                return;
            }

            services.GetRequiredService<ILogger<OperatorSync>>().RoundNotRequested(statusCode, problem!);
            if (statusCode == StatusCodes.Status503ServiceUnavailable)
                context.Response.Headers.RetryAfter = "5";
            await new ProblemResult(statusCode, problem).ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client has gone, or the host stops. The round continues.
            context.Abort();
        }
    }
}
