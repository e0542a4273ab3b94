using System.Text.Json.Nodes;

namespace Esddns.Simulator.LiveDns;

/// <summary>The error responses of LiveDNS, in the formats observed by clients.</summary>
internal static class LiveDnsErrors
{
    private const string ContentType = "application/json; charset=UTF-8";

    public static IResult NoCredentials() =>
        Json(
            401,
            new JsonObject
            {
                ["message"] =
                    "The server could not verify that you authorized to access the document you requested. "
                    + "Either you supplied the wrong credentials (e.g., bad password), or your browser does "
                    + "not understand how to supply the credentials required.",
            }
        );

    public static IResult Unauthorized() =>
        Json(
            401,
            new JsonObject
            {
                ["code"] = 401,
                ["message"] =
                    "The server could not verify that you authorized to access the document you requested. "
                    + "Either you supplied the wrong credentials (e.g., bad password), or your browser does "
                    + "not understand how to supply the credentials required.",
                ["object"] = "HTTPUnauthorized",
                ["cause"] = "Unauthorized",
            }
        );

    public static IResult Forbidden() =>
        Json(
            403,
            new JsonObject
            {
                ["code"] = 403,
                ["message"] = "Access was denied to this resource.",
                ["object"] = "HTTPForbidden",
                ["cause"] = "Forbidden",
            }
        );

    public static IResult NoSuchZone() =>
        Json(
            404,
            new JsonObject
            {
                ["code"] = 404,
                ["message"] = "The resource could not be found.",
                ["object"] = "HTTPNotFound",
                ["cause"] = "Not Found",
            }
        );

    public static IResult NoSuchRecord() =>
        Json(
            404,
            new JsonObject
            {
                ["code"] = 404,
                ["message"] = "Can't find the DNS Record",
                ["object"] = "dns-record",
                ["cause"] = "Not Found",
            }
        );

    public static IResult Exists() =>
        Json(
            409,
            new JsonObject
            {
                ["code"] = 409,
                ["message"] = "A DNS Record already exists with same value",
                ["object"] = "dns-record",
                ["cause"] = "Conflict",
            }
        );

    public static IResult Invalid(string name, string description) =>
        Json(
            400,
            new JsonObject
            {
                ["status"] = "error",
                ["errors"] = new JsonArray(
                    new JsonObject
                    {
                        ["location"] = "body",
                        ["name"] = name,
                        ["description"] = description,
                    }
                ),
            }
        );

    public static IResult TooMany() =>
        Json(
            429,
            new JsonObject
            {
                ["code"] = 429,
                ["message"] = "Too many requests",
                ["object"] = "HTTPTooManyRequests",
                ["cause"] = "Too Many Requests",
            }
        );

    public static IResult Json(int status, JsonNode body) =>
        Results.Json(body, SimulatorJson.Compact.JsonNode, ContentType, status);
}
