namespace Esddns.Web.Prepared;

/// <summary>Maps the endpoints that answer with prepared bodies.</summary>
internal static class ReadRoutes
{
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps a path for GET and HEAD.</summary>
    public static IEndpointConventionBuilder MapRead(
        this IEndpointRouteBuilder routes,
        string path,
        RequestDelegate handler
    ) => routes.MapMethods(path, s_methods, handler);
}
