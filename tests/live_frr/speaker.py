"""A BGP speaker that is just enough of a peer: it opens a session, sends the routes it is given, and keeps
what it is sent.

It is written here, and not FRR itself, because a peer must send exactly the attributes of a case (AS sets, a
path that begins with another AS, private AS numbers) and must say exactly what arrived on the wire.
IPv4 unicast only; AS numbers of four octets (RFC 4271, RFC 6793, RFC 1997, RFC 8092).
"""

import ipaddress
import socket
import struct
import time

OPEN, UPDATE, NOTIFICATION, KEEPALIVE = 1, 2, 3, 4
ORIGINS = ["IGP", "EGP", "incomplete"]
SET, SEQUENCE = 1, 2
HOLD_SECONDS = 180
WELL_KNOWN = {
    "internet": 0,
    "graceful-shutdown": 0xFFFF0000,
    "blackhole": 0xFFFF029A,
    "no-export": 0xFFFFFF01,
    "no-advertise": 0xFFFFFF02,
    "local-as": 0xFFFFFF03,
}


def community_form(text):
    """A community in the form that is compared: numbers in the place of a name, however that is spelled."""
    names = {name.replace("-", ""): number for name, number in WELL_KNOWN.items()}
    number = names.get(text.lower().replace("-", ""))
    return text if number is None else community_text(number)


def community_number(text):
    """A community as a number, from `high:low` or from a name."""
    text = community_form(text)
    high, low = text.split(":")
    return int(high) << 16 | int(low)


def community_text(number):
    """A community as `high:low`, whatever its name: both sides are compared in this form."""
    return f"{number >> 16}:{number & 0xFFFF}"


def message(kind, body=b""):
    return b"\xff" * 16 + struct.pack("!HB", 19 + len(body), kind) + body


def open_message(as_number, router_id):
    four = struct.pack("!BBI", 65, 4, as_number)
    multi = struct.pack("!BBHBB", 1, 4, 1, 0, 1)
    refresh = struct.pack("!BB", 2, 0)
    capabilities = b"".join(struct.pack("!BB", 2, len(one)) + one for one in (multi, refresh, four))
    short = as_number if as_number < 65536 else 23456
    head = struct.pack("!BHH4sB", 4, short, HOLD_SECONDS, socket.inet_aton(router_id), len(capabilities))
    return message(OPEN, head + capabilities)


def attribute(flags, code, value):
    return struct.pack("!BBH", flags | 0x10, code, len(value)) + value


def encode_path(as_path):
    """An AS path: numbers in a row are a sequence, an inner list is a set."""
    segments = []
    for one in as_path:
        if isinstance(one, list):
            segments.append((SET, one))
        elif segments and segments[-1][0] == SEQUENCE:
            segments[-1][1].append(one)
        else:
            segments.append((SEQUENCE, [one]))
    heads = (struct.pack("!BB", kind, len(all)) + struct.pack(f"!{len(all)}I", *all) for kind, all in segments)
    return b"".join(heads)


def update_message(route, next_hop, internal):
    """The UPDATE that announces one route."""
    origin = ["igp", "egp", "incomplete"].index(route.get("origin", "igp"))
    parts = [
        attribute(0x40, 1, bytes([origin])),
        attribute(0x40, 2, encode_path(route["as_path"])),
        attribute(0x40, 3, socket.inet_aton(next_hop)),
    ]
    if route.get("med") is not None:
        parts.append(attribute(0x80, 4, struct.pack("!I", route["med"])))
    if internal:
        parts.append(attribute(0x40, 5, struct.pack("!I", route.get("local_pref", 100))))
    numbers = [community_number(text) for text in route.get("communities", [])]
    if numbers:
        parts.append(attribute(0xC0, 8, struct.pack(f"!{len(numbers)}I", *numbers)))
    large = [int(part) for text in route.get("large_communities", []) for part in text.split(":")]
    if large:
        parts.append(attribute(0xC0, 32, struct.pack(f"!{len(large)}I", *large)))
    attributes = b"".join(parts)
    network = ipaddress.ip_network(route["prefix"])
    octets = (network.prefixlen + 7) // 8
    reach = bytes([network.prefixlen]) + network.network_address.packed[:octets]
    return message(UPDATE, struct.pack("!HH", 0, len(attributes)) + attributes + reach)


def prefixes(data):
    while data:
        octets = (data[0] + 7) // 8
        address = data[1 : 1 + octets].ljust(4, b"\0")
        yield f"{socket.inet_ntoa(address)}/{data[0]}"
        data = data[1 + octets :]


def decode_path(data):
    path = []
    while data:
        kind, count = data[0], data[1]
        numbers = list(struct.unpack(f"!{count}I", data[2 : 2 + 4 * count]))
        if kind == SET:
            path.append(sorted(numbers))
        else:
            path.extend(numbers)
        data = data[2 + 4 * count :]
    return path


def decode_attributes(data):
    """The attributes of an UPDATE that a trace shows too."""
    route = {"as_path": [], "med": None, "local_pref": None, "communities": [], "origin": None}
    while data:
        flags, code = data[0], data[1]
        wide = flags & 0x10
        length = struct.unpack("!H", data[2:4])[0] if wide else data[2]
        start = 4 if wide else 3
        value, data = data[start : start + length], data[start + length :]
        if code == 1:
            route["origin"] = ORIGINS[value[0]]
        elif code == 2:
            route["as_path"] = decode_path(value)
        elif code == 4:
            route["med"] = struct.unpack("!I", value)[0]
        elif code == 5:
            route["local_pref"] = struct.unpack("!I", value)[0]
        elif code == 8:
            numbers = struct.unpack(f"!{len(value) // 4}I", value)
            route["communities"] += [community_text(number) for number in numbers]
        elif code == 32:
            parts = struct.unpack(f"!{len(value) // 4}I", value)
            large = zip(parts[::3], parts[1::3], parts[2::3])
            route["communities"] += [f"{a}:{b}:{c}" for a, b, c in large]
    route["communities"] = sorted(set(route["communities"]))
    return route


class Speaker:
    """One peer. `pump` must be called for anything to happen; nothing runs by itself."""

    def __init__(self, peer, router_address, new_socket):
        self.peer = peer
        self.router_address = router_address
        self.new_socket = new_socket
        self.socket = None
        self.buffer = b""
        self.established = False
        # Said by the router's last NOTIFICATION, or that it closed the connection.
        self.closed = None
        self.received = {}
        self.last_heard = time.monotonic()

    def connect(self):
        """Tries to reach the router once, and opens a session where it answers."""
        self.close()
        self.socket = self.new_socket()
        self.socket.settimeout(1)
        try:
            self.socket.connect((self.router_address, 179))
            self.socket.sendall(open_message(self.peer["remote_as"], self.peer["router_id"]))
        except OSError:
            self.close()
            return
        self.socket.setblocking(False)
        self.closed = None

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket, self.buffer, self.established = None, b"", False

    def send_routes(self, routes):
        """Announces routes, in their order."""
        internal = self.peer["internal"]
        updates = [update_message(route, self.peer["address"], internal) for route in routes]
        self.send(b"".join(updates))

    def send(self, data):
        if not self.socket:
            return
        self.socket.setblocking(True)
        try:
            self.socket.sendall(data)
            self.socket.setblocking(False)
        except OSError:
            self.fall("the connection broke")

    def fall(self, why):
        self.close()
        self.closed = why
        self.received.clear()

    def pump(self):
        """Reads and answers what has arrived."""
        while self.socket:
            try:
                data = self.socket.recv(65536)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            if not data:
                self.fall(self.closed or "the router closed the connection")
                break
            self.buffer += data
        while self.socket and len(self.buffer) >= 19:
            length, kind = struct.unpack("!HB", self.buffer[16:19])
            if len(self.buffer) < length:
                break
            body, self.buffer = self.buffer[19:length], self.buffer[length:]
            self.take(kind, body)

    def take(self, kind, body):
        if kind == OPEN:
            self.send(message(KEEPALIVE))
        elif kind == KEEPALIVE:
            if self.established:
                self.send(message(KEEPALIVE))
            self.established = True
        elif kind == NOTIFICATION:
            self.fall(f"notification {body[0]}/{body[1]}")
        elif kind == UPDATE:
            self.last_heard = time.monotonic()
            self.take_update(body)

    def take_update(self, body):
        gone = struct.unpack("!H", body[:2])[0]
        for prefix in prefixes(body[2 : 2 + gone]):
            self.received.pop(prefix, None)
        length = struct.unpack("!H", body[2 + gone : 4 + gone])[0]
        start = 4 + gone
        route = decode_attributes(body[start : start + length])
        for prefix in prefixes(body[start + length :]):
            self.received[prefix] = route
