"""A day of each program, idle and with two changes: requests to the DNS provider, packets, bytes, CPU, memory, start.

Each program has a network namespace of its own, with only a loopback interface, and a simulator in it. The counters of
that interface then hold the packets of this program alone, acknowledgements included. A window of a few intervals is
measured and scaled to a day; the cost of a change is the difference between a window with a change and one without.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

from . import programs
from .process import stop_all, wait_until
from .report import spread
from .simulator import Simulator, get

DAY = 86400
AFTER = 60
"""Seconds of the operator's own timers after a change that belong to the change."""

ENTRANTS = {
    "ESDDNS": 300,
    "ddclient, every 300 s": 300,
    "ddclient, every 60 s": 60,
    "inadyn, every 60 s": 60,
    "inadyn, every 30 s": 30,
    "ESDDNS web service": 300,
}
QUICK = ["ESDDNS", "inadyn, every 30 s"]


def counters():
    """Packets and bytes that went over the loopback interface of this namespace."""
    with open("/proc/net/dev", encoding="ascii") as file:
        fields = next(line for line in file if line.strip().startswith("lo:")).split(":")[1].split()
    return {"bytes": int(fields[0]), "packets": int(fields[1])}


class Probe:
    """One program with its simulator, in the namespace of this process."""

    def __init__(self, name):
        self.interval, self.simulator = ENTRANTS[name], Simulator()
        self.control_cost = self._cost(lambda: self.simulator.control("GET", "wan"))
        folder = tempfile.mkdtemp(prefix="esddns-bench-")
        began = time.monotonic()
        is_right = lambda: set(self.simulator.query(["home"]).values()) == {"203.0.113.10"}
        if name.startswith("ESDDNS"):
            self.process, url = programs.operator(self.simulator, ["home"])
            wait_until(lambda: get(f"{url}/health"), 60, "ready", [self.process], 0.01)
        else:
            start = programs.ddclient if name.startswith("ddclient") else programs.inadyn
            self.process = start(self.simulator, "home", folder, self.interval)
        wait_until(is_right, 400, "the record is right", [self.process], 0.01)
        self.start = time.monotonic() - began
        if name == "ESDDNS web service":
            began = time.monotonic()
            self.process, page = programs.web(url)
            wait_until(lambda: get(page), 60, "page", [self.process], 0.01)
            self.start = time.monotonic() - began
            for _ in range(20):
                get(page)

    def _cost(self, call):
        before = counters()
        call()
        time.sleep(0.3)
        return {key: value - before[key] for key, value in counters().items()}

    def requests(self):
        """The requests to the DNS provider so far."""
        return len(self.simulator.control("GET", "requests"))

    def window(self, seconds, change):
        """Measures for some seconds."""
        requests = self.requests()
        time.sleep(0.3)
        before, cpu = counters(), self.process.cpu()
        if change:
            self.simulator.change_address()
        time.sleep(seconds)
        self.process.check()
        result = {key: value - before[key] for key, value in counters().items()}
        if change:
            result = {key: value - self.control_cost[key] for key, value in result.items()}
        return result | {"cpu": self.process.cpu() - cpu, "requests": self.requests() - requests}


def inside(name, quick):
    """Measures one program. Runs in its own namespace."""
    probe = Probe(name)
    time.sleep(2 if quick else 60)
    idle_seconds = 10 if quick else 600
    idle = probe.window(idle_seconds, change=False)
    memory = probe.process.memory()
    window = 35 if quick else probe.interval + AFTER
    count = 0 if name == "ESDDNS web service" else 1 if quick else 3
    changes = [probe.window(window, change=True) for _ in range(count)]
    extra = [{key: w[key] - idle[key] * window / idle_seconds for key in w} for w in changes]
    stop_all()
    return {
        "start": probe.start,
        "memory": memory,
        "idle": {key: value * DAY / idle_seconds for key, value in idle.items()},
        "change": extra,
    }


def measure(name, quick):
    """Starts this module again in a new network namespace."""
    command = 'ip link set lo up && exec "$0" -m driver.day "$@"'
    arguments = ["unshare", "--net", "sh", "-c", command, sys.executable, name, *(["--quick"] if quick else [])]
    folder = os.path.join(programs.ROOT, "bench")
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=folder)


def run(quick):
    """Measures. Returns the section of the report as Markdown, and the data."""
    results = {name: [] for name in (QUICK if quick else ENTRANTS)}
    # All side by side, because they wait nearly all of the time; one after the other at the start, which is measured.
    running = []
    for name in [*results] * (1 if quick else 3):
        running.append((name, measure(name, quick)))
        time.sleep(2 if quick else 20)
    for name, process in running:
        output, _ = process.communicate()
        if process.returncode != 0:
            raise SystemExit(f"{name}: failed\n{output}")
        results[name].append(json.loads(output))
    rows = [
        "| program | start until the record is right | VmRSS | Pss | CPU a day, idle | requests a day, idle "
        "| with two changes | packets, idle | with two changes | MB, idle | with two changes |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, runs in results.items():
        with_changes = lambda key, scale=1: spread(
            [(r["idle"][key] + 2 * max(0, sum(c[key] for c in r["change"]) / len(r["change"]))) / scale for r in runs],
            digits=0 if scale == 1 else 1,
        ) if runs[0]["change"] else "–"
        idle = lambda key, scale=1: spread([r["idle"][key] / scale for r in runs], digits=0 if scale == 1 else 1)
        rows.append(
            f"| {name} | {spread([r['start'] for r in runs], ' s', 2)} "
            f"| {spread([r['memory'][0] for r in runs], ' MiB')} | {spread([r['memory'][1] for r in runs], ' MiB')} "
            f"| {spread([r['idle']['cpu'] for r in runs], ' s')} | {idle('requests')} | {with_changes('requests')} "
            f"| {idle('packets')} | {with_changes('packets')} | {idle('bytes', 1e6)} | {with_changes('bytes', 1e6)} |"
        )
    return ("\n".join(rows), {}), results


if __name__ == "__main__":
    try:
        print(json.dumps(inside(sys.argv[1], "--quick" in sys.argv)))
    finally:
        stop_all()
