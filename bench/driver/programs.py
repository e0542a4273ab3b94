"""The programs that are compared, and their settings."""

import os
import subprocess

from .process import Process, free_port

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.environ.get("ESDDNS_BENCH_PROGRAMS", os.path.join(ROOT, "artifacts", "bench", "programs"))


def path(project):
    """The command that starts a program of this repository, as bench/run built it."""
    return [os.path.join(BUILD, project, project)]


def is_native(project):
    """Whether a program was published as native code."""
    return not os.path.exists(os.path.join(BUILD, project, f"{project}.dll"))


def version(package):
    """The version of a Debian package."""
    return subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=True
    ).stdout


def sources(simulator):
    """The settings of the operator for one simulator: those of run.sh, with every limit at its default."""
    return {
        "Esddns__LiveDns__Token": "simulator-token",
        "Esddns__LiveDns__BaseUrl": f"{simulator.url}/v5/livedns",
        "Esddns__Discovery__Stun": f"stun://127.0.0.1:{simulator.stun}#stun",
        "Esddns__Discovery__Echo": f"{simulator.url}/echo/a#echo,{simulator.url}/echo/b#echo",
        "Esddns__Discovery__Dns": f"dns://127.0.0.1:{simulator.dns}/myip.opendns.com?type=A#dns",
        "Esddns__Discovery__Interfaces": "false",
        "Esddns__Propagation__NameServers": f"dns://127.0.0.1:{simulator.dns}",
        "Esddns__Agreement__AllowedRanges": "documentation",
        "Logging__LogLevel__Default": "Warning",
    }


def operator(simulator, names, more=None, state="state.json"):
    """Starts the operator for A records in example.com. Returns the process and the URL of its API."""
    url = f"http://127.0.0.1:{free_port()}"
    settings = sources(simulator) | {"ASPNETCORE_URLS": url} | (more or {})
    for i, name in enumerate(names):
        settings |= {f"Esddns__Records__{i}__Zone": "example.com", f"Esddns__Records__{i}__Name": name}
    settings["XDG_STATE_HOME"] = "state"
    settings["Esddns__State__File"] = state
    return Process(path("Esddns.Operator"), settings), url


def web(operator_url):
    """Starts the web service. Returns the process and its URL."""
    url = f"http://127.0.0.1:{free_port()}"
    settings = {"services__operator__http__0": operator_url, "ASPNETCORE_URLS": url}
    return Process(path("Esddns.Web"), settings | {"Logging__LogLevel__Default": "Warning"}), url


def _write(folder, name, text):
    file = os.path.join(folder, name)
    with open(file, "w", encoding="ascii", opener=lambda p, f: os.open(p, f, 0o600)) as out:
        out.write(text)
    return file


def ddclient(simulator, name, folder, interval):
    """Starts ddclient with dyndns2: its protocol for Gandi needs TLS, which the simulator has not."""
    host = simulator.url.removeprefix("http://")
    conf = _write(
        folder,
        "ddclient.conf",
        f"ssl=no\nuse=web, web=http://{host}/echo/a\nprotocol=dyndns2, server={host}\n"
        f"login=bench\npassword=simulator-token\n{name}.example.com\n",
    )
    return Process(
        ["ddclient", "-foreground", f"-daemon={interval}", "-file", conf]
        + ["-cache", os.path.join(folder, "ddclient.cache"), "-pid", os.path.join(folder, "ddclient.pid")],
        folder=folder,
    )


def inadyn(simulator, name, folder, interval):
    """Starts inadyn with a custom provider for dyndns2."""
    host = simulator.url.removeprefix("http://")
    conf = _write(
        folder,
        "inadyn.conf",
        f"period = {interval}\nallow-ipv6 = false\ncustom bench@simulator {{\n"
        "    username = bench\n    password = simulator-token\n    ssl = false\n"
        f'    checkip-server = "{host}"\n    checkip-path = "/echo/a"\n    checkip-ssl = false\n'
        f'    ddns-server = "{host}"\n    ddns-path = "/nic/update?hostname=%h&myip=%i"\n'
        f"    hostname = {name}.example.com\n}}\n",
    )
    return Process(
        ["inadyn", "--foreground", "--no-pidfile", f"--config={conf}", f"--cache-dir={folder}", "--loglevel=notice"],
        folder=folder,
    )
