"""Many records: what a quiet round costs, and how long a change of all takes beside the rate limit."""

import re
import time
from datetime import datetime, timedelta

from . import programs
from .process import stop_all, wait_until
from .report import spread
from .simulator import Simulator, get

LIMIT = 1000
"""Requests that LiveDNS allows in a minute."""

MINUTE = 60
EVERY = 10
"""Seconds between the measured rounds: the least that the operator accepts."""


def allocated(url):
    """MiB that the garbage collector has handed out, from the metrics of .NET; None when the program has none."""
    found = re.search(rb"^dotnet_gc_heap_total_allocated\w*(?:\{[^}]*\})? (\S+)", get(f"{url}/metrics"), re.M)
    return float(found[1]) / (1 << 20) if found else None


def rounds_of(url):
    """The number of rounds so far."""
    return int(re.search(rb'"round":\s*(\d+)', get(f"{url}/status"))[1])


def bound(earlier, count):
    """The least seconds in which the limit allows this many requests.

    The earlier ones, as seconds before now, still count against their minute: a round reads before it writes.
    """
    times, now = sorted(-seconds for seconds in earlier), 0.0
    for _ in range(count):
        if len(times) >= LIMIT:
            now = max(now, times[-LIMIT] + MINUTE)
        times.append(now)
    return now


def measure(count, latency, quick):
    """Measures one number of records."""
    simulator = Simulator()
    names, address = [f"r{i}" for i in range(count)], "203.0.113.10"
    simulator.add_records(names, address)
    # Only the measured rounds: no canaries, and no checks of the zone's name servers, which have their own interval.
    quiet = {"CanaryInterval": "3600", "Propagation__Interval": "86400", "SyncInterval": str(EVERY)}
    process, url = programs.operator(simulator, names, {f"Esddns__{k}": v for k, v in quiet.items()})
    both = [process, simulator.process]
    wait_until(lambda: b'esddns_state_in_sync{' in (get(f"{url}/metrics") or b""), 900, "first round", both, 0.5)
    wait_until(lambda: (get(f"{url}/health") or b"").startswith(b"Healthy"), 900, "records in sync", both, 0.5)
    time.sleep(0 if quick else EVERY)

    cpu, memory = [], []
    for _ in range(1 if quick else 5):
        # The requests of this script are outside of the measured time.
        before, began, used = rounds_of(url), time.monotonic(), allocated(url)
        start = process.cpu()
        time.sleep(EVERY * (1 if quick else 2))
        spent = process.cpu() - start
        used = None if used is None else allocated(url) - used
        rounds = max(1, rounds_of(url) - before)
        cpu.append(spent / rounds)
        if used is not None:
            memory.append(used / rounds)
    rss = process.memory()[0]

    if latency:
        simulator.control("POST", "faults", {"service": "livedns", "kind": "latency", "latencyMs": latency})
    updates = []
    # Small numbers repeatedly; the minute of the rate limit ends in between.
    for turn in range(3 if count <= LIMIT and not quick else 1):
        time.sleep(MINUTE if turn else 0)
        updates.append(update(simulator, names, latency, both))
    stop_all()
    return {"records": count, "latency": latency, "cpu": cpu, "allocated": memory, "rss": rss, "updates": updates}


def update(simulator, names, latency, processes):
    """Changes the address. Returns the time from the first write to the last, the requests in it, and its bound."""
    seen = max((r["sequence"] for r in simulator.control("GET", "requests")), default=0)
    wanted = simulator.change_address()

    def is_done():
        values = simulator.values()
        return all(values.get(name) == [wanted] for name in names)

    # The times come from the log of the simulator, so a coarse poll changes no result.
    most = 180 + 4 * bound([], 2 * len(names)) + len(names) * latency / 200
    wait_until(is_done, most, "records right", processes, max(0.5, len(names) / 2000))
    log = [
        (r["method"] != "GET", r["sequence"], datetime.fromisoformat(r["start"]), datetime.fromisoformat(r["end"]))
        for r in simulator.control("GET", "requests")
    ]
    begin = next(start for is_write, sequence, start, _ in log if is_write and sequence > seen)
    last = max(end for is_write, _, _, end in log if is_write)
    earlier = [(begin - end).total_seconds() for *_, end in log if begin - timedelta(seconds=MINUTE) < end <= begin]
    requests = sum(1 for _, _, start, _ in log if begin <= start <= last)
    seconds = (last - begin).total_seconds()
    return {"seconds": seconds, "requests": requests, "bound": bound(earlier, requests)}


def run(quick):
    """Measures. Returns the section of the report as Markdown, and the data."""
    counts = [100] if quick else [1, 10, 100, 200, 1000, 3000, 10000]
    results = [measure(count, latency, quick) for latency in ([0] if quick else [0, 300]) for count in counts]
    return (table(results), {}), results


def table(results):
    """The section of the report as Markdown."""
    rows = [
        "| records | latency of LiveDNS | CPU of a quiet round | allocated in it | resident | requests of a change of all "
        "| the limit allows | from the first write to the last |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for r in results:
        memory = spread(r["allocated"], " MiB") if r["allocated"] else "not known"
        column = lambda key, unit="", digits=0: spread([u[key] for u in r["updates"]], unit, digits)
        rows.append(
            f"| {r['records']:,} | {r['latency']} ms | {spread([c * 1000 for c in r['cpu']], ' ms')} | {memory} "
            f"| {r['rss']:.0f} MiB | {column('requests')} | {column('bound', ' s', 1)} "
            f"| {column('seconds', ' s', 1)} |"
        )
    return "\n".join(rows)
