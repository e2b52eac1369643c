"""Random policies played against a running FRR and against `edgelint trace --batch`.

    python3 tests/live_frr [--count N] [--seconds S] [--seed SEED] [--edgelint PATH] [--keep FOLDER] [--all]

Debian's package `frr` gives the daemons (FRR 8.4 on Debian 12, with whose behaviour the dialect agrees); they run in
network namespaces of this script's own, which are gone when it ends. Every policy is drawn from its seed, so a seed
is all that is needed to play it again. The first difference is reported, reduced: lines and routes are dropped
as long as the two still differ. Exit code: 0 without a difference, or where FRR is missing; 1 with one; 2 for
trouble.
"""

import argparse
import copy
import json
import pathlib
import shutil
import signal
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import compare
import policies
import router

ROOT = pathlib.Path(__file__).resolve().parents[2]
# How much is tried to reduce a case.
REDUCING_STEPS = 150
REDUCING_SECONDS = 150


def options():
    parser = argparse.ArgumentParser(prog="live_frr", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=30, help="how many policies to play (30)")
    parser.add_argument("--seconds", type=float, default=300, help="bound on the whole run (300)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first policy; the next ones follow (1)")
    parser.add_argument("--edgelint", help="the program (target/release/edgelint, or target/debug/edgelint)")
    parser.add_argument("--keep", metavar="FOLDER", help="leave the failing case in this folder")
    parser.add_argument("--all", action="store_true", help="go on behind a difference, and say all in a line each")
    return parser.parse_args()


def find_edgelint(given):
    if given:
        return str(pathlib.Path(given).resolve())
    built = [ROOT / "target" / kind / "edgelint" for kind in ("release", "debug")]
    built = [path for path in built if path.exists()]
    if not built:
        raise compare.Trouble("there is no edgelint to ask: `cargo build --release`, or name one with --edgelint")
    return str(max(built, key=lambda path: path.stat().st_mtime))


class Check:
    """Plays cases on both sides."""

    def __init__(self, frr, binary, folder):
        self.frr, self.binary, self.folder = frr, binary, folder

    def play(self, case, patience=1.0):
        """The differences of a case, and the lines that FRR refused."""
        ours = compare.ask_edgelint(self.binary, self.folder, case)
        theirs = compare.ask_frr(self.frr, case, patience)
        return compare.differences(theirs, ours), theirs["refused"]

    def confirm(self, case):
        """A difference counts if it is still there when FRR is given more time."""
        found, refused = self.play(case)
        return (self.play(case, 3.0) if found else (found, refused))

    def shows(self, case, kind):
        """Whether a case still shows a difference of a kind."""
        return any(compare.kind(one) == kind for one in self.play(case)[0])

    def reduce(self, case, kind, end):
        """Drops parts of a case as long as it shows the difference."""
        end = min(end, time.monotonic() + REDUCING_SECONDS)
        steps = REDUCING_STEPS
        again = True
        while again:
            again = False
            for smaller in shrink(case):
                if steps == 0 or end < time.monotonic():
                    return case
                steps -= 1
                candidate = smaller(case)
                if candidate and self.shows(candidate, kind):
                    case, again = candidate, True
        return case


def blocks(lines):
    """The parts that can go as a whole: (first, behind the last). Interfaces and static routes stay, as the
    router has them in every case."""
    found, first = [], None
    for place, line in enumerate(lines):
        if line.startswith(("ip prefix-list", "access-list", "bgp ")):
            found.append((place, place + 1))
        elif line.startswith("route-map"):
            first = place
        elif line == "exit" and first is not None:
            found.append((first, place + 1))
            first = None
    return found


def shrink(case):
    """Ways to make a case smaller, the large ones first; each takes a case and gives a smaller one, or nothing
    where its part is gone already."""

    def without(lines):
        def cut(now):
            left = [line for line in now["lines"] if line not in lines]
            return {**now, "lines": left} if len(left) < len(now["lines"]) else None
        return cut

    def without_block(block):
        def cut(now):
            for first, last in blocks(now["lines"]):
                if now["lines"][first:last] == block:
                    return {**now, "lines": now["lines"][:first] + now["lines"][last:]}
            return None
        return cut

    def without_peer(peer):
        def cut(now):
            peers = [one for one in now["peers"] if one["address"] != peer["address"]]
            word = f"neighbor {peer['address']} "
            lines = [line for line in now["lines"] if word not in line]
            return {**now, "peers": peers, "lines": lines} if peers and len(peers) < len(now["peers"]) else None
        return cut

    def without_routes(wanted):
        def cut(now):
            now = copy.deepcopy(now)
            before = sum(len(peer["routes"]) for peer in now["peers"])
            for peer in now["peers"]:
                peer["routes"] = [route for route in peer["routes"] if not wanted(peer, route)]
            return now if sum(len(peer["routes"]) for peer in now["peers"]) < before else None
        return cut

    lines = case["lines"]
    ways = [without_peer(peer) for peer in case["peers"]]
    prefixes = sorted({route["prefix"] for peer in case["peers"] for route in peer["routes"]})
    names = sorted({line.split()[1] for line in lines if line.startswith("route-map")})
    ways += [without_named_map(name) for name in names]
    ways += [without_routes(lambda _, route, prefix=prefix: route["prefix"] == prefix) for prefix in prefixes]
    ways += [without([line for line in lines if line.startswith(start)]) for start in ("ip prefix-list", "bgp as-path", "bgp community-list", "access-list")]
    ways += [without_block(lines[first:last]) for first, last in blocks(lines)]
    inner = [line for line in lines if line.startswith((" match", " set", " call", " continue", " on-match"))]
    kept = (" neighbor", " address-family", " exit-address-family", " ip address")
    inner += [line for line in lines if line.startswith("  ") or line.startswith(" ") and not line.startswith(kept)]
    ways += [without([line]) for line in dict.fromkeys(inner)]
    for peer in case["peers"]:
        for route in peer["routes"]:
            same = (peer["address"], route["prefix"])
            ways.append(without_routes(lambda p, r, same=same: (p["address"], r["prefix"]) == same))
    return ways


def without_named_map(name):
    """Drops all clauses of a route map and every line that names it."""

    def cut(now):
        left, skips = [], False
        for line in now["lines"]:
            skips = skips or line.startswith(f"route-map {name} ")
            if not skips and name not in line.split():
                left.append(line)
            skips = skips and line != "exit"
        return {**now, "lines": left} if len(left) < len(now["lines"]) else None

    return cut


def report(case, found):
    """A case and its differences, in plain lines."""
    fixed = {line for name, address in router.interfaces() for line in (f"interface {name}", f" ip address {address}")}
    fixed |= {*router.STATIC, "!", " !", "exit"}
    print(f"policy {case['seed']}: edgelint and FRR differ. The configuration, without interfaces and static routes:")
    for line in case["lines"]:
        if line not in fixed:
            print(f"    {line}")
    print("the routes:")
    for peer in case["peers"]:
        print(f"    {peer['name']} {peer['address']} AS {peer['remote_as']}")
        for route in peer["routes"]:
            print(f"        {json.dumps(route)}")
    for what, theirs, ours in found:
        print(f"{what}\n    FRR:      {json.dumps(theirs)}\n    edgelint: {json.dumps(ours)}")


def run(given, frr, folder):
    check = Check(frr, find_edgelint(given.edgelint), folder)
    begun = time.monotonic()
    end = begun + given.seconds
    played = differing = 0
    for seed in range(given.seed, given.seed + given.count):
        if end < time.monotonic():
            break
        case = policies.draw(seed)
        found, refused = check.confirm(case)
        played += 1
        for line in refused:
            print(f"policy {seed}: FRR refuses a line: {line}", flush=True)
        if not found:
            continue
        differing += 1
        if given.all:
            what, theirs, ours = found[0]
            print(f"policy {seed}: {len(found)} differences, {what}: {theirs} / {ours}", flush=True)
            continue
        case = check.reduce(case, compare.kind(found[0]), end + REDUCING_SECONDS)
        found = check.play(case)[0] or found
        report(case, found)
        if given.keep:
            kept = pathlib.Path(given.keep)
            kept.mkdir(parents=True, exist_ok=True)
            compare.ask_edgelint(check.binary, kept.resolve(), case)
            print(f"left in {kept}")
        break
    seconds = time.monotonic() - begun
    print(f"{played} policies played from seed {given.seed} on in {seconds:.0f} s: {differing} with a difference")
    return 1 if differing else 0


def main():
    given = options()
    reason = router.missing()
    if reason:
        print(f"skipped: {reason}")
        return 0
    # An end by signal is an end by exception, so that namespaces and processes go in any case.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="edgelint-case-"))
    try:
        with router.Router() as frr:
            return run(given, frr, folder)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 2
    except (compare.Trouble, OSError, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
