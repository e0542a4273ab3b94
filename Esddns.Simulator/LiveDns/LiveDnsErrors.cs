namespace Esddns.Simulator.LiveDns;

/// <summary>The error responses of LiveDNS, in the formats observed by clients.</summary>
internal static class LiveDnsErrors
{
    private const string ContentType = "application/json; charset=UTF-8";

    public static IResult NoCredentials() =>
        Json(
            401,
            new
            {
                message = "The server could not verify that you authorized to access the document you requested. "
                    + "Either you supplied the wrong credentials (e.g., bad password), or your browser does "
                    + "not understand how to supply the credentials required.",
            }
        );

    public static IResult Unauthorized() =>
        Json(
            401,
            new
            {
                code = 401,
                message = "The server could not verify that you authorized to access the document you requested. "
                    + "Either you supplied the wrong credentials (e.g., bad password), or your browser does "
                    + "not understand how to supply the credentials required.",
                @object = "HTTPUnauthorized",
                cause = "Unauthorized",
            }
        );

    public static IResult Forbidden() =>
        Json(
            403,
            new
            {
                code = 403,
                message = "Access was denied to this resource.",
                @object = "HTTPForbidden",
                cause = "Forbidden",
            }
        );

    public static IResult NoSuchZone() =>
        Json(
            404,
            new
            {
                code = 404,
                message = "The resource could not be found.",
                @object = "HTTPNotFound",
                cause = "Not Found",
            }
        );

    public static IResult NoSuchRecord() =>
        Json(
            404,
            new
            {
                code = 404,
                message = "Can't find the DNS Record",
                @object = "dns-record",
                cause = "Not Found",
            }
        );

    public static IResult Exists() =>
        Json(
            409,
            new
            {
                code = 409,
                message = "A DNS Record already exists with same value",
                @object = "dns-record",
                cause = "Conflict",
            }
        );

    public static IResult Invalid(string name, string description) =>
        Json(
            400,
            new
            {
                status = "error",
                errors = new[]
                {
                    new
                    {
                        location = "body",
                        name,
                        description,
                    },
                },
            }
        );

    public static IResult TooMany() =>
        Json(
            429,
            new
            {
                code = 429,
                message = "Too many requests",
                @object = "HTTPTooManyRequests",
                cause = "Too Many Requests",
            }
        );

    public static IResult Json(int status, object body) =>
        Results.Json(body, contentType: ContentType, statusCode: status);
}
