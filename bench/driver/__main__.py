"""python3 -m driver [--quick] PART...: measures the parts, and writes the report."""

import argparse
import importlib
import os
import signal
import subprocess
import sys
import time

from . import process, programs, report

PARTS = ["micro", "web", "streams", "rounds", "day", "peers", "failover"]


def main():
    parser = argparse.ArgumentParser(prog="bench/run")
    parser.add_argument("--quick", action="store_true", help="a small trial; it does not change docs/")
    parser.add_argument("parts", nargs="*", help=f"some of {', '.join(PARTS)}; default all")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"unknown part {', '.join(sorted(unknown))}: use {', '.join(PARTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if options.quick and len(options.parts) != 1:
        # A trial leaves out the part that needs a cluster.
        sys.exit(trial(options.parts or [part for part in PARTS if part != "failover"]))
    folder = os.path.join(programs.ROOT, *(["artifacts", "bench", "quick"] if options.quick else ["bench", "results"]))
    for part in options.parts or PARTS:
        began = time.monotonic()
        try:
            (table, pictures), data = importlib.import_module(f".{part}", __package__).run(options.quick)
        finally:
            process.stop_all()
        report.write_data(part, data, folder)
        report.write(part, table, pictures, options.quick, folder)
        print(f"{part}: {time.monotonic() - began:.0f} s\n\n{table}\n", flush=True)


def trial(parts):
    """Runs the parts side by side: they disturb each other, but a trial's numbers have no meaning."""
    command = [sys.executable, "-m", __package__, "--quick"]
    running = [subprocess.Popen([*command, part]) for part in parts]
    return max(child.wait() for child in running)


if __name__ == "__main__":
    main()
