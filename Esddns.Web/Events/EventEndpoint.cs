using Esddns.Web.Api;
using Microsoft.AspNetCore.Mvc;

namespace Esddns.Web.Events;

/// <summary><c>GET /api/v1/events</c>: server-sent events.</summary>
internal static class EventEndpoint
{
    private const string Description =
        "The first event, status, has the state now. After each change of the state one event status follows, and "
        + "before it one event change for each confirmed write, with the data of an entry of /api/v1/changes. A "
        + "comment follows after 15 s without an event. Send the id of the last event as Last-Event-ID to get the "
        + "changes since then.";

    /// <summary>Adds the services.</summary>
    public static void AddEvents(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(EventOptions.Read(builder.Configuration));
        builder.Services.AddSingleton<EventFeed>();
        builder.Services.AddHostedService(services => services.GetRequiredService<EventFeed>());
        builder.Services.AddSingleton<EventStreams>();
    }

    /// <summary>Maps the endpoint.</summary>
    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet($"{ApiEndpoints.Root}/events", AnswerAsync)
            .WithTags("Events")
            .WithName("getEvents")
            .WithSummary("Changes as they happen")
            .WithDescription(Description)
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .Produces<Problem>(StatusCodes.Status503ServiceUnavailable, Problem.ContentType);

    private static Task AnswerAsync(HttpContext http, [FromServices] EventStreams streams) => streams.AnswerAsync(http);
}
