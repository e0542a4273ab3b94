"""The simulated internet: Esddns.Simulator, its control API, and its name server."""

import json
import random
import socket
import struct
import urllib.error
import urllib.request

from . import programs
from .process import Process, free_port, wait_until

TOKEN = "simulator-token"


def get(url, timeout=60):
    """The body of an answer; None when there is none."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return answer.read()
    except (urllib.error.URLError, OSError):
        return None


class Simulator:
    """One simulator on free ports of 127.0.0.1."""

    def __init__(self):
        self.http, self.dns, self.stun = (free_port(socket.SOCK_DGRAM) for _ in range(3))
        self.url = f"http://127.0.0.1:{self.http}"
        settings = {"HttpPort": self.http, "DnsPort": self.dns, "StunPort": self.stun, "IPv6": ""}
        self.process = Process(
            programs.path("Esddns.Simulator"),
            {f"Simulator__{name}": str(value) for name, value in settings.items()}
            | {"Logging__LogLevel__Default": "Warning"},
        )
        wait_until(lambda: get(f"{self.url}/health"), 60, "simulator ready", [self.process])
        self._address = 10

    def control(self, method, path, body=None):
        """Calls the control API."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.url}/control/{path}", data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def change_address(self):
        """Changes the public address. Returns the new one."""
        self._address = self._address % 250 + 1
        address = f"203.0.113.{self._address}"
        self.control("PUT", "wan", {"ipv4": address})
        return address

    def add_records(self, names, address):
        """Stores A records in example.com, with the TTL that the operator writes."""
        rrsets = self.control("GET", "zones/example.com")
        rrsets += [{"name": name, "type": "A", "ttl": 300, "values": [address]} for name in names]
        self.control("PUT", "zones/example.com", rrsets)

    def values(self):
        """The addresses of all A records in example.com, by name."""
        return {r["name"]: r["values"] for r in self.control("GET", "zones/example.com") if r["type"] == "A"}

    def query(self, names, type_=1):
        """Asks the name server for A records of example.com in one burst: what a client on the internet sees."""
        answers = {}
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(1)
            udp.connect(("127.0.0.1", self.dns))
            asked = {}
            for name in names:
                id_ = random.randrange(1 << 16)
                while id_ in asked:
                    id_ = random.randrange(1 << 16)
                asked[id_] = name
                labels = [*name.split("."), "example", "com"]
                question = b"".join(bytes([len(label)]) + label.encode() for label in labels)
                udp.send(struct.pack(">6H", id_, 0, 1, 0, 0, 0) + question + struct.pack(">BHH", 0, type_, 1))
            try:
                while len(answers) < len(asked):
                    message = udp.recv(2048)
                    (id_, _, _, count) = struct.unpack(">4H", message[:8])
                    # One answer of 4 bytes: its data are the last 4 bytes, since the simulator adds no further section.
                    answers[asked[id_]] = socket.inet_ntoa(message[-4:]) if count == 1 else None
            except TimeoutError:
                pass
        return answers
