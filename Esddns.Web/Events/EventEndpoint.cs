using Esddns.Web.Api;

namespace Esddns.Web.Events;

/// <summary><c>GET /api/v1/events</c>: the stream of events.</summary>
internal static class EventEndpoint
{
    /// <summary>Adds the services.</summary>
    public static void AddEvents(this IServiceCollection services) =>
        services
            .AddSingleton<EventStreams>()
            .AddSingleton<Pulse>()
            .AddHostedService(provider => provider.GetRequiredService<Pulse>());

    /// <summary>Maps the endpoint.</summary>
    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                $"{ApiEndpoints.Root}/events",
                context => context.RequestServices.GetRequiredService<EventStreams>().WriteAsync(context)
            )
            .DescribeEvents();
}
