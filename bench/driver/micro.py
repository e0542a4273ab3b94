"""The hot paths, one by one: BenchmarkDotNet, in bench/Esddns.Benchmarks."""

import os
import subprocess

from . import programs

PROJECT = os.path.join(programs.ROOT, "bench", "Esddns.Benchmarks")


def _time(nanoseconds):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:,.1f} {unit}"
    return f"{nanoseconds:.0f} ns"


def _size(count):
    return f"{count:,.0f} B" if count < 10240 else f"{count / 1024:,.0f} KiB"


def run(quick):
    """Measures. Returns the section of the report as Markdown, and the data."""
    command = ["dotnet", "run", "--project", PROJECT, "-c", "Debug" if quick else "Release", "-v", "quiet"]
    done = subprocess.run(
        [*command, "--", *(["--quick"] if quick else [])],
        cwd=programs.ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"The hot paths failed:\n{done.stdout[-3000:]}")
    results = [line.split("\t") for line in done.stdout.splitlines() if line.count("\t") == 3]
    rows = ["| hot path | mean | standard deviation | allocated |", "|---|---|---|---|"]
    for name, mean, deviation, memory in results:
        rows.append(f"| {name} | {_time(float(mean))} | {_time(float(deviation))} | {_size(float(memory))} |")
    return ("\n".join(rows), {}), results
