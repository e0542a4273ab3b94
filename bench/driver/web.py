"""Requests a second of the web service, beside nginx that serves the same bytes from files; wrk asks both in turn."""

import os
import re
import subprocess
import tempfile
import time

from . import programs
from .process import Process, free_port, stop_all, wait_until
from .report import spread
from .simulator import Simulator, get

CONFIGURATION = """
daemon off; master_process on; worker_processes auto; pid {folder}/pid; error_log stderr error;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:{port};
    add_header Cache-Control no-store;
    location = /raw {{ default_type application/json; alias {folder}/raw; }}
    location = / {{ default_type text/html; root {folder}; try_files /page =404; }}
  }}
}}
"""


def nginx(folder, bodies):
    """Starts nginx with these bodies. Returns its URL."""
    port = free_port()
    os.chmod(folder, 0o755)
    for name, body in bodies.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(body)
    file = os.path.join(folder, "nginx.conf")
    with open(file, "w", encoding="ascii") as out:
        out.write(CONFIGURATION.format(folder=folder, port=port))
    process = Process(["nginx", "-c", file], folder=folder)
    url = f"http://127.0.0.1:{port}"
    wait_until(lambda: get(f"{url}/raw"), 20, "nginx", [process])
    return url


def wrk(url, seconds):
    """Requests a second, and the 99 % latency in ms, of 16 connections."""
    output = subprocess.run(
        ["wrk", "-t1", "-c16", f"-d{seconds}s", "--latency", url], capture_output=True, text=True, check=True
    ).stdout
    if re.search(r"Non-2xx|Socket errors", output):
        raise SystemExit(f"{url} answered with errors:\n{output}")
    amount, unit = re.search(r"99%\s+([0-9.]+)(us|ms|s)", output).groups()
    rate = float(re.search(r"Requests/sec:\s+([0-9.]+)", output)[1])
    return rate, float(amount) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


def run(quick):
    """Measures. Returns the section of the report as Markdown, and the data."""
    simulator = Simulator()
    process, operator_url = programs.operator(simulator, ["home"])
    wait_until(lambda: (get(f"{operator_url}/health") or b"").startswith(b"Healthy"), 60, "in sync", [process])
    service, ours = programs.web(operator_url)
    wait_until(lambda: b"203.0.113.10" in (get(f"{ours}/raw") or b""), 60, "status page", [service])
    bodies = {"raw": get(f"{ours}/raw"), "page": get(ours)}
    peer = nginx(tempfile.mkdtemp(prefix="esddns-bench-"), bodies)

    results = []
    for path, body in (("/raw", "raw"), ("/", "page")):
        ratios = []
        # The first pair warms both up.
        for turn in range(2 if quick else 8):
            pair = [wrk(url + path, 1 if quick else 10) for url in (ours, peer)]
            if turn > 0:
                ratios.append(pair)
            time.sleep(0 if quick else 2)
        results.append({"path": path, "bytes": len(bodies[body]), "pairs": ratios})
    stop_all()
    rows = [
        "| path | bytes | web service, requests a second | 99 % within | nginx | 99 % within | ratio, pair by pair |",
        "|---|---|---|---|---|---|---|",
    ]
    for r in results:
        column = lambda who, what, unit="", digits=0: spread([p[who][what] for p in r["pairs"]], unit, digits)
        ratio = spread([p[0][0] / p[1][0] for p in r["pairs"]], digits=2)
        rows.append(
            f"| `{r['path']}` | {r['bytes']:,} | {column(0, 0)} | {column(0, 1, ' ms', 2)} "
            f"| {column(1, 0)} | {column(1, 1, ' ms', 2)} | {ratio} |"
        )
    return ("\n".join(rows), {}), results
