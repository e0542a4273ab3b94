using System.ComponentModel;
using System.Text;
using System.Text.Json;
using Esddns.Text;
using Esddns.Web.Api;
using Esddns.Web.Prepared;
using Esddns.Web.Status;
using Microsoft.AspNetCore.Mvc;

namespace Esddns.Web.Badges;

/// <summary>The badges of a record: an image, and the data for shields.io.</summary>
internal static class BadgeEndpoints
{
    private const string Svg = "image/svg+xml";
    private const string Name = "The name of the record, in any case.";
    private const string RecordType = "A or AAAA.";

    /// <summary>Maps the endpoints.</summary>
    public static void MapBadges(this IEndpointRouteBuilder routes)
    {
        var badges = routes.MapGroup("/badge").WithTags("Badges");
        badges
            .MapGet("/{fqdn}/{type}.svg", SvgAsync)
            .WithName("getBadge")
            .WithSummary("The state of a record as an image")
            .Produces<string>(StatusCodes.Status200OK, Svg)
            .Produces<string>(StatusCodes.Status404NotFound, Svg);
        badges
            .MapGet("/{fqdn}/{type}.json", ShieldsAsync)
            .Describe<ShieldsBadge>("getShieldsBadge", "The state of a record for the endpoint badge of shields.io")
            .Produces<Problem>(StatusCodes.Status404NotFound, Problem.ContentType);
    }

    private static Task SvgAsync(
        HttpContext http,
        [FromServices] PreparedBodies bodies,
        [Description(Name)] string fqdn,
        [Description(RecordType)] string type
    ) => bodies.AnswerAsync(http, $"/badge/{fqdn}/{type}.svg", status => DrawSvg(status, fqdn, type));

    private static Task ShieldsAsync(
        HttpContext http,
        [FromServices] PreparedBodies bodies,
        [Description(Name)] string fqdn,
        [Description(RecordType)] string type
    ) => bodies.AnswerAsync(http, $"/badge/{fqdn}/{type}.json", status => Shields(status, fqdn, type));

    /// <summary>Browsers also show the image of an answer 404.</summary>
    private static Answer DrawSvg(CachedStatus cached, string fqdn, string type)
    {
        var badge = Badge.Of(cached, Clean(fqdn), Clean(type));
        var shown = badge ?? new Badge(Clean($"{fqdn} {type}"), "no such record", "lightgrey");
        return new Answer(Svg, Encoding.UTF8.GetBytes(BadgeSvg.Draw(shown)))
        {
            StatusCode = badge is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK,
        };
    }

    private static Answer Shields(CachedStatus cached, string fqdn, string type)
    {
        if (Badge.Of(cached, Clean(fqdn), Clean(type)) is not { } badge)
            return Problem.Of(StatusCodes.Status404NotFound, $"{fqdn} {type}: no such record");
        var shields = new ShieldsBadge(1, badge.Label, badge.Message, badge.Color);
        return new Answer(Answer.Json, JsonSerializer.SerializeToUtf8Bytes(shields, ApiJson.Default.ShieldsBadge));
    }

    /// <summary>The text of the client is in the answer.</summary>
    private static string Clean(string text) => UntrustedText.Clean(text);
}
