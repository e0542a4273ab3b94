using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Esddns.Benchmarks;

// Runs all benchmarks in this process. Prints one line for each: name, mean, standard deviation and allocation, in ns
// and bytes, separated by tabs. --quick runs each once, to show that it works.
var isQuick = args.Contains("--quick");
var job = (isQuick ? Job.Dry : Job.Default).WithToolchain(InProcessEmitToolchain.Instance);
var config = ManualConfig
    .CreateEmpty()
    .WithArtifactsPath(Path.Combine("artifacts", "bench", "BenchmarkDotNet"))
    .AddJob(job)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddLogger(args.Contains("--verbose") ? ConsoleLogger.Default : NullLogger.Instance)
    .WithOptions(isQuick ? ConfigOptions.DisableOptimizationsValidator : ConfigOptions.Default);
var failed = 0;
foreach (var summary in BenchmarkRunner.Run(typeof(ParserBenchmarks).Assembly, config))
{
    failed += summary.HasCriticalValidationErrors ? 1 : 0;
    foreach (var report in summary.Reports)
    {
        failed += report.Success ? 0 : 1;
        var name = report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'');
        var count = report.BenchmarkCase.Parameters.Items is [var only] ? $", {only.Name} {only.Value}" : "";
        var (time, memory) = (
            report.ResultStatistics,
            report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase)
        );
        if (time is not null)
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name}{count}\t{time.Mean:0.0}\t{time.StandardDeviation:0.0}\t{memory ?? 0}"
                )
            );
    }
}

return failed == 0 ? 0 : 1;
