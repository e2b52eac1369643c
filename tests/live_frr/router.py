"""The router under test: FRR's daemons in a network namespace, and a namespace for each peer.

zebra and staticd run throughout, because their part of the configuration never changes; bgpd is started anew for
every policy, because a reload leaves traces of the policy before (delay timers, soft reconfiguration) and a start
takes a tenth of a second. Questions go to bgpd's own socket, as vtysh sends them.
"""

import contextlib
import ctypes
import json
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
import time

DAEMONS = pathlib.Path("/usr/lib/frr")
CLONE_NEWNET = 0x40000000
PEERS = 5
# What the router has beside BGP: the same in every case, and part of every configuration.
STATIC = [
    "ip route 203.0.113.0/24 Null0",
    "ip route 198.51.100.0/24 Null0 tag 77",
    "ip route 198.51.100.0/25 Null0",
    "ip route 10.20.0.0/15 Null0 tag 12",
]


def router_address(place):
    return f"192.0.2.{4 * place + 1}"


def peer_address(place):
    return f"192.0.2.{4 * place + 2}"


def interfaces():
    """Interface by interface, its name and its address with length."""
    return [("lan0", "10.1.10.1/24")] + [(f"wan{n}", f"{router_address(n)}/30") for n in range(PEERS)]


def missing():
    """Why nothing can be run here, in plain words; nothing where it can."""
    if not all((DAEMONS / name).exists() for name in ("zebra", "staticd", "bgpd")) or not shutil.which("ip"):
        return "FRR is not installed"
    if os.geteuid() != 0:
        return "needs root to make network namespaces"
    name = f"edgelint-{os.getpid()}-try"
    if subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode:
        return "network namespaces cannot be made here"
    subprocess.run(["ip", "netns", "delete", name], capture_output=True)
    return None


def run(*words):
    subprocess.run(words, check=True, capture_output=True, text=True)


class Router:
    """Namespaces and daemons, from `with` to its end."""

    def __init__(self):
        self.name = f"edgelint-{os.getpid()}"
        self.namespaces = []
        self.processes = []
        self.bgpd = None
        self.folder = None

    def __enter__(self):
        try:
            self.build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def build(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="edgelint-frr-"))
        user = pwd.getpwnam("frr")
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.folder.chmod(0o755)
        self.namespace(self.name)
        for place in range(PEERS):
            peer = self.peer_namespace(place)
            self.namespace(peer)
            run("ip", "link", "add", f"wan{place}", "netns", self.name, "type", "veth", "peer", "name", "up0", "netns", peer)
            run("ip", "-n", peer, "address", "add", f"{peer_address(place)}/30", "dev", "up0")
            run("ip", "-n", peer, "link", "set", "up0", "up")
        # A pair with both ends here, because not every kernel has dummy interfaces.
        run("ip", "-n", self.name, "link", "add", "lan0", "type", "veth", "peer", "name", "lan1")
        run("ip", "-n", self.name, "link", "set", "lan1", "up")
        for name, address in interfaces():
            run("ip", "-n", self.name, "address", "add", address, "dev", name)
            run("ip", "-n", self.name, "link", "set", name, "up")
        self.start("zebra", [])
        self.wait_for("zserv.api")
        self.start("staticd", STATIC)
        self.wait_for("staticd.vty")

    def __exit__(self, *_):
        for process in [self.bgpd, *self.processes]:
            if process:
                process.kill()
                process.wait()
        for name in self.namespaces:
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def namespace(self, name):
        self.namespaces.append(name)
        run("ip", "netns", "add", name)

    def peer_namespace(self, place):
        return f"{self.name}-p{place}"

    def start(self, daemon, lines):
        """Starts a daemon in the router's namespace, with the lines as its configuration."""
        file = self.folder / f"{daemon}.conf"
        file.write_text("\n".join(lines) + "\n")
        here = str(self.folder)
        command = ["ip", "netns", "exec", self.name, str(DAEMONS / daemon), "-u", "frr", "-g", "frr"]
        command += ["-f", str(file), "-i", f"{here}/{daemon}.pid", "-z", f"{here}/zserv.api"]
        command += ["--vty_socket", here, "-P", "0", "--log", "stdout"]
        with open(self.folder / f"{daemon}.log", "w") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        if daemon == "bgpd":
            self.bgpd = process
        else:
            self.processes.append(process)
        return process

    def wait_for(self, file, seconds=10):
        end = time.monotonic() + seconds
        while not (self.folder / file).exists():
            if end < time.monotonic():
                raise RuntimeError(f"FRR does not start: no {file} in {seconds} seconds")
            time.sleep(0.02)

    def begin(self, lines):
        """Starts bgpd with a configuration."""
        self.stop()
        self.start("bgpd", lines)
        self.wait_for("bgpd.vty")

    def stop(self):
        """Ends bgpd; zebra then forgets its routes."""
        if self.bgpd:
            self.bgpd.kill()
            self.bgpd.wait()
            self.bgpd = None
        with contextlib.suppress(FileNotFoundError):
            (self.folder / "bgpd.vty").unlink()

    def refused(self):
        """The lines of the configuration that bgpd did not understand; those of other daemons are not its."""
        log = (self.folder / "bgpd.log").read_text(errors="replace").splitlines()
        others = ("ip route", "ip address")
        said = [line.strip() for line in log if "on config line" in line]
        return [line for line in said if not any(other in line for other in others)]

    def ask(self, command):
        """bgpd's answer to a command: JSON as values."""
        if self.bgpd.poll() is not None:
            raise RuntimeError(f"bgpd ended by itself ({self.bgpd.returncode})")
        with socket.socket(socket.AF_UNIX) as channel:
            channel.settimeout(10)
            channel.connect(str(self.folder / "bgpd.vty"))
            for line in ("enable", command):
                channel.sendall(line.encode() + b"\0")
                # The answer ends in three zeros and the status of the command.
                answer = b""
                while not (len(answer) >= 4 and answer[-4:-1] == b"\0\0\0"):
                    more = channel.recv(65536)
                    if not more:
                        raise RuntimeError("bgpd closed its socket")
                    answer += more
        text = answer[:-4].decode(errors="replace")
        return json.loads(text) if text.strip() else {}

    def new_socket(self, place):
        """A socket in a peer's namespace; a socket stays where it was made."""
        library = ctypes.CDLL(None, use_errno=True)
        with open("/proc/thread-self/ns/net") as here, open(f"/run/netns/{self.peer_namespace(place)}") as there:
            if library.setns(there.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "cannot enter a peer's namespace")
            try:
                return socket.socket()
            finally:
                library.setns(here.fileno(), CLONE_NEWNET)
