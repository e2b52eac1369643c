"""One case on both sides: what a running FRR does, what `edgelint trace --batch` says, and where they differ.

Both answers are brought to one form first. Four things cannot be known from a configuration and are compared
with tolerance:
- which of two external paths is older. FRR says when that decided (`Older Path`, or the first path of an AS
  where MEDs are not comparable in any order); such a prefix is left out of best paths and of what is sent.
- which route a policy of `default-originate` lets pass first: FRR asks as soon as there is a route at all and does not
  ask again, so only whether the default route is sent is compared.
- a session one route above its `maximum-prefix`: FRR 8.4 notices when the next update arrives, and here none does.
  Such a case is left out.
- interior cost and next hops: all peers are directly connected here, so they never decide.
"""

import json
import subprocess
import time

import router
import speaker

# Behind FRR's configuration and not in edgelint's: it only makes FRR answer sooner.
HASTE = ["router bgp {own}", " coalesce-time 0", "exit"]
DEFAULT_LOCAL_PREFERENCE = 100
# A default route with a route map is decided by a timer of five seconds in FRR 8.
DEFAULT_SECONDS = 6.5


class Trouble(Exception):
    """The comparison itself could not be made."""


def ask_edgelint(binary, folder, case):
    """What edgelint says, in the common form."""
    (folder / "frr.conf").write_text("\n".join(case["lines"]) + "\n")
    (folder / "peers.json").write_text(json.dumps({"peers": case["peers"]}, indent=1) + "\n")
    command = [binary, "trace", "frr.conf", "--dialect", "frr", "--isolated", "--batch", "peers.json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise Trouble(f"edgelint ends with {done.returncode}: {done.stderr.strip()}")
    answer = json.loads(done.stdout)
    plain = {"accepted": {}, "advertised": {}, "best": answer["best"]}
    for side in ("accepted", "advertised"):
        for peer, routes in answer[side].items():
            plain[side][peer] = {route["prefix"]: common(route) for route in routes}
    return plain


def common(route):
    """A route with sorted communities and sets, and communities as numbers."""
    numbers = [speaker.community_form(one) for one in route["communities"]]
    path = [sorted(one) if isinstance(one, list) else one for one in route["as_path"]]
    keys = ("local_pref", "weight", "med")
    return {key: route.get(key) for key in keys} | {"as_path": path, "communities": sorted(set(numbers))}


def ask_frr(frr, case, patience):
    """What FRR does, in the common form; `patience` multiplies every wait."""
    own = next(line.split()[2] for line in case["lines"] if line.startswith("router bgp"))
    frr.begin(bgp_last(case["lines"]) + [line.format(own=own) for line in HASTE])
    speakers = [
        speaker.Speaker(peer, router.router_address(place), lambda place=place: frr.new_socket(place))
        for place, peer in places(case)
    ]
    try:
        establish(speakers, patience)
        for one in speakers:
            # The last route comes alone, because a route does not count against `maximum-prefix` before zebra
            # has resolved its next hop. Paths arrive peer after peer, because the older of two can win.
            routes = one.peer["routes"]
            for some in (routes[:-1], routes[-1:]):
                one.send_routes(some)
                pump(speakers, 0.05 * patience)
        slow = any("default-originate route-map" in line for line in case["lines"])
        settle(frr, speakers, DEFAULT_SECONDS if slow else 0, patience)
        answer = table(frr, case)
        for one in speakers:
            answer["advertised"][one.peer["name"]] = dict(one.received)
    finally:
        for one in speakers:
            one.close()
        frr.stop()
    answer["refused"] = frr.refused()
    names = {peer["address"]: peer["name"] for peer in case["peers"]}
    lines = [line.split() for line in case["lines"] if line.startswith("  neighbor")]
    answer["made"] = {(names.get(words[1]), "0.0.0.0/0") for words in lines if words[2] == "default-originate" and words[3:]}
    limits = [words for words in lines if words[2] == "maximum-prefix" and words[1] in names]
    answer["limits"] = {names[words[1]]: int(words[3]) for words in limits if "warning-only" not in words}
    return answer


def bgp_last(lines):
    """The configuration with BGP behind what it refers to: where a route map comes later, FRR takes note of it with
    a delay of five seconds (`bgp route-map delay-timer`), and in the meantime denies everything."""
    first = next(place for place, line in enumerate(lines) if line.startswith("router bgp"))
    last = lines.index("exit", first) + 1
    return lines[:first] + lines[last:] + lines[first:last]


def places(case):
    addresses = [router.peer_address(place) for place in range(router.PEERS)]
    return [(addresses.index(peer["address"]), peer) for peer in case["peers"]]


def pump(speakers, seconds):
    end = time.monotonic() + seconds
    while True:
        for one in speakers:
            one.pump()
        if end < time.monotonic():
            break
        time.sleep(0.01)


def establish(speakers, patience):
    """Opens the sessions; one that does not come up in time is one that the configuration forbids."""
    end = time.monotonic() + 3 * patience
    while time.monotonic() < end and not all(one.established for one in speakers):
        for one in speakers:
            if not one.socket:
                one.connect()
        pump(speakers, 0.03)


def settle(frr, speakers, least, patience):
    """Waits until nothing has been sent for a while and FRR's table does not change."""
    begun = time.monotonic()
    seen, since = None, begun
    while time.monotonic() < begun + least + 10 * patience:
        pump(speakers, 0.05)
        state = frr.ask("show bgp ipv4 unicast summary json")
        peers = state.get("peers", {}).values()
        now = (state.get("tableVersion"), [peer["pfxRcd"] for peer in peers], [peer["pfxSnt"] for peer in peers])
        now += (max(one.last_heard for one in speakers), any(peer["inq"] or peer["outq"] for peer in peers))
        if now != seen:
            seen, since = now, time.monotonic()
        quiet = time.monotonic() - max(since, begun + least)
        if 0.5 * patience < quiet and not now[-1]:
            return


def table(frr, case):
    """What FRR holds, and which path it prefers."""
    names = {peer["address"]: peer["name"] for peer in case["peers"]}
    answer = {"accepted": {name: {} for name in names.values()}, "advertised": {}, "best": {}, "by_age": set()}
    for prefix in frr.ask("show bgp ipv4 unicast json").get("routes", {}):
        for path in frr.ask(f"show bgp ipv4 unicast {prefix} json").get("paths", []):
            name = names.get(path.get("peer", {}).get("peerId"))
            if name:
                answer["accepted"][name][prefix] = held(path)
            best = path.get("bestpath", {})
            if best.get("overall"):
                answer["best"][prefix] = name or "local"
                if best.get("selectionReason") == "Older Path":
                    answer["by_age"].add(prefix)
    return answer


def held(path):
    segments = []
    for segment in path.get("aspath", {}).get("segments", []):
        numbers = segment["list"]
        segments += [sorted(numbers)] if segment["type"] == "as-set" else numbers
    communities = path.get("community", {}).get("list", []) + path.get("largeCommunity", {}).get("list", [])
    route = {"as_path": segments, "communities": communities, "med": path.get("metric")}
    # `metric` is shown as 0 where there is none: the difference is of no consequence to a path that is held.
    return common(route | {"local_pref": path.get("locPrf"), "weight": path.get("weight", 0)})


def differences(frr, edgelint):
    """Where the two answers differ: (what, FRR's, edgelint's), in a fixed order."""
    if any(len(frr["accepted"][peer]) == limit + 1 for peer, limit in frr["limits"].items()):
        return []
    found = []
    for side in ("accepted", "advertised"):
        for peer in sorted(frr[side]):
            ours, theirs = edgelint[side].get(peer, {}), frr[side][peer]
            for prefix in sorted(set(ours) | set(theirs)):
                aged = side == "advertised" and prefix in frr["by_age"]
                pair = theirs.get(prefix), ours.get(prefix)
                if side == "advertised" and all(pair) and (peer, prefix) in frr["made"]:
                    continue
                if not aged and not same(*pair, side):
                    found.append((f"{side} {peer} {prefix}", *pair))
    for prefix in sorted(set(frr["best"]) | set(edgelint["best"])):
        pair = frr["best"].get(prefix), edgelint["best"].get(prefix)
        if prefix not in frr["by_age"] and pair[0] != pair[1]:
            found.append((f"best {prefix}", *pair))
    return found


def same(theirs, ours, side):
    if theirs is None or ours is None:
        return theirs is ours
    if any(theirs[key] != ours[key] for key in ("as_path", "communities", "med")):
        return False
    # FRR shows no local preference where nothing set one.
    preference = [route["local_pref"] or 0 if side == "advertised" else route["local_pref"] for route in (theirs, ours)]
    if preference[0] != preference[1] and side == "advertised":
        return False
    if side == "accepted":
        default = [DEFAULT_LOCAL_PREFERENCE if one is None else one for one in preference]
        return default[0] == default[1] and theirs["weight"] == ours["weight"]
    return True


def kind(difference):
    """What sort of difference it is: minimising keeps to one sort, so as not to slide into another."""
    what, theirs, ours = difference
    if what.startswith("best"):
        return ("best",)
    side = what.split()[0]
    if theirs is None or ours is None:
        return (side, theirs is None, ours is None)
    return (side, *(key for key in ("as_path", "communities", "med", "local_pref", "weight") if theirs.get(key) != ours.get(key)))
