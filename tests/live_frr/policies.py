"""Random policies, and the routes that are sent to them.

A case is drawn from one seed and nothing else. Names are sometimes those of objects that do not exist, numbers come
from small pools, so that what matches and what is set meet often. What FRR itself does differently from run to
run is not drawn: a prefix that is both aggregated and originated; `as-override` towards two AS numbers, because FRR works
out once for all neighbors of the same settings what they are sent, with the number of whichever came first. Two differences that are known and open are taken out
again (`without_open`).
"""

import random

import router

PREFIXES = [
    "0.0.0.0/0", "20.40.0.0/13", "20.48.0.0/12", "20.60.0.0/16", "20.150.8.0/24", "10.128.0.0/16", "10.20.0.0/15",
    "198.18.0.0/16", "198.18.7.0/25", "198.19.0.0/17", "198.19.128.0/18", "203.0.113.0/25", "172.20.0.0/16",
]
WIDER = ["0.0.0.0/0", "10.0.0.0/8", "20.0.0.0/8", "20.32.0.0/11", "198.18.0.0/15", "192.0.0.0/3", "203.0.112.0/23"]
OWN_PREFIXES = ["203.0.113.0/24", "198.51.100.0/24", "198.51.100.0/25", "10.20.0.0/15", "10.1.10.0/24", "192.168.7.0/24"]
AGGREGATES = ["198.18.0.0/15", "20.0.0.0/8", "198.51.100.0/23", "198.19.0.0/16"]
COMMUNITIES = ["65010:1", "65010:7", "12076:51004", "12076:51006", "64501:100", "64501:200", "3356:70"]
SPECIAL = ["no-export", "no-advertise", "local-AS", "graceful-shutdown"]
LARGE = ["65010:1:1", "12076:5:6"]
EXPRESSIONS = [
    "_3356_", "^12076$", "^$", ".*", "_8075$", "^64501_[0-9]+$", "^[0-9]+$", "_(174|3356)_", "^3356_", "_6[0-9]*_",
    "^65010", "(_64512)+$", "^.+_.+_.+$", "_65[0-9][0-9][0-9]_", "^12076(_12076)*$", "_17?4_", "[^1]$",
]
COMMUNITY_EXPRESSIONS = [
    "65010:.*", "^12076:5100[0-5]$", "_64501:", ".*", "^$", ":70", "12076:51004 12076:51006", "(100|200)$", "no-export",
    "^65010:[17]_", "6[45]", "^[0-9]+:[0-9]+$",
]
TRANSIT = [8075, 3356, 15169, 174, 65515, 64512, 4200000001, 12076, 64501]
MEDS = [0, 5, 10, 50, 100, 200]


class Draw:
    """One case while it is drawn."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.own = self.pick([65010, 65010, 64496])
        self.lines = []
        self.maps = [f"RM-{n}" for n in range(self.number(2, 6))]
        self.peers = []

    def pick(self, pool):
        return self.random.choice(pool)

    def some(self, pool, most):
        return self.random.sample(pool, self.number(1, min(most, len(pool))))

    def number(self, low, high):
        return self.random.randint(low, high)

    def chance(self, share):
        return self.random.random() < share

    def name(self, kind, count=4):
        return f"{kind}-UNDEF" if self.chance(0.04) else f"{kind}-{self.number(0, count - 1)}"

    def action(self, share=0.75):
        return "permit" if self.chance(share) else "deny"

    # Peers and what they send.

    def draw_peers(self):
        sorts = ["external"] * 3 + ["internal"]
        for place in range(self.number(2, router.PEERS)):
            internal = self.pick(sorts) == "internal"
            number = self.own if internal else self.pick([12076, 12076, 64501, 3356, 65020, 4200000009])
            peer = {"name": f"peer{place}", "address": router.peer_address(place), "remote_as": number}
            peer |= {"router_id": f"10.99.0.{self.number(1, 9)}{place}", "internal": internal}
            peer["routes"] = [self.route(peer, prefix) for prefix in self.some(PREFIXES, 7)]
            self.peers.append(peer)

    def route(self, peer, prefix):
        path = [self.pick(TRANSIT) for _ in range(self.number(0, 3))]
        if path and self.chance(0.15):
            path += [path[-1]] * self.number(1, 2)
        if self.chance(0.08):
            path.append(self.own)
        if self.chance(0.1):
            path.append(sorted(self.some(TRANSIT, 3)))
        if not peer["internal"] and not self.chance(0.03):
            path.insert(0, peer["remote_as"])
        elif not peer["internal"] and not path:
            path = [3356]
        route = {"prefix": prefix, "as_path": path, "origin": self.pick(["igp", "igp", "egp", "incomplete"])}
        if self.chance(0.4):
            route["med"] = self.pick(MEDS)
        if peer["internal"] and self.chance(0.5):
            route["local_pref"] = self.pick([50, 100, 200])
        carried = self.some(COMMUNITIES, 3) if self.chance(0.6) else []
        carried += [self.pick(SPECIAL)] if self.chance(0.08) else []
        if carried:
            route["communities"] = carried
        if self.chance(0.08):
            route["large_communities"] = self.some(LARGE, 2)
        return route

    # Lists.

    def draw_lists(self):
        for n in range(4):
            for sequence in self.random.sample(range(5, 60, 5), self.number(1, 5)):
                self.lines.append(f"ip prefix-list PL-{n} seq {sequence} {self.action()} {self.range()}")
            if self.chance(0.3):
                self.lines.append(f"ip prefix-list PL-{n} seq 200 permit 0.0.0.0/0 le 32")
        for n in range(2):
            for sequence in (5, 10)[: self.number(1, 2)]:
                exact = " exact-match" if self.chance(0.3) else ""
                self.lines.append(f"access-list AC-{n} seq {sequence} {self.action()} {self.pick(PREFIXES + WIDER)}{exact}")
            if self.chance(0.5):
                self.lines.append(f"access-list AC-{n} seq 50 permit any")
        for n in range(4):
            for _ in range(self.number(1, 3)):
                some = " ".join(self.some(COMMUNITIES + SPECIAL[:2], 2))
                self.lines.append(f"bgp community-list standard CL-{n} {self.action()} {some}")
                expression = self.pick(COMMUNITY_EXPRESSIONS)
                self.lines.append(f"bgp community-list expanded CX-{n} {self.action()} {expression}")
                self.lines.append(f"bgp as-path access-list AS-{n} {self.action(0.7)} {self.pick(EXPRESSIONS)}")

    def range(self):
        prefix = self.pick(PREFIXES + WIDER + OWN_PREFIXES)
        length = int(prefix.split("/")[1])
        words = prefix
        low = length
        if self.chance(0.35) and length < 31:
            low = self.number(length + 1, min(length + 12, 31))
            words += f" ge {low}"
        if self.chance(0.5) and low < 32:
            words += f" le {self.number(low + 1 if low == length else low, 32)}"
        return words

    # Route maps.

    def draw_maps(self):
        for place, name in enumerate(self.maps):
            sequences = sorted(self.random.sample(range(10, 100, 10), self.number(1, 4)))
            for sequence in sequences:
                later = [one for one in sequences if sequence < one]
                action = self.action()
                self.lines.append(f"route-map {name} {action} {sequence}")
                self.lines += [f" {line}" for line in self.clause(place, later, action)] + ["exit"]

    def clause(self, place, later, action):
        lines = []
        if self.chance(0.75):
            makers = self.random.sample(self.matches(), 2 if self.chance(0.2) else 1)
            lines += [f"match {words}" for words in makers]
        if self.chance(0.75):
            makers = self.random.sample(self.sets(), self.number(1, 3))
            lines += [f"set {words}" for words in makers]
        if place and self.chance(0.12):
            lines.append(f"call {self.pick(self.maps[:place])}")
        if self.chance(0.2) and action == "permit":
            goto = self.pick(later or [95])
            lines.append(self.pick(["on-match next", f"on-match goto {goto}", f"continue {goto}"]))
        return lines

    def matches(self):
        """One of each kind, so that no clause has two lines of one kind."""
        some = self.name("CL") if self.chance(0.6) else self.name("CX")
        exact = " exact-match" if some.startswith("CL") and self.chance(0.25) else ""
        addresses = [f"ip address prefix-list {self.name('PL')}"] * 3 + [f"ip address {self.name('AC', 2)}"]
        addresses.append(f"ip address prefix-len {self.number(8, 25)}")
        return [
            self.pick(addresses),
            f"community {some}{exact}",
            f"as-path {self.name('AS')}",
            f"metric {self.pick(MEDS[1:])}",
            f"local-preference {self.pick([50, 100, 150, 200])}",
            f"tag {self.pick([12, 77])}",
            f"peer {self.pick(self.peers)['address']}",
            f"origin {self.pick(['igp', 'egp', 'incomplete'])}",
            f"ip next-hop prefix-list {self.name('PL')}",
        ]

    def sets(self):
        some = " ".join(self.some(COMMUNITIES + SPECIAL[:1], 2))
        community = self.pick([f"{some} additive", f"{some} additive", some, "none"])
        prepend = self.pick([
            f"prepend {self.own} {self.own}", f"prepend {self.own}", f"prepend last-as {self.number(1, 3)}",
            "prepend 64501 3356", "exclude 3356",
        ])
        return [
            f"community {community}",
            f"comm-list {self.name('CL') if self.chance(0.6) else self.name('CX')} delete",
            f"local-preference {self.pick(['', '', '+', '-'])}{self.pick([50, 150, 200])}",
            f"metric {self.pick(['', '', '+', '-'])}{self.pick([5, 10, 100])}",
            f"weight {self.pick([0, 10, 100])}",
            f"as-path {prepend}",
            f"origin {self.pick(['igp', 'egp', 'incomplete'])}",
            f"tag {self.pick([12, 77])}",
        ]

    # BGP.

    def draw_bgp(self):
        self.lines += [f"router bgp {self.own}", " bgp router-id 10.255.0.1"]
        options = [
            ("no bgp ebgp-requires-policy", 0.85), ("bgp bestpath compare-routerid", 0.85),
            ("bgp always-compare-med", 0.15), ("bgp deterministic-med", 0.1), ("bgp bestpath med missing-as-worst", 0.1),
            ("bgp bestpath as-path ignore", 0.05), ("no bgp network import-check", 0.15),
            ("bgp default local-preference 120", 0.08), ("bgp route-reflector allow-outbound-policy", 0.15),
        ]
        self.lines += [f" {line}" for line, share in options if self.chance(share)]
        for peer in self.peers:
            self.lines += [f" neighbor {peer['address']} {line}" for line in self.session(peer)]
        self.lines += [" !", " address-family ipv4 unicast"]
        self.lines += [f"  {line}" for line in self.origins()]
        for peer in self.peers:
            for line in self.family(peer):
                no, words = ("no ", line[3:]) if line.startswith("no ") else ("", line)
                self.lines.append(f"  {no}neighbor {peer['address']} {words}")
        self.lines += [" exit-address-family", "exit"]

    def session(self, peer):
        lines = [f"remote-as {peer['remote_as']}", f"description {peer['name']}"]
        if not peer["internal"] and self.chance(0.12):
            lines.append("local-as 65050" + self.pick(["", " no-prepend", " no-prepend replace-as"]))
        if self.chance(0.02):
            lines.append("shutdown")
        return lines

    def mapped(self, share):
        """A route map behind a statement, now and then."""
        return f" route-map {self.some_map()}" if self.chance(share) else ""

    def some_map(self):
        return "RM-UNDEF" if self.chance(0.03) else self.pick(self.maps)

    def origins(self):
        lines = [f"network {prefix}{self.mapped(0.4)}" for prefix in self.some(OWN_PREFIXES, 3) if self.chance(0.6)]
        if self.chance(0.2):
            lines.append(f"redistribute static{self.mapped(0.6)}")
        if self.chance(0.2):
            lines.append(f"redistribute connected{self.mapped(0.6)}")
        for prefix in self.some(AGGREGATES, 2) if self.chance(0.25) else []:
            lines.append(f"aggregate-address {prefix}{self.pick(['', ' summary-only'])}")
        return lines

    def family(self, peer):
        lines = []
        for direction in ("in", "out"):
            kinds = [
                (f"route-map {self.some_map()}", 0.7), (f"prefix-list {self.name('PL')}", 0.12),
                (f"filter-list {self.name('AS')}", 0.1), (f"distribute-list {self.name('AC', 2)}", 0.06),
            ]
            # FRR refuses a distribute list beside a prefix list.
            drawn = [words for words, share in kinds if self.chance(share)]
            if any(words.startswith("prefix-list") for words in drawn):
                drawn = [words for words in drawn if not words.startswith("distribute-list")]
            lines += [f"{words} {direction}" for words in drawn]
        options = [
            (f"weight {self.pick([5, 50])}", 0.1), ("default-originate", 0.05),
            (f"default-originate route-map {self.some_map()}", 0.05), (f"allowas-in {self.number(1, 2)}", 0.1),
            (f"maximum-prefix {self.number(2, 6)}{self.pick(['', ' warning-only'])}", 0.06), ("soft-reconfiguration inbound", 0.1),
            ("next-hop-self", 0.1), ("as-override", 0.0 if peer["internal"] else 0.08),
            (self.pick(["no send-community", "no send-community all", "send-community both"]), 0.15),
            ("route-reflector-client", 0.4 if peer["internal"] else 0.0),
            (f"unsuppress-map {self.some_map()}", 0.04),
            ("remove-private-AS" + self.pick(["", " all", " replace-AS", " all replace-AS"]), 0.0 if peer["internal"] else 0.12),
        ]
        return lines + [words for words, share in options if self.chance(share)]


def without_open(lines):
    """The lines without what FRR decides by chance (see above), and what edgelint is known to answer differently: which of `network` and redistribution wins for
    one prefix, and `remove-private-AS` on a session with an AS number of its own."""
    redistributes = [line.split()[1] for line in lines if line.startswith("  redistribute")]
    taken = {"static": [line.split()[2] for line in router.STATIC], "connected": ["10.1.10.0/24"]}
    double = tuple(f"  network {prefix}" for source in redistributes for prefix in taken[source])
    shown = {line.split()[1] for line in lines if " local-as " in line}
    numbers = {line.split()[1]: line.split()[3] for line in lines if " remote-as " in line}
    overrides = [line for line in lines if line.endswith(" as-override")]
    others = {line for line in overrides if numbers[line.split()[1]] != numbers[overrides[0].split()[1]]}

    def is_open(line):
        words = line.split()
        private = len(words) > 2 and words[2] == "remove-private-AS" and words[1] in shown
        return private or line in others or bool(double) and line.startswith(double)

    return [line for line in lines if not is_open(line)]


def draw(seed):
    """The case of a seed: the lines of its configuration, and its peers with their routes."""
    case = Draw(seed)
    case.draw_peers()
    case.lines += ["frr defaults traditional", "hostname edge1", "!", *router.STATIC, "!"]
    for name, address in router.interfaces():
        case.lines += [f"interface {name}", f" ip address {address}", "exit", "!"]
    case.draw_bgp()
    case.draw_lists()
    case.draw_maps()
    case.lines = without_open(case.lines)
    return {"lines": case.lines, "peers": case.peers, "seed": seed}
