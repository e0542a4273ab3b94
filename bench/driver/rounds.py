"""Many records: what a round without a change costs, and how long a change of all records takes beside the rate limit."""

import re
import time
from datetime import datetime

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


def bound(requests):
    """The least seconds that the limit of requests a minute allows: the first 1,000 at once, then 1,000 a minute."""
    return MINUTE * ((requests - 1) // LIMIT)


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
    """Changes the address. Returns the time from the first write to the last one, and the requests in that time."""
    seen = max((r["sequence"] for r in simulator.control("GET", "requests")), default=0)
    wanted = simulator.change_address()

    def is_done():
        values = simulator.values()
        return all(values.get(name) == [wanted] for name in names)

    # The times come from the log of the simulator, so a coarse poll changes no result.
    most = 120 + 4 * bound(4 * len(names)) + len(names) * latency / 200
    wait_until(is_done, most, "records right", processes, max(0.5, len(names) / 2000))
    log = simulator.control("GET", f"requests?since={seen}")
    writes = [r for r in log if r["method"] != "GET"]
    begin, end = writes[0]["start"], max(writes, key=lambda r: datetime.fromisoformat(r["end"]))["end"]
    requests = [r for r in log if begin <= r["start"] <= end]
    seconds = (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()
    return {"seconds": seconds, "writes": len(writes), "requests": len(requests)}


def run(quick):
    """Measures. Returns the section of the report as Markdown, and the data."""
    counts = [100] if quick else [1, 10, 100, 1000, 3000, 10000]
    results = [measure(count, latency, quick) for latency in ([0] if quick else [0, 300]) for count in counts]
    rows = [
        "| records | latency of LiveDNS | CPU of a quiet round | allocated in it | resident | a change of all: requests "
        "| the limit allows | from the first write to the last |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for r in results:
        requests = max(u["requests"] for u in r["updates"])
        memory = spread(r["allocated"], " MiB") if r["allocated"] else "not known"
        rows.append(
            f"| {r['records']:,} | {r['latency']} ms | {spread([c * 1000 for c in r['cpu']], ' ms')} | {memory} "
            f"| {r['rss']:.0f} MiB | {requests:,} | {bound(requests)} s "
            f"| {spread([u['seconds'] for u in r['updates']], ' s', 2)} |"
        )
    return ("\n".join(rows), {}), results
