namespace Esddns.AppHost;

/// <summary>What <c>aspire publish</c> writes, besides the manifest that Aspirate reads.</summary>
internal static partial class Publishing
{
    /// <summary>
    /// Publishes a Helm chart. Does nothing unless the project is built with <c>-p:PublishTo=helm</c>: the package that
    /// it needs is not on every feed, and Aspirate does not read the manifest of an application with a compute
    /// environment.
    /// </summary>
    public static void PublishAsChart(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<ProjectResource> @operator,
        IResourceBuilder<ProjectResource> web
    ) => AddChart(builder, @operator, web);

    static partial void AddChart(
        IDistributedApplicationBuilder builder,
        IResourceBuilder<ProjectResource> @operator,
        IResourceBuilder<ProjectResource> web
    );
}
