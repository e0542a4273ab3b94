"""Starts programs, reads what they use from /proc, and ends them by their process id."""

import os
import signal
import socket
import subprocess
import tempfile
import time

_all = []


class Process:
    """A program that the benchmark started. Its output goes to a file."""

    def __init__(self, arguments, environment=None, folder=None):
        self.folder = folder or tempfile.mkdtemp(prefix="esddns-bench-")
        self.log = os.path.join(self.folder, "log")
        self.started = time.monotonic()
        with open(self.log, "ab") as log:
            self._popen = subprocess.Popen(
                arguments,
                env={**os.environ, **(environment or {})},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.pid = self._popen.pid
        _all.append(self)

    def cpu(self):
        """CPU seconds of all its threads, ended ones included; the kernel counts nanoseconds."""
        return time.clock_gettime((~self.pid << 3) | 2)

    def memory(self):
        """Resident and proportional set in MiB (VmRSS, Pss)."""
        with open(f"/proc/{self.pid}/smaps_rollup", encoding="ascii") as file:
            sizes = {line.split()[0]: int(line.split()[1]) for line in file if line.split()[-1] == "kB"}
        return sizes["Rss:"] / 1024, sizes["Pss:"] / 1024

    def peak(self):
        """The greatest resident set so far in MiB (VmHWM)."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:")) / 1024

    def check(self):
        """Fails when the program has exited, with the end of its output."""
        if self._popen.poll() is not None:
            with open(self.log, encoding="utf-8", errors="replace") as log:
                raise SystemExit(f"{self._popen.args[0]} exited with {self._popen.returncode}:\n{log.read()[-2000:]}")

    def stop(self):
        """Ends the program."""
        if self._popen.poll() is None:
            self._popen.send_signal(signal.SIGTERM)
            try:
                self._popen.wait(15)
            except subprocess.TimeoutExpired:
                self._popen.kill()
                self._popen.wait()
        if self in _all:
            _all.remove(self)


def stop_all():
    """Ends every program that still runs."""
    for process in reversed(list(_all)):
        process.stop()


def wait_until(condition, seconds, what, processes=(), every=0.05):
    """Waits for a condition. Returns the time that it took."""
    began = time.monotonic()
    while not condition():
        for process in processes:
            process.check()
        if time.monotonic() - began > seconds:
            raise SystemExit(f"After {seconds:.0f} s still not: {what}")
        time.sleep(every)
    return time.monotonic() - began


def free_port(kind=socket.SOCK_STREAM):
    """A port of 127.0.0.1 that is free for TCP, and for UDP when asked."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
            tcp.bind(("127.0.0.1", 0))
            port = tcp.getsockname()[1]
            if kind == socket.SOCK_STREAM:
                return port
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                try:
                    udp.bind(("127.0.0.1", port))
                    return port
                except OSError:
                    continue
