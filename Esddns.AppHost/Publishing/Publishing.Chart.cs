using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Pipelines;
using Esddns.AppHost.Chart;
using Microsoft.Extensions.DependencyInjection;

namespace Esddns.AppHost;

internal static partial class Publishing
{
    private const string Environment = "esddns";

    static partial void AddChart(
        IDistributedApplicationBuilder builder,
        IResourceBuilder<ProjectResource> @operator,
        IResourceBuilder<ProjectResource> web
    )
    {
        if (!builder.ExecutionContext.IsPublishMode)
            return;

        var source = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", "eng", "chart"));
        var objects = ChartObjects.Read(source);
        builder
            .AddKubernetesEnvironment(Environment)
            .WithDashboard(false)
            .WithHelm(helm =>
                helm.WithChartName("esddns")
                    .WithChartVersion(typeof(Publishing).Assembly.GetName().Version!.ToString(3))
                    .WithChartDescription("Keeps DNS records at the current public address of a network")
            );
        @operator.PublishAsKubernetesService(service => Replace(service, objects.Of("operator")));
        web.PublishAsKubernetesService(service => Replace(service, objects.Of("web")));
        builder.Pipeline.AddStep(
            "complete-chart",
            context => ChartFiles.CompleteAsync(source, OutputPath(context), objects, context.CancellationToken),
            dependsOn: $"publish-{Environment}",
            requiredBy: WellKnownPipelineSteps.Publish
        );
    }

    /// <summary>
    /// Takes the objects of aspirate-output in place of those that Aspire makes: it knows neither the DaemonSet nor the
    /// roles. Both come from this application, so they must agree on the variables.
    /// </summary>
    private static void Replace(KubernetesResource service, IReadOnlyList<ChartTemplate> templates)
    {
        var missing = (service.ConfigMap?.Data.Keys ?? Enumerable.Empty<string>()).Except(
            templates.SelectMany(t => t.Variables)
        );
        if (missing.FirstOrDefault() is { } name)
            throw new InvalidOperationException(
                $"aspirate-output/base has no variable {name} for {service.Name}: run eng/manifests.sh first."
            );
        (service.Workload, service.ConfigMap, service.Secret, service.Service) = (null, null, null, null);
        service.AdditionalResources.AddRange(templates);
    }

    private static string OutputPath(PipelineStepContext context) =>
        context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory();
}
