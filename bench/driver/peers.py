"""Change to truth: from a change of the public address until the name server serves it, for every program in one run.

A program that polls every five minutes needs hours for 100 changes. Several instances of each program therefore follow
the same changes, with their starts spread over the interval: each change gives one time for each instance.
"""

import random
import tempfile
import time

from . import programs
from .process import stop_all, wait_until
from .report import quantiles
from .simulator import Simulator
from .svg import distribution

STEP, COARSE = 0.02, 0.1
DEFAULTS = "at its defaults"


def entrants(quick):
    """Name, interval in seconds, number of instances, and how to start one."""
    count = 2 if quick else 20
    ours = lambda sim, name, folder, interval: programs.operator(sim, [name], {"Esddns__State__File": "none"})[0]
    fast = [
        ("ESDDNS, at its defaults", 10, count, ours),
        ("ddclient, every 60 s (its fastest)", 60, count, programs.ddclient),
        ("inadyn, every 30 s (its fastest)", 30, count, programs.inadyn),
    ]
    slow = [
        ("ddclient, every 300 s (Debian's default)", 300, count, programs.ddclient),
        ("inadyn, every 60 s (its default)", 60, count, programs.inadyn),
    ]
    return fast if quick else fast + slow


def run(quick, changes=None):
    """Measures. Returns the section of the report as Markdown, and the data."""
    changes = changes or (1 if quick else 5)
    simulator = Simulator()
    instances, order = {}, entrants(quick)
    starts = [
        (0 if quick else interval * i / count, label, f"{'-'.join(label.split()[:3]).strip(',').lower()}-{n}-{i}"
            .replace(",", ""), interval, start)
        for n, (label, interval, count, start) in enumerate(order)
        for i in range(count)
    ]
    began, processes = time.monotonic(), [simulator.process]
    for at, label, name, interval, start in sorted(starts, key=lambda s: s[0]):
        time.sleep(max(0, began + at - time.monotonic()))
        process = start(simulator, name, tempfile.mkdtemp(prefix="esddns-bench-"), interval)
        processes.append(process)
        instances[name] = label
    names, address = list(instances), "203.0.113.10"
    wait_until(lambda: set(simulator.query(names).values()) == {address}, 400, "all records right", processes, 0.5)

    times = {label: [[] for _ in range(changes)] for label, *_ in order}
    for change in range(changes):
        # Longer than any limit of ours for repeated changes, and at a random moment of each interval.
        time.sleep(random.uniform(0, 2) if quick else random.uniform(60, 120))
        address = simulator.change_address()
        changed, waiting, last = time.monotonic(), set(names), 0.0
        while waiting:
            now = time.monotonic() - changed
            if now > 700:
                raise SystemExit(f"Not updated after 700 s: {sorted(waiting)}")
            for name, value in simulator.query(waiting).items():
                if value == address:
                    waiting.discard(name)
                    times[instances[name]][change].append(now)
            if now - last > 5:
                last = now
                for process in processes:
                    process.check()
            # After 15 s a coarse step is below one percent, and leaves the machine to the programs.
            time.sleep(max(0, (STEP if now < 15 else COARSE) - (time.monotonic() - changed - now)))
    stop_all()
    return _report(times, [(label, interval, count) for label, interval, count, _ in order], changes), times


def _report(times, order, changes):
    rows = [
        "| program | times | median | medians of the single changes | 90 % | 99 % | worst | ratio of the medians |",
        "|---|---|---|---|---|---|---|---|",
    ]
    flat = {label: [t for change in times[label] for t in change] for label, *_ in order}
    ours = quantiles(flat[order[0][0]])[0.5]
    for label, _, count in order:
        q = quantiles(flat[label])
        medians = sorted(quantiles(change)[0.5] for change in times[label])
        rows.append(
            f"| {label} | {count} × {changes} | {q[0.5]:.1f} s | {medians[0]:.1f} to {medians[-1]:.1f} s "
            f"| {q[0.9]:.1f} s | {q[0.99]:.1f} s | {q[1]:.1f} s | {q[0.5] / ours:.1f} |"
        )
    picture = distribution("Seconds from a change of the address until the name server serves it", flat)
    return "\n".join(rows), {"change-to-truth.svg": picture}
