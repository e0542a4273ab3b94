"""Memory of the web service with many open streams of events, while each of them gets a new state every second."""

import asyncio
import contextlib
import json
import resource
import time

from . import programs
from .process import free_port, stop_all, wait_until
from .simulator import Simulator, get

REQUEST = b"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


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


class States:
    """A server in place of the operator: it streams the same status, with another number of the round each time."""

    def __init__(self, status):
        self.status = status
        self.port = free_port()
        self.next = asyncio.Event()

    async def serve(self):
        return await asyncio.start_server(self._answer, "127.0.0.1", self.port)

    def publish(self):
        self.status["round"] += 1
        self.next.set()
        self.next = asyncio.Event()

    async def _answer(self, reader, writer):
        with contextlib.suppress(asyncio.CancelledError, ConnectionError):
            await self._send(reader, writer)

    async def _send(self, reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD)
        while True:
            writer.write(f"event: status\ndata: {json.dumps(self.status)}\n\n".encode())
            await writer.drain()
            await self.next.wait()


async def measure(status, count, silence, rounds):
    """Opens the streams, stays silent for a while, then publishes states. Returns the counts and memories."""
    states = States(status)
    server = await states.serve()
    service, url = programs.web(f"http://127.0.0.1:{states.port}")
    ready = lambda: b"203.0.113.10" in (get(f"{url}/raw") or b"")
    await asyncio.to_thread(wait_until, ready, 60, "status page", [service])
    counts = {"open": 0, "refused": 0, "lost": 0, "events": 0}
    loop, port = asyncio.get_running_loop(), int(url.rsplit(":", 1)[1])
    memory = {"none": service.memory()[0]}
    keep = []
    for _ in range(0, count, 200):
        opening = [loop.create_connection(lambda: Stream(counts), "127.0.0.1", port) for _ in range(200)]
        keep += await asyncio.gather(*opening)
    answered = lambda: counts["events"] + counts["refused"] + counts["lost"] >= count
    deadline = time.monotonic() + 120
    while not answered() and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    memory["open"] = service.memory()[0]
    await asyncio.sleep(silence)
    memory["silent"] = service.memory()[0]
    before = counts["events"]
    for _ in range(rounds):
        states.publish()
        await asyncio.sleep(1)
    await asyncio.sleep(2)
    memory["busy"] = service.memory()[0]
    result = counts | {"events": counts["events"] - before, "memory": memory, "peak": service.peak()}
    for transport, _ in keep:
        transport.abort()
    service.stop()
    server.close()
    return result


def run(quick):
    """Measures. Returns the section of the report as Markdown, and the data."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    simulator = Simulator()
    process, operator_url = programs.operator(simulator, ["home"])
    wait_until(lambda: (get(f"{operator_url}/health") or b"").startswith(b"Healthy"), 60, "in sync", [process])
    status = json.loads(get(f"{operator_url}/status"))
    results = []
    seconds, rounds = (1, 1) if quick else (20, 20)
    for count in [200] if quick else [1000, 10_000]:
        result = asyncio.run(measure(status, count, seconds, rounds))
        if result["open"] != count or result["lost"]:
            raise SystemExit(f"{count} streams: {result}")
        results.append({"streams": count, "rounds": rounds, **result})
    stop_all()
    rows = [
        f"| streams | resident before | all open | after {seconds} s of silence | after {rounds} states | most | events |",
        "|---|---|---|---|---|---|---|",
    ]
    for r in results:
        sizes = [f"{r['memory'][when]:.0f} MiB" for when in ("none", "open", "silent", "busy")]
        rows.append(f"| {r['streams']:,} | {' | '.join(sizes)} | {r['peak']:.0f} MiB | {r['events']:,} |")
    return ("\n".join(rows), {}), results
