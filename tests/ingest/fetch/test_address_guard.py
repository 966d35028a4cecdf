"""Server-side request forgery is prevented."""

import ipaddress
import socket
from contextlib import ExitStack, suppress

import pytest

from ocrportal.errors.ingest import AddressRefused, AddressUnreachable, BadAddress, IngestError
from ocrportal.ingest.fetch.address_guard import check_address, is_public, resolve
from ocrportal.ingest.fetch.http import fetch
from tests.website import page, redirect, website


@pytest.mark.parametrize(
    ("text", "url", "host", "port", "name"),
    [
        ("http://example.com", "http://example.com/", "example.com", 80, "example.com"),
        ("https://example.com/a/b.png", None, "example.com", 443, "b.png"),
        (" HTTPS://Example.COM:8443/b.png ", "https://example.com:8443/b.png", "example.com", 8443,
         "b.png"),
        ("http://例子.测试/扫描 1.pdf?号=7", "http://xn--fsqu00a.xn--0zwm56d/"
         "%E6%89%AB%E6%8F%8F%201.pdf?%E5%8F%B7=7", "xn--fsqu00a.xn--0zwm56d", 80, "扫描 1.pdf"),
        ("https://example.com/b.png#top", "https://example.com/b.png", "example.com", 443, "b.png"),
        ("https://example.com?file=7", "https://example.com/?file=7", "example.com", 443,
         "example.com"),
        ("http://[2606:4700::1111]/b.png", None, "2606:4700::1111", 80, "b.png"),
        ("http://1.1.1.1/b.png", None, "1.1.1.1", 80, "b.png"),
    ],
)  # fmt: skip
def test_an_address_is_parsed_as_it_is_requested(text, url, host, port, name):
    address = check_address(text, [])
    assert address.url == (url or text)
    assert (address.host, address.port, address.name) == (host, port, name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "page.png",
        "example.com/page.png",
        "//example.com/page.png",
        "http:///page.png",
        "http:example.com",
        "ftp://example.com/page.png",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "obs://bucket/page.png",
        "http://alice:secret@example.com/",
        "http://alice@example.com/",
        "http://:@example.com/",
        "http://example.com:99999/",
        "http://example.com:http/",
        "http://exam ple.com/",
        "http://example.com\t/",
        "http://[::1/",
        "http://" + "a" * 64 + ".com/",
        "http://a..com/",
    ],
)
def test_incomplete_addresses_and_addresses_with_credentials_are_rejected(text):
    with pytest.raises(BadAddress) as refusal:
        check_address(text, [])
    assert "secret" not in repr(refusal.value)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.0.0.1", "0",
        "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200",
        "198.18.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1",
        "[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:8.8.8.8]", "[::127.0.0.1]",
        "[::ffff:0:7f00:1]", "[64:ff9b::7f00:1]", "[64:ff9b::808:808]", "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]", "[2002:808:808::]", "[2001:0:7f00:1::1]", "[fe80::1]", "[fec0::1]",
        "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]", "[3fff::1]", "[5f00::1]", "[100::1]",
        "localhost", "LOCALHOST", "localhost.", "portal.localhost",
    ],
)  # fmt: skip
def test_internal_ip_addresses_are_refused_without_a_dns_query(host, monkeypatch):
    def numeric_only(name, port, *args, flags=0, **kwargs):
        assert flags & socket.AI_NUMERICHOST
        return look_up(name, port, *args, flags=flags, **kwargs)

    look_up = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", numeric_only)
    with pytest.raises(AddressRefused):
        check_address(f"http://{host}/latest/meta-data/", [])


@pytest.mark.parametrize("ip", ["8.8.8.8", "114.114.114.114", "2606:4700::1111", "2400:da00::1"])
def test_internet_addresses_are_public(ip):
    assert is_public(ipaddress.ip_address(ip))


@pytest.mark.parametrize(
    ("entry", "host"),
    [
        ("10.0.0.0/8", "10.1.2.3"),
        ("10.1.2.3", "10.1.2.3"),
        ("10.1.2.3/8", "10.200.0.1"),
        ("fd00::/8", "[fd12::1]"),
        ("Scanner.Office", "scanner.office"),
        ("localhost", "localhost"),
    ],
)
def test_internal_hosts_are_permitted(entry, host):
    assert check_address(f"http://{host}/", [entry]).port == 80


@pytest.mark.parametrize("entry", ["10.0.0.0/33", "*", "", "127.0.0.1"])
def test_internal_hosts_permit_nothing_else(entry):
    with pytest.raises(AddressRefused):
        check_address("http://10.1.2.3/", [entry])


class TestNames:
    """Names, resolved by a table instead of a DNS server."""

    @pytest.fixture(autouse=True)
    def _names(self, name_server):
        name_server["public.example"] = ["8.8.8.8"]
        name_server["inside.example"] = ["10.1.2.3"]
        name_server["both.example"] = ["10.1.2.3", "fd00::1", "8.8.8.8"]

    def resolve(self, name, *internal_hosts):
        found = resolve(check_address(f"http://{name}/", internal_hosts), internal_hosts)
        return [str(ip) for ip in found]

    def test_a_public_name_is_resolved(self):
        assert self.resolve("public.example") == ["8.8.8.8"]

    def test_a_name_of_an_internal_address_is_refused(self):
        with pytest.raises(AddressRefused) as refusal:
            self.resolve("inside.example")
        assert str(refusal.value) == (
            "inside.example is not a public host. An administrator can allow it with "
            "INTERNAL_HOSTS."
        )

    def test_only_the_public_addresses_of_a_name_are_used(self):
        assert self.resolve("both.example") == ["8.8.8.8"]

    def test_a_name_or_its_network_can_be_permitted(self):
        assert self.resolve("inside.example", "10.0.0.0/8") == ["10.1.2.3"]
        assert self.resolve("inside.example", "inside.example") == ["10.1.2.3"]
        assert self.resolve("inside.example.", "inside.example") == ["10.1.2.3"]

    def test_an_unknown_name_is_reported(self):
        with pytest.raises(AddressUnreachable, match=r"downloaded from nowhere\.example: unknown"):
            self.resolve("nowhere.example")


class TestGuardedSite:
    """An internal server, and addresses that try to reach it."""

    OFFICE = "127.0.0.2"
    """Another host, which is in INTERNAL_HOSTS."""

    ADDRESSES = (
        "http://127.0.0.1:{port}/", "http://127.1:{port}/", "http://127.0.1:{port}/",
        "http://127.000.000.001:{port}/", "http://2130706433:{port}/", "http://0x7f000001:{port}/",
        "http://0x7F.0.0.1:{port}/", "http://0177.0.0.1:{port}/", "http://017700000001:{port}/",
        "http://127.0.0.1.:{port}/", "http://0:{port}/", "http://0.0.0.0:{port}/",
        "http://0x0:{port}/", "http://[::]:{port}/", "http://[::1]:{port}/",
        "http://[0:0:0:0:0:0:0:1]:{port}/", "http://[::1%25lo]:{port}/", "http://[::1%lo]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/", "http://[::ffff:7f00:1]:{port}/",
        "http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/", "http://[::127.0.0.1]:{port}/",
        "http://[::ffff:0:127.0.0.1]:{port}/", "http://[64:ff9b::127.0.0.1]:{port}/",
        "http://[2002:7f00:1::]:{port}/", "http://localhost:{port}/", "http://LOCALHOST:{port}/",
        "http://localhost.:{port}/", "http://a.localhost:{port}/", "http://%31%32%37.0.0.1:{port}/",
        "http://127。0。0。1:{port}/", "http://①②⑦.⓪.⓪.①:{port}/", "http://１２７.０.０.１:{port}/",
        "http://public.example@127.0.0.1:{port}/", "http://127.0.0.1:{port}@public.example/",
        "http://127.0.0.1:{port}#@public.example/", "http://127.0.0.1:{port}?@public.example/",
        "http://public.example\\@127.0.0.1:{port}/", "http://127.0.0.1:{port}\\@public.example/",
        "http://127.0.0.2:80@127.0.0.1:{port}/", "http:127.0.0.1:{port}/",
        "http:/127.0.0.1:{port}/", "http:///127.0.0.1:{port}/", "http:\\\\127.0.0.1:{port}/",
        "//127.0.0.1:{port}/", "127.0.0.1:{port}/", "http://127.0.0.1\t:{port}/",
        "http://127.0.0.1\r\nHost: 127.0.0.2:{port}/", "http://\x00127.0.0.1:{port}/",
        "HTTP://127.0.0.1:{port}/", "https://127.0.0.1:{port}/", "https://localhost:{port}/",
        "ftp://127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/_GET", "dict://127.0.0.1:{port}/",
        "file://127.0.0.1:{port}/etc/passwd", "http://inside.example:{port}/",
        "http://INSIDE.example.:{port}/", "http://mapped.example:{port}/",
        "http://zero.example:{port}/", "http://six.example:{port}/", "http://many.example:{port}/",
    )  # fmt: skip

    @pytest.fixture
    def guarded(self):
        with ExitStack() as stack:
            guarded = stack.enter_context(website("127.0.0.1"))
            guarded.answers["/"] = page(b"secret")
            with suppress(OSError):  # a machine without IPv6
                six = stack.enter_context(website("::1", guarded.port))
                six.answers["/"] = page(b"secret")
            yield guarded
            assert six.visits == 0

    @pytest.fixture(autouse=True)
    def _names(self, name_server):
        name_server["inside.example"] = ["127.0.0.1"]
        name_server["mapped.example"] = ["::ffff:127.0.0.1"]
        name_server["zero.example"] = ["0.0.0.0"]
        name_server["six.example"] = ["::1"]
        name_server["many.example"] = ["10.0.0.1", "::1", "127.0.0.1"]

    def bring(self, address, folder):
        return fetch(
            address,
            max_bytes=1000,
            max_seconds=20,
            internal_hosts=[self.OFFICE],
            folder=folder,
        )

    def test_a_visit_of_the_guarded_site_is_counted(self, guarded):
        with socket.create_connection(("127.0.0.1", guarded.port)) as visitor:
            visitor.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert visitor.recv(100).endswith(b"secret")
        assert guarded.visits == 1

    def test_no_address_reaches_the_guarded_site(self, guarded, tmp_path):
        for address in self.ADDRESSES:
            with pytest.raises(IngestError):
                self.bring(address.format(port=guarded.port), tmp_path)
            assert guarded.visits == 0, address

    def test_no_redirect_reaches_the_guarded_site(self, guarded, tmp_path):
        with website(self.OFFICE) as site:
            for visits, address in enumerate(self.ADDRESSES, start=1):
                target = address.format(port=guarded.port)
                site.answers["/"] = redirect(target)
                with pytest.raises(IngestError):
                    self.bring(site.address(), tmp_path)
                assert guarded.visits == 0, address
                assert site.visits >= visits

    def test_a_connection_uses_the_address_that_was_checked(
        self, guarded, tmp_path, name_server, samples
    ):
        name_server["rebinding.example"] = [[self.OFFICE], ["127.0.0.1"]]
        with website(self.OFFICE, guarded.port) as site:
            site.answers["/"] = page((samples / "screenshot_zh.webp").read_bytes()[:1000])
            self.bring(site.address(host="rebinding.example"), tmp_path).file.close()
            assert site.visits == 1
        assert guarded.visits == 0

    def test_a_name_is_checked_again_for_each_redirect(self, guarded, tmp_path, name_server):
        name_server["rebinding.example"] = [[self.OFFICE], ["127.0.0.1"]]
        with website(self.OFFICE, guarded.port) as site:
            site.answers["/"] = redirect("/")
            with pytest.raises(AddressRefused):
                self.bring(site.address(host="rebinding.example"), tmp_path)
            assert site.visits == 1
        assert guarded.visits == 0

    def test_a_proxy_of_the_environment_is_not_used(self, guarded, tmp_path, monkeypatch):
        for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, guarded.address())
        with website(self.OFFICE) as site, pytest.raises(IngestError):
            self.bring(site.address(), tmp_path)
        assert site.visits == 1
        assert guarded.visits == 0
