"""The addresses to try: IP addresses, misleading names, redirects."""

PUBLIC = "93.184.216.34"
INSIDE = [
    "127.0.0.1",
    "127.0.0.2",
    "::1",
    "10.0.0.5",
    "172.16.0.5",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
]
"""The IP addresses of internal web sites, which must not be reached."""

NAMES: dict[str, list[str] | list[list[str]]] = {
    "public.example": [PUBLIC],
    "inside.example": ["10.0.0.5"],
    "loopback.example": ["127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "six.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "local6.example": ["fe80::1"],
    "both.example": [PUBLIC, "127.0.0.1"],
    # Public in the first answer, internal in the next one (DNS rebinding).
    "rebinding.example": [[PUBLIC], ["127.0.0.1"]],
}

REDIRECTS = {
    "/to-loopback": "http://127.0.0.1/scan.png",
    "/to-private": "http://10.0.0.5/scan.png",
    "/to-metadata": "http://169.254.169.254/latest/meta-data/",
    "/to-decimal": "http://2130706433/scan.png",
    "/to-octal": "http://0177.0.0.1/scan.png",
    "/to-six": "http://[::1]/scan.png",
    "/to-mapped": "http://[::ffff:7f00:1]/scan.png",
    "/to-name": "http://loopback.example/scan.png",
    "/to-no-scheme": "//127.0.0.1/scan.png",
    "/to-file": "file:///etc/passwd",
    "/to-gopher": "gopher://127.0.0.1:80/_GET%20/",
    "/to-another": "/to-loopback",
    "/to-itself": "/to-itself",
    "/to-password": "http://user@127.0.0.1/scan.png",
}

_NUMBERS = [
    "127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1",
    "0177.0.0.1", "017700000001", "0", "0.0.0.0", "10.0.0.5", "172.16.0.5", "192.168.1.1",
    "169.254.169.254", "100.100.100.200", "198.18.0.1", "224.0.0.1", "255.255.255.255",
    "[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[::ffff:0:7f00:1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]",
    "[2001:0:7f00:1::1]", "[fe80::1]", "[fec0::1]", "[fd00:ec2::254]", "localhost",
    "LOCALHOST.", "a.localhost", "①②⑦.⓪.⓪.①",
]  # fmt: skip
_INNER_NAMES = [name for name in NAMES if name not in ("public.example", "both.example")]

TRICKS = [
    *(f"http://{number}/scan.png" for number in _NUMBERS),
    *(f"http://{name}/scan.png" for name in _INNER_NAMES if name != "rebinding.example"),
    *(f"http://public.example{path}" for path in REDIRECTS),
    # The public host has no server at this port, but an internal one has.
    "http://both.example:8080/scan.png",
    "http://public.example@127.0.0.1/scan.png",
    "http://127.0.0.1#@public.example/scan.png",
    "http://127.0.0.1\\@public.example/scan.png",
    "file:///etc/passwd",
    "ftp://127.0.0.1/scan.png",
    "gopher://127.0.0.1/scan.png",
]
