"""Memory of the web service with many open streams of events, while each of them gets a new state every second."""

import asyncio
import resource
import time

from . import programs
from .process import stop_all, wait_until
from .simulator import Simulator, get, post

REQUEST = b"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"


class Stream(asyncio.Protocol):
    """A client that counts the events that it gets."""

    def __init__(self, counts):
        self.counts = counts
        self.is_open = False

    def connection_made(self, transport):
        transport.write(REQUEST)

    def data_received(self, data):
        if not self.is_open:
            self.is_open = True
            self.counts["open" if b" 200 " in data[:40] else "refused"] += 1
        self.counts["events"] += data.count(b"event: status")

    def connection_lost(self, _):
        self.counts["lost"] += 1


async def follow(port, count, service, rounds, silence, request_round):
    """Opens the streams, stays silent for a while, then requests rounds. Returns the counts and memories."""
    counts = {"open": 0, "refused": 0, "lost": 0, "events": 0}
    loop = asyncio.get_running_loop()
    memory = {"none": service.memory()[0]}
    keep = []
    for begin in range(0, count, 200):
        opening = [loop.create_connection(lambda: Stream(counts), "127.0.0.1", port) for _ in range(begin, begin + 200)]
        keep += await asyncio.gather(*opening)
    deadline = time.monotonic() + 120
    while counts["open"] + counts["refused"] < count and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    memory["open"] = service.memory()[0]
    await asyncio.sleep(silence)
    memory["silent"] = service.memory()[0]
    before = counts["events"]
    for _ in range(rounds):
        await asyncio.gather(asyncio.to_thread(request_round), asyncio.sleep(1))
    await asyncio.sleep(2)
    memory["busy"] = service.memory()[0]
    result = counts | {"events": counts["events"] - before}
    for transport, _ in keep:
        transport.abort()
    return result, memory


def run(quick):
    """Measures. Returns the section of the report as Markdown, and the data."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    simulator = Simulator()
    process, operator_url = programs.operator(simulator, ["home"])
    wait_until(lambda: (get(f"{operator_url}/health") or b"").startswith(b"Healthy"), 60, "in sync", [process])
    results = []
    for count in [200] if quick else [1000, 10_000]:
        service, url = programs.web(operator_url)
        wait_until(lambda: b"203.0.113.10" in (get(f"{url}/raw") or b""), 60, "status page", [service])
        seconds, rounds = (1, 1) if quick else (20, 20)
        port = int(url.rsplit(":", 1)[1])
        request = lambda: post(f"{operator_url}/sync")
        counts, memory = asyncio.run(follow(port, count, service, rounds, seconds, request))
        if counts["open"] != count or counts["lost"]:
            raise SystemExit(f"{count} streams: {counts}")
        results.append({"streams": count, "rounds": rounds, **counts, "memory": memory, "peak": service.peak()})
        service.stop()
    stop_all()
    rows = [
        "| streams | resident before | all open | after 20 s of silence | after 20 states, one a second | most | events |",
        "|---|---|---|---|---|---|---|",
    ]
    for r in results:
        sizes = [f"{r['memory'][when]:.0f} MiB" for when in ("none", "open", "silent", "busy")]
        rows.append(f"| {r['streams']:,} | {' | '.join(sizes)} | {r['peak']:.0f} MiB | {r['events']:,} |")
    return ("\n".join(rows), {}), results
