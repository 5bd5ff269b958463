"""Conversations in which a TLS client breaks the rules, and what a server has to say to that: the alert that RFC 5246,
RFC 8446 and their kin name, and then the end of the connection. After the core scripts of tlsfuzzer.

    conversations.py PORT       on localhost, with a certificate for a P-256 key

Where two answers are allowed below, both end the connection, and OpenSSL's is the other one.
"""

import os
import socket
import struct
import sys

from tlslite.api import HandshakeSettings, TLSConnection
from tlslite.errors import TLSAbruptCloseError, TLSRemoteAlert
from tlslite.messages import Alert, ChangeCipherSpec, ClientKeyExchange, Finished, Message

ALERTS = {
    0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 22: "record_overflow", 40: "handshake_failure",
    47: "illegal_parameter", 50: "decode_error", 51: "decrypt_error", 70: "protocol_version", 80: "internal_error",
    86: "inappropriate_fallback", 100: "no_renegotiation", 109: "missing_extension", 112: "unrecognized_name",
    120: "no_application_protocol",
}
OLD, NEW, NONE = "hello-0303", "hello-0304", "handshake_failure"
UNEXPECTED = "unexpected_message"
port = int(sys.argv[1])
failures = []
count = 0


def check(name, seen, wanted):
    """`wanted`: one of several, with blanks between them."""
    global count
    count += 1
    if seen not in wanted.split():
        failures.append(f"{name}: {seen}, not {wanted}")


def connect():
    connection = socket.create_connection(("127.0.0.1", port), 10)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


# ── The client's first message, byte by byte ─────────────────────────────────────────────────────────────────────────

def u8(data):
    return bytes([len(data)]) + data


def u16(data):
    return struct.pack(">H", len(data)) + data


def u24(number):
    return struct.pack(">I", number)[1:]


def words(*numbers):
    return b"".join(struct.pack(">H", number) for number in numbers)


def shares(*entries):
    return u16(b"".join(words(group) + u16(key) for group, key in entries))


P256 = bytes.fromhex(  # a point of the curve: its generator
    "04" "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
X25519 = b"\x09" + bytes(31)
MODERN = words(0x1301, 0x1302, 0x1303)
OLDER = words(0xC02B, 0xC02C, 0xCCA9)
SIGNATURES = words(0x0403, 0x0804)


def extensions(modern=True, **changes):
    """What a browser sends. `changes` go by name; None takes one away."""
    usual = {
        "sni": (0, u16(b"\0" + u16(b"localhost"))), "groups": (10, u16(words(29, 23, 24))), "points": (11, u8(b"\0")),
        "signatures": (13, u16(SIGNATURES)), "master": (23, b""), "renegotiation": (0xFF01, u8(b"")),
    }
    if modern:
        usual |= {
            "versions": (43, u8(words(0x0304, 0x0303))), "modes": (45, u8(b"\1")),
            "shares": (51, shares((29, X25519))),
        }
    return [extension for extension in (usual | changes).values() if extension]


def hello(fields=None, version=0x0303, session=b"", ciphers=MODERN + OLDER, compression=b"\0", after=b"", **changes):
    body = words(version) + os.urandom(32) + u8(session) + u16(ciphers) + u8(compression)
    if fields is not False:
        body += u16(b"".join(words(kind) + u16(data) for kind, data in extensions(**changes)))
    body += after
    return b"\1" + u24(len(body)) + body


def record(payload, kind=22, version=0x0301):
    return bytes([kind]) + words(version) + u16(payload)


def read_record(stream):
    head = stream.read(5)
    return head[0] if head else None, stream.read(struct.unpack(">H", head[3:])[0]) if len(head) == 5 else b""


RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")  # RFC 8446 §4.1.3


def answer(*packets):
    """What comes first: `hello-VERSION`, `retry`, an alert, or the end. After an alert only the end may come."""
    with connect() as connection:
        stream = connection.makefile("rb")
        try:
            for packet in packets:
                connection.sendall(packet)
            kind, body = read_record(stream)
            if kind == 21 and len(body) == 2:
                goes_on = "" if body[0] == 2 and not stream.read() else "-and-goes-on"
                return ALERTS.get(body[1], str(body[1])) + goes_on, body
        except ConnectionError:
            return "end", b""
        except TimeoutError:
            return "waits", b""
    if kind == 22 and body[0] == 2:
        return "retry" if body[6:38] == RETRY else f"hello-{fields_of(body).get(43, body[4:6]).hex()}", body
    return "end" if kind is None else f"record-{kind}", body


def fields_of(server_hello):
    rest = server_hello[39 + server_hello[38] + 5:]
    fields = {}
    while rest:
        kind, size = struct.unpack(">HH", rest[:4])
        fields[kind], rest = rest[4:4 + size], rest[4 + size:]
    return fields


def greet(name, wanted, *packets, **options):
    seen, body = answer(*(packets or (record(hello(**options)),)))
    check(name, seen, wanted)
    return body if body[:1] == b"\2" else b"\2" + bytes(100)


def versions():
    """RFC 8446 §4.2.1, RFC 7507."""
    greet("modern", NEW)
    body = greet("older", OLD, modern=False)
    check("1.2 from a server of 1.3 is marked in its random", body[30:38].hex(), "444f574e47524401")
    for version in (0x0000, 0x0100, 0x0200, 0x02FF, 0x0300, 0x0301, 0x0302):
        greet(f"version {version:04x}", "protocol_version handshake_failure", version=version, modern=False)
    for version in (0x0304, 0x0305, 0x03FF, 0x0400, 0xFFFF):
        greet(f"version {version:04x}", OLD, version=version, modern=False)
        greet(f"version {version:04x}, modern", NEW, version=version)
    for version in (0x0300, 0x0301, 0x0302, 0x7F1C, 0x0A0A, 0x0305):
        greet(f"only {version:04x}", "protocol_version", versions=(43, u8(words(version))))
    greet("only 1.2", OLD, versions=(43, u8(words(0x0303))))
    greet("unknown versions first", NEW, versions=(43, u8(words(0x7A7A, 0x0304))))
    for broken in (b"", b"\0", b"\1\3", b"\3\3\4\3", b"\4\3\4", u8(words(0x0304)) + b"\0"):
        greet(f"versions {broken.hex()}", "decode_error protocol_version", versions=(43, broken))
    greet("fallback", "inappropriate_fallback", ciphers=OLDER + words(0x5600), modern=False)
    for version in (0x0300, 0x0302, 0x0303, 0x0304, 0x03FF):
        greet(f"record version {version:04x}", NEW, record(hello(), version=version))
    greet("SSLv2", "end protocol_version handshake_failure",
          b"\x80\x2e\1\0\2\0\x15\0\0\0\x10\1\0\x80\2\0\x80\3\0\x80\4\0\x80\5\0\x80\6\0\x40\7\0\xc0" + os.urandom(16))


def suites():
    """RFC 8446 §4.1.2, RFC 9325 §4.2, RFC 5746."""
    for suite in (0x1301, 0x1302, 0x1303):
        greet(f"suite {suite:04x}", NEW, ciphers=words(suite))
    for suite in (0xC02B, 0xC02C, 0xCCA9):
        greet(f"suite {suite:04x}", OLD, ciphers=words(suite), modern=False)
    for suite in (0x0000, 0x0001, 0x0004, 0x0005, 0x000A, 0x002F, 0x0035, 0x0034, 0x0033, 0x003C, 0x009C, 0x009E,
                  0x00A6, 0xC006, 0xC007, 0xC008, 0xC009, 0xC00A, 0xC013, 0xC018, 0xC023, 0xC024, 0xC0AC, 0xC0AD,
                  0xC0AE, 0x0A0A, 0xFFFF, 0x00FF):
        greet(f"suite {suite:04x}", NONE, ciphers=words(suite), modern=False)
    greet("unknown suites first", NEW, ciphers=words(0x0A0A, 0xFFFF) + MODERN)
    greet("no suites", f"decode_error illegal_parameter {NONE}", ciphers=b"")
    greet("half a suite", "decode_error", ciphers=MODERN + b"\0")
    greet("modern without a suite of 1.3", f"{OLD} {NONE}", ciphers=OLDER)
    greet("suites of 1.3 without its version", NONE, ciphers=MODERN, modern=False)
    greet("renegotiation by suite", OLD, ciphers=OLDER + words(0x00FF), modern=False, renegotiation=None)
    greet("renegotiation of nothing", NONE, modern=False, renegotiation=(0xFF01, u8(b"x" * 12)))
    greet("renegotiation broken", "decode_error", modern=False, renegotiation=(0xFF01, b"\5ab"))
    greet("compression in 1.2", OLD, compression=b"\1\0", modern=False)
    greet("no null compression", "illegal_parameter decode_error", compression=b"\1", modern=False)
    greet("compression in 1.3", "illegal_parameter", compression=b"\0\1")
    greet("empty compression", "decode_error illegal_parameter", compression=b"")


def fields():
    """RFC 8446 §4.2, RFC 6066, RFC 7627, RFC 7301."""
    older = greet("older", OLD, modern=False, heart=(15, b"\1"), etm=(22, b""))
    kinds = fields_of(older)
    check("extended master secret", str(23 in kinds), "True")
    check("renegotiation info", kinds.get(0xFF01, b"?").hex(), "00")
    check("neither heartbeat nor encrypt-then-mac", str(15 in kinds or 22 in kinds), "False")
    session = os.urandom(32)
    check("the session id comes back", greet("session id", NEW, session=session)[39:71].hex(), session.hex())
    for size in (33, 255):
        greet(f"session id of {size}", "decode_error illegal_parameter", session=b"x" * size)
    greet("none", f"{OLD} {NONE}", fields=False, modern=False)
    greet("unknown", NEW, unknown=(0xEEEE, b"abc"), grease=(0x3A3A, b""))
    greet("two hundred", NEW, **{f"x{number}": (0x4000 + number, b"ab") for number in range(200)})
    greet("large", NEW, padding=(21, bytes(10000)))
    greet("twice", "illegal_parameter decode_error", again=(10, u16(words(29))))
    greet("longer than it says", "decode_error", after=b"\0")
    whole = hello()
    for cut in (5, 20, 38, 39, 60, len(whole) - 1):
        greet(f"cut at {cut}", "decode_error", record(whole[:1] + u24(cut - 4) + whole[4:cut]))
    for broken in (b"", b"\0\0", u16(b"\0" + u16(b"localhost") + b"x"), b"\0\1\0"):
        greet(f"server name {broken.hex()}", "decode_error", sni=(0, broken))
    greet("server name of another", NEW, sni=(0, u16(b"\0" + u16(b"elsewhere.test"))))
    greet("server name with NUL", "unrecognized_name decode_error", sni=(0, u16(b"\0" + u16(b"local\0host"))))
    greet("no server name", NEW, sni=None)
    for broken in (b"", b"\0", b"\0\0", b"\0\3\0\x1d\0", u16(words(29)) + b"\0"):
        greet(f"groups {broken.hex()}", "decode_error", groups=(10, broken))
    for broken in (b"", b"\0\0", b"\0\3\4\3\4", u16(SIGNATURES) + b"\0"):
        greet(f"signatures {broken.hex()}", "decode_error", signatures=(13, broken))
    for modern in (True, False):
        greet("signatures nobody makes", NONE, modern=modern, signatures=(13, u16(words(0x0101, 0x0201))))
    greet("signatures of SHA-1 only", NONE, signatures=(13, u16(words(0x0203))))
    for missing in ("signatures", "groups", "shares"):
        greet(f"{missing} missing", "missing_extension", **{missing: None})
    greet("session ticket", OLD, modern=False, ticket=(35, b""))
    greet("session ticket that is none", OLD, modern=False, ticket=(35, os.urandom(180)))
    greet("status request", NEW, status=(5, b"\1\0\0\0\0"))
    greet("early data without a key", NEW, early=(42, b""))
    greet("master secret with content", "decode_error", modern=False, master=(23, b"x"))
    body = greet("ALPN", OLD, modern=False, alpn=(16, u16(u8(b"h2") + u8(b"http/1.1"))))
    check("http/1.1 is chosen", fields_of(body).get(16, b"").hex(), u16(u8(b"http/1.1")).hex())
    for others in (u8(b"h2"), u8(b"http/1.") + u8(b"HTTP/1.1") + u8(b"http/1.10")):
        greet(f"ALPN {others}", "no_application_protocol", alpn=(16, u16(others)))
    for broken in (b"", b"\0\0", u16(u8(b"")), u16(u8(b"http/1.1") + b"\5ab"), u16(u8(b"http/1.1")) + b"\0"):
        greet(f"ALPN {broken.hex()}", "decode_error", alpn=(16, broken))


def keys():
    """RFC 8446 §4.2.7 to §4.2.11, RFC 8422 §5.10, RFC 7748 §6.1."""
    greet("P-256", NEW, shares=(51, shares((23, P256))))
    greet("no key yet", "retry", shares=(51, u16(b"")))
    greet("a key of another group", "retry", groups=(10, u16(words(30, 29))), shares=(51, shares((30, b"x" * 56))))
    for group in (19, 21, 22, 25, 30, 256, 257, 260, 0x0A0A):
        greet(f"group {group}", NONE, groups=(10, u16(words(group))), shares=(51, shares((group, b"x" * 32))))
    greet("grease", NEW, groups=(10, u16(words(0x1A1A, 29))), shares=(51, shares((0x1A1A, b"x"), (29, X25519))))
    for name, group, key in [
        ("of nothing", 29, b""), ("too short", 29, X25519[:31]), ("too long", 29, X25519 + b"\0"),
        ("zero", 29, bytes(32)), ("one", 29, b"\1" + bytes(31)), ("off the curve", 23, P256[:-1] + b"\0"),
        ("infinite", 23, b"\0"), ("compressed", 23, b"\3" + P256[1:33]), ("cut", 23, P256[:-1]),
        ("zeros", 23, b"\4" + bytes(64)), ("hybrid", 23, b"\7" + P256[1:]), ("of another group", 23, X25519),
    ]:
        greet(f"key {name}", "illegal_parameter decode_error", shares=(51, shares((group, key))))
    greet("a key of a group not offered", "illegal_parameter", groups=(10, u16(words(23))))
    greet("two keys of a group", f"illegal_parameter {NEW}", shares=(51, shares((29, X25519), (29, X25519))))
    for broken in (b"", b"\0", b"\0\4\0\x1d\0", shares((29, X25519)) + b"\0"):
        greet(f"keys {broken.hex()}", "decode_error", shares=(51, broken))
    with connect() as connection:
        stream = connection.makefile("rb")
        kinds = []
        for _ in range(2):
            connection.sendall(record(hello(shares=(51, u16(b"")))))
            kinds.append(read_record(stream))
        if kinds[1][0] == 20:  # in the way for old middleboxes
            kinds[1] = read_record(stream)
        check("asked for a key, and none again", ALERTS.get(kinds[1][1][1]), "illegal_parameter")
    ticket = (41, u16(u16(b"ticket") + bytes(4)) + u16(u8(bytes(32))))
    greet("an unknown ticket", NEW, ticket=ticket)
    greet("a ticket that is not last", "illegal_parameter", ticket=ticket, last=(0xEEEE, b""))
    greet("a ticket without modes", "missing_extension", ticket=ticket, modes=None)
    greet("modes unknown", NEW, modes=(45, u8(b"\7")))
    greet("modes broken", "decode_error", modes=(45, b"\2\1"))


def records():
    """RFC 8446 §5, §5.1."""
    text = hello()
    greet("in records of a byte", NEW, *(record(bytes([byte])) for byte in text))
    greet("in two records in one packet", NEW, record(text[:50]) + record(text[50:]))
    greet("in packets of a byte", NEW, *(bytes([byte]) for byte in record(text)))
    greet("too large a record", "record_overflow", record(b"\1" + bytes(1 << 14)))
    greet("a hello without end", f"illegal_parameter decode_error {UNEXPECTED} record_overflow",
          record(b"\1\xff\xff\xff" + bytes(1000)))
    for kind in (0, 19, 25, 127):
        greet(f"a record of type {kind}", f"{UNEXPECTED} end", record(text, kind=kind))
    greet("data first", UNEXPECTED, record(b"GET / HTTP/1.1\r\n", kind=23))
    greet("change of cipher first", UNEXPECTED, record(b"\1", kind=20) + record(text))
    greet("heartbeat first", UNEXPECTED, record(b"\1\xff\xff", kind=24))
    for alert in (b"\2\x28", b"\1\0", b"", b"\2", b"\2\x28\0", b"\5\0"):
        greet(f"an alert first: {alert.hex()}", f"end {UNEXPECTED} decode_error illegal_parameter",
              record(alert, kind=21))
    for kind in (0, 2, 4, 8, 11, 13, 14, 15, 16, 20, 24, 99, 255):
        greet(f"message {kind} first", UNEXPECTED, record(bytes([kind]) + b"\0\0\4abcd"))
    greet("another hello at its heels", f"{UNEXPECTED} {NEW}", record(text + text))


# ── Later messages ───────────────────────────────────────────────────────────────────────────────────────────────────

class Raw(Message):
    """Any bytes as a record of any type."""

    def __init__(self, kind, data):
        super().__init__(kind, bytearray(data))


class Client(TLSConnection):
    """`change(message)`: what is sent in the place of a message, a list."""

    def __init__(self, version, change=None, **options):
        super().__init__(connect())
        self.change = change or (lambda message: [message])
        self.settings = HandshakeSettings()
        self.settings.minVersion = self.settings.maxVersion = version
        for name, value in options.items():
            setattr(self.settings, name, value)

    def _sendMsg(self, message, *rest, **more):
        for each in self.change(message):
            yield from super()._sendMsg(each, *rest, **more)

    def shake(self, session=None):
        self.handshakeClientCert(settings=self.settings, session=session, serverName="localhost")

    def get(self):
        self.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return self.hear()

    def hear(self):
        text = b""
        while b"ok\n" not in text:
            more = self.read(min=1, max=4096)
            if not more:
                return "end"
            text += more
        return "served"

    def put(self, message):
        for _ in self._sendMsg(message, randomizeFirstBlock=False):
            pass


def outcome(body):
    try:
        return body()
    except TLSRemoteAlert as alert:
        return ALERTS.get(alert.description, str(alert.description))
    except (TLSAbruptCloseError, ConnectionError):
        return "end"
    except TimeoutError:
        return "waits"


def shaken(name, wanted, version, change=None, then=Client.get, **options):
    client = Client(version, change, **options)

    def talk():
        client.shake()
        return then(client)

    check(f"1.{version[1] - 1} {name}", outcome(talk), wanted)
    return client


def instead(kind, *others):
    return lambda message: list(others) if isinstance(message, kind) else [message]


def before(kind, *others):
    return lambda message: [*others, message] if isinstance(message, kind) else [message]


def twice(kind):
    return lambda message: [message, message] if isinstance(message, kind) else [message]


def changed(change):
    """Another Finished."""
    def each(message):
        if isinstance(message, Finished):
            message.verify_data = bytearray(change(bytes(message.verify_data)))
        return [message]
    return each


def sends(*messages):
    def then(client):
        for message in messages:
            client.put(message)
        return client.get()
    return then


def spoilt_record(client):
    client.sock.sendall(b"\x17\3\3\0\x30" + os.urandom(48))
    return client.hear()


def bytewise(client):
    for byte in b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n":
        client.write(bytes([byte]))
    return client.hear()


def farewell(client):
    client.put(Alert().create(0, 1))
    return client.hear()


def both_versions():
    """RFC 5246 §7, RFC 8446 §4.4.4, §5, §6."""
    for version in ((3, 3), (3, 4)):
        for cipher in ("aes128gcm", "aes256gcm", "chacha20-poly1305"):
            shaken(cipher, "served", version, cipherNames=[cipher])
        for group in ("x25519", "secp256r1", "secp384r1"):
            # With the curve of the certificate, which in 1.2 has to be among them.
            shaken(group, "served", version, eccCurves=[group, "secp256r1"], keyShares=[group], defaultCurve=group)
        shaken("Finished spoilt", "decrypt_error", version, changed(lambda data: bytes([data[0] ^ 1]) + data[1:]))
        shaken("Finished cut", "decode_error decrypt_error", version, changed(lambda data: data[:-1]))
        shaken("Finished longer", "decode_error decrypt_error", version, changed(lambda data: data + b"\0"))
        shaken("data before Finished", UNEXPECTED, version, before(Finished, Raw(23, b"GET / HTTP/1.1\r\n\r\n")))
        shaken("data for Finished", UNEXPECTED, version, instead(Finished, Raw(23, b"GET / HTTP/1.1\r\n\r\n")))
        shaken("empty data", "served", version, then=sends(Raw(23, b""), Raw(23, b"")))
        for name, message in [
            ("a heartbeat", Raw(24, b"\1\0\3abc" + bytes(16))), ("an unknown record", Raw(99, b"abc")),
            ("another Finished", Raw(22, b"\x14\0\0\x0c" + bytes(12))), ("an unknown message", Raw(22, b"\x63\0\0\0")),
            ("a certificate nobody asked for", Raw(22, b"\x0b\0\0\3\0\0\0")), ("a hello request", Raw(22, bytes(4))),
        ]:
            shaken(name, UNEXPECTED, version, then=sends(message))
        for alert in (b"", b"\2"):
            shaken(f"an alert of {len(alert)} bytes", f"decode_error {UNEXPECTED}", version, then=sends(Raw(21, alert)))
        shaken("an alert, and it is over", "end", version, then=sends(Raw(21, b"\2\x50")))
        shaken("goodbye is answered", "end close_notify", version, then=farewell)
        shaken("a spoilt record", "bad_record_mac", version, then=spoilt_record)
        shaken("in records of a byte", "served", version, then=bytewise)
        first, second = shaken("first of two", "served", version), Client(version)
        check(f"{version} resumed", outcome(lambda: second.shake(first.session) or f"{second.get()} {second.resumed}")
              .replace(" ", "-"), "served-True")


def twelve():
    """RFC 5246 §7.1, §7.4.7, RFC 8422 §5.11, RFC 5746 §3.7."""
    old = (3, 3)
    p256 = {"eccCurves": ["secp256r1"], "keyShares": ["secp256r1"], "defaultCurve": "secp256r1"}
    shaken("change of cipher early (CVE-2014-0224)", UNEXPECTED, old, before(ClientKeyExchange, ChangeCipherSpec()))
    shaken("no change of cipher", f"{UNEXPECTED} bad_record_mac", old, instead(ChangeCipherSpec))
    shaken("change of cipher of two bytes", f"decode_error illegal_parameter {UNEXPECTED}", old,
           instead(ChangeCipherSpec, Raw(20, b"\1\1")))
    shaken("change of cipher twice", f"{UNEXPECTED} bad_record_mac internal_error", old, twice(ChangeCipherSpec))
    shaken("no key", UNEXPECTED, old, instead(ClientKeyExchange))
    shaken("the key twice", UNEXPECTED, old, twice(ClientKeyExchange))
    for name, key in [
        ("empty", u8(b"")), ("off the curve", u8(P256[:-1] + b"\0")), ("infinite", u8(b"\0")), ("cut", u8(P256[:-1])),
        ("longer", u8(P256 + b"\0")), ("with more behind it", u8(P256) + b"\0"),
    ]:
        shaken(f"key {name}", "decode_error illegal_parameter internal_error", old,
               instead(ClientKeyExchange, Raw(22, b"\x10" + u24(len(key)) + key)), **p256)
    shaken("a hello for the key", UNEXPECTED, old, instead(ClientKeyExchange, Raw(22, hello(modern=False))))
    shaken("another hello", f"no_renegotiation {NONE} {UNEXPECTED}", old, then=sends(Raw(22, hello(modern=False))))


def thirteen():
    """RFC 8446 §4.6, §5, §5.4, Appendix D.4."""
    new = (3, 4)
    shaken("change of cipher, as browsers send it", "served", new, before(Finished, Raw(20, b"\1")))
    for broken in (b"\2", b"\1\1"):
        shaken(f"change of cipher {broken.hex()}", f"{UNEXPECTED} illegal_parameter decode_error", new,
               before(Finished, Raw(20, broken)))
    shaken("end of early data", UNEXPECTED, new, before(Finished, Raw(22, b"\5\0\0\0")))
    shaken("new keys before the end", UNEXPECTED, new, before(Finished, Raw(22, b"\x18\0\0\1\0")))
    for name, message in [
        ("change of cipher later", Raw(20, b"\1")), ("another hello", Raw(22, hello())), ("nothing", Raw(22, b"")),
        ("a ticket from a client", Raw(22, b"\4\0\0\4abcd")), ("a record of padding", Raw(0, bytes(20))),
        ("new keys, and more with the old ones", Raw(22, b"\x18\0\0\1\0\x18\0\0\1\0")),
    ]:
        shaken(name, UNEXPECTED, new, then=sends(message))
    for broken in (b"\2", b"", b"\0\0"):
        shaken(f"new keys {broken.hex()}", "illegal_parameter decode_error", new,
               then=sends(Raw(22, b"\x18" + u24(len(broken)) + broken)))

    def renew(client, both):
        for _ in range(5):
            for _ in client.send_keyupdate_request(both):
                pass
            assert client.get() == "served"
        return "served"

    def padded(client, size):
        client._recordLayer.padding_cb = lambda length, kind, limit: min(size, limit - length)
        return client.get()

    for both in (0, 1):
        shaken("new keys", "served", new, then=lambda client: renew(client, both))
    for size in (1, 1000, 1 << 14):
        shaken(f"padding of {size}", "served", new, then=lambda client: padded(client, size))


for part in (versions, suites, fields, keys, records, both_versions, twelve, thirteen):
    part()
for failure in failures:
    print(failure)
print(f"{count} conversations over TLS, {len(failures)} that went as they must not")
sys.exit(bool(failures))
