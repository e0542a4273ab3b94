"""Failover in a cluster: the leader of three operators is killed, with the default times of the Lease.

The test FailoverTests.DefaultTimes_LeaderKilled does it, on a real API server. The address changes at the kill.
"""

import os
import re
import subprocess

from . import programs
from .report import quantiles
from .svg import distribution

MEASURED = os.path.join(programs.ROOT, "artifacts", "measured.txt")


def run(quick):
    """Measures. Returns the section of the report as Markdown, and the data."""
    if os.path.exists(MEASURED):
        os.remove(MEASURED)
    kills = 1 if quick else 50
    release = ["-c", "Debug" if quick else "Release"]
    project = ["--project", "Esddns.Tests", *release]
    for command in (
        ["dotnet", "build", "Esddns.Tests", *release, "--nologo", "-v", "quiet", "-m:1"],
        ["dotnet", "test", *project, "--no-build", "--no-progress", "--filter-method", "*DefaultTimes_LeaderKilled*"],
    ):
        result = subprocess.run(
            command,
            cwd=programs.ROOT,
            env={**os.environ, "ESDDNS_DEFAULT_FAILOVERS": str(kills)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            raise SystemExit(f"{' '.join(command)} failed:\n{result.stdout[-3000:]}")
    with open(MEASURED, encoding="utf-8") as file:
        times = [float(t) for t in re.search(r"^  each: (.+)$", file.read(), re.M)[1].split()]
    q = quantiles(times)
    rows = [
        "| kills | least | median | 90 % | 99 % | worst |",
        "|---|---|---|---|---|---|",
        f"| {len(times)} | {q[0]:.1f} s | {q[0.5]:.1f} s | {q[0.9]:.1f} s | {q[0.99]:.1f} s | {q[1]:.1f} s |",
    ]
    picture = distribution(
        "Seconds from the kill of the leader until another operator has written", {"ESDDNS, lease 15 s": times}
    )
    return ("\n".join(rows), {"failover.svg": picture}), times
