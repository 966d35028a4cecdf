"""Fetching a file: its name and format, and the errors."""

import gzip
import ssl

import pytest

from ocrportal.errors.ingest import (
    AddressGivesNothing,
    AddressTooSlow,
    AddressUnreachable,
    AlreadyText,
    FileTooLarge,
    UnsupportedFormat,
)
from ocrportal.ingest.fetch.http import fetch
from tests.website import (
    after,
    again_and_again,
    page,
    raw,
    redirect,
    silence,
    website,
    write_certificate,
)

OFFICE = "127.0.0.2"
"""The host of the test web site, which is in INTERNAL_HOSTS."""
MEGABYTE = 1024 * 1024
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def site():
    with website(OFFICE) as site:
        yield site


@pytest.fixture
def picture(samples):
    return (samples / "screenshot_zh.webp").read_bytes()


@pytest.fixture
def bring(tmp_path):
    """Fetch an address and check that no named temporary file is left."""

    def bring(address, max_seconds=20.0, max_bytes=MEGABYTE):
        try:
            return fetch(
                address,
                max_bytes=max_bytes,
                max_seconds=max_seconds,
                internal_hosts=[OFFICE],
                folder=tmp_path,
            )
        finally:
            assert list(tmp_path.iterdir()) == []

    return bring


def refusal_of(bring, address, kind, **limits):
    with pytest.raises(kind) as refusal:
        bring(address, **limits)
    return refusal.value


def test_a_picture_is_fetched_with_its_name_and_format(site, bring, picture):
    site.answers["/pages/screen.webp"] = page(picture)
    fetched = bring(site.address("/pages/screen.webp?size=full"))
    with fetched.file as file:
        assert (fetched.name, fetched.format.key) == ("screen.webp", "webp")
        assert file.read() == picture


def test_the_request_contains_the_host_name_and_no_secrets(site, bring, picture, name_server):
    name_server["files.example"] = [OFFICE]
    site.answers["/a"] = page(picture, "Set-Cookie: trace=1")
    bring(site.address("/a?b=c", host="files.example")).file.close()
    assert site.requests == [
        f"GET /a?b=c HTTP/1.1\r\nUser-Agent: OCR-Portal\r\nAccept: */*\r\n"
        f"Accept-Encoding: identity\r\nHost: files.example:{site.port}\r\n\r\n"
    ]


def test_the_next_address_of_a_host_is_tried_if_the_first_refuses(
    site, bring, picture, name_server
):
    name_server["files.example"] = ["127.0.0.3", OFFICE]
    site.answers["/a"] = page(picture)
    fetched = fetch(
        site.address("/a", host="files.example"),
        max_bytes=MEGABYTE,
        max_seconds=20,
        internal_hosts=["127.0.0.0/8"],
        folder=None,
    )
    fetched.file.close()
    assert site.visits == 1


class TestName:
    @pytest.mark.parametrize(
        ("header", "name"),
        [
            ('attachment; filename="scan.webp"', "scan.webp"),
            ("attachment; filename*=UTF-8''%E5%8F%91%E7%A5%A8.webp", "发票.webp"),
            ("attachment; filename*=UTF-8''%E5%8F%91.webp; filename=\"a.webp\"", "发.webp"),
            ("attachment; filename=\"a.webp\"; filename*=UTF-8''%E5%8F%91.webp", "发.webp"),
            ('attachment; filename="发票.webp"', "发票.webp"),
            ('attachment; filename="%E5%8F%91.webp"', "发.webp"),
            ('attachment; filename="../../etc/scan.webp"', "scan.webp"),
            ('attachment; filename="C:\\\\scans\\\\a.webp"', "a.webp"),
            ('attachment; filename="a\u202e\x07b.webp"', "ab.webp"),
            ('attachment; filename="' + "a" * 300 + '"', "a" * 255),
            ('attachment; filename=".."', ".."),
            ('attachment; filename=""', "download"),
            ("inline", "download"),
            ("attachment; filename*=unknown''%FF", "ÿ"),
        ],
    )
    def test_the_name_is_sent_by_the_server(self, site, bring, picture, header, name):
        site.answers["/download"] = page(picture, f"Content-Disposition: {header}")
        fetched = bring(site.address("/download"))
        fetched.file.close()
        assert fetched.name == name

    def test_a_name_in_a_chinese_encoding_is_decoded(self, site, bring, picture):
        disposition = 'Content-Disposition: attachment; filename="发票.webp"'.encode("gb18030")
        size = f"Content-Length: {len(picture)}\r\n".encode()
        site.answers["/a"] = raw(OK, size, disposition, b"\r\n\r\n", picture)
        fetched = bring(site.address("/a"))
        fetched.file.close()
        assert fetched.name == "发票.webp"

    @pytest.mark.parametrize(
        ("path", "name"), [("/扫描/第 1 页.webp", "第 1 页.webp"), ("/", OFFICE), ("/%07", OFFICE)]
    )
    def test_the_default_name_is_the_end_of_the_address(self, site, bring, picture, path, name):
        site.answers |= {
            "/%E6%89%AB%E6%8F%8F/%E7%AC%AC%201%20%E9%A1%B5.webp": page(picture),
            "/": page(picture),
            "/%07": page(picture),
        }
        fetched = bring(site.address(path))
        fetched.file.close()
        assert fetched.name == name


class TestUnusableResponses:
    @pytest.mark.parametrize(
        "status",
        ["204 No Content", "206 Partial Content", "304 Not Modified", "401 Unauthorized",
         "403 Forbidden", "404 Not Found", "429 Too Many Requests", "500 Internal Server Error"],
    )  # fmt: skip
    def test_an_http_error_is_reported_with_its_status(self, site, bring, picture, status):
        site.answers["/a.webp"] = page(picture if status[0] != "2" else b"", status=status)
        error = refusal_of(bring, site.address("/a.webp"), AddressGivesNothing)
        assert str(error) == (
            f"{OFFICE} returned HTTP {status[:3]} instead of an image or document. Check the "
            "address and whether it requires a sign-in, or download the file and upload it here."
        )

    @pytest.mark.parametrize("media_type", ["text/html", "image/webp"])
    def test_a_web_page_is_reported_whatever_its_media_type(self, site, bring, samples, media_type):
        html = (samples / "html.jpg").read_bytes()
        site.answers["/a"] = page(html, f"Content-Type: {media_type}")
        error = refusal_of(bring, site.address("/a"), AddressGivesNothing)
        assert error.params["answer"] == "HTML"

    def test_an_empty_response_is_reported(self, site, bring):
        site.answers["/a"] = page(b"")
        error = refusal_of(bring, site.address("/a"), AddressGivesNothing)
        assert error.params["answer"] == "0 bytes"

    def test_unsupported_files_are_reported_like_uploads(self, site, bring):
        site.answers |= {
            "/a.csv": page(b"a,b\n1,2\n"),
            "/a.rar": page(b"Rar!\x1a\x07\0\xcf\x90s\0\0"),
        }
        refusal_of(bring, site.address("/a.csv"), AlreadyText)
        refusal_of(bring, site.address("/a.rar"), UnsupportedFormat)

    def test_an_unsupported_content_encoding_is_reported(self, site, bring, picture):
        site.answers["/a"] = page(picture, "Content-Encoding: br")
        error = refusal_of(bring, site.address("/a"), AddressGivesNothing)
        assert error.params["answer"] == "Content-Encoding: br"


class TestRedirects:
    @pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
    @pytest.mark.parametrize(
        "location", ["/扫描.webp", "扫描.webp", "//127.0.0.2:{port}/扫描.webp",
                     "http://127.0.0.2:{port}/%E6%89%AB%E6%8F%8F.webp#top"],
    )  # fmt: skip
    def test_redirects_are_followed(self, site, bring, picture, status, location):
        site.answers |= {
            "/a": redirect(location.format(port=site.port), status),
            "/%E6%89%AB%E6%8F%8F.webp": page(picture),
        }
        fetched = bring(site.address("/a"))
        fetched.file.close()
        assert fetched.name == "扫描.webp"

    def test_at_most_five_redirects_are_followed(self, site, bring, picture):
        site.answers |= {f"/{n}": redirect(f"/{n + 1}") for n in range(6)}
        site.answers["/6"] = page(picture)
        bring(site.address("/1")).file.close()
        error = refusal_of(bring, site.address("/0"), AddressGivesNothing)
        assert error.params["answer"] == "HTTP 302"

    @pytest.mark.parametrize(
        "location", ["file:///etc/passwd", "ftp://example.com/a", "http://[", "http://u:p@x/", ""]
    )
    def test_an_invalid_redirect_is_reported(self, site, bring, location):
        site.answers["/a"] = redirect(location)
        error = refusal_of(bring, site.address("/a"), AddressGivesNothing)
        assert error.params["answer"] == "HTTP 302"


class TestSize:
    def test_a_declared_size_over_the_limit_is_rejected_at_once(self, site, bring):
        site.answers["/a"] = raw(OK, f"Content-Length: {MEGABYTE + 1}\r\n\r\n".encode())
        error = refusal_of(bring, site.address("/a"), FileTooLarge)
        assert error.params["limit_mb"] == 1

    @pytest.mark.parametrize(
        ("headers", "piece"),
        [
            (b"\r\n", b"\xff\xd8\xff" * 9999),
            (b"Transfer-Encoding: chunked\r\n\r\n", b"5\r\nabcde\r\n" * 999),
        ],
    )
    def test_an_endless_file_is_rejected_at_the_limit(self, site, bring, headers, piece):
        site.answers["/a"] = again_and_again(OK + headers, piece)
        refusal_of(bring, site.address("/a"), FileTooLarge)

    def test_a_gzip_bomb_is_rejected_at_the_limit(self, site, bring):
        bomb = gzip.compress(bytes(200 * MEGABYTE))
        site.answers["/a"] = page(bomb, "Content-Encoding: gzip")
        refusal_of(bring, site.address("/a"), FileTooLarge)

    def test_gzip_is_decompressed(self, site, bring, picture):
        site.answers["/a"] = page(gzip.compress(picture), "Content-Encoding: GZIP")
        with bring(site.address("/a")).file as file:
            assert file.read() == picture

    def test_data_after_the_end_of_the_gzip_stream_is_ignored(self, site, bring, picture):
        head = OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(picture)
        site.answers["/a"] = again_and_again(head, b"more" * 9999)
        with bring(site.address("/a")).file as file:
            assert file.read() == picture


class TestFailures:
    @pytest.mark.parametrize(
        "answer",
        [
            raw(),
            raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
            raw(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n"),
            raw(OK, b"Content-Length: 1000\r\n\r\n", b"\xff\xd8\xff" * 9),
            raw(OK, b"Transfer-Encoding: chunked\r\n\r\n", b"ff\r\nabc"),
            raw(OK, b"Transfer-Encoding: chunked\r\n\r\n", b"many\r\nabc\r\n"),
            page(gzip.compress(b"\xff\xd8\xff" * 9)[:-5], "Content-Encoding: gzip"),
            page(b"\xff\xd8\xff" * 9, "Content-Encoding: gzip"),
        ],
        ids=["hangs up", "no http", "headers without end", "cut off", "cut off in a chunk",
             "no chunks", "packed and cut off", "not packed at all"],
    )  # fmt: skip
    def test_a_broken_response_is_an_error(self, site, bring, answer):
        site.answers["/a"] = answer
        error = refusal_of(bring, site.address("/a"), AddressUnreachable)
        assert str(error) == (
            "The file cannot be downloaded from 127.0.0.2: unknown host, no "
            "connection, untrusted certificate or interrupted transfer. Check the "
            "address and try again, or upload the file."
        )

    def test_a_refused_connection_is_reported(self, site, bring):
        refusal_of(bring, "http://127.0.0.2:1/a", AddressUnreachable)

    @pytest.mark.parametrize(
        "answer",
        [
            silence,
            again_and_again(OK, b"A", pause=0.05),
            again_and_again(OK + b"\r\n", b"A", pause=0.05),
            again_and_again(OK + b"Content-Length: 1000\r\n\r\n", b"A", pause=0.05),
            again_and_again(OK + b"Transfer-Encoding: chunked\r\n\r\n9999\r\n", b"A", pause=0.05),
        ],
        ids=["nothing", "a header", "a body", "a body of known size", "a chunk"],
    )
    def test_a_server_that_sends_byte_by_byte_is_limited_by_time(self, site, bring, answer):
        site.answers["/a"] = answer
        error = refusal_of(bring, site.address("/a"), AddressTooSlow, max_seconds=0.6)
        assert (
            str(error)
            == "127.0.0.2 did not send the file within 1 seconds. Upload the file instead."
        )

    def test_the_time_limit_covers_all_redirects(self, site, bring):
        site.answers["/a"] = after(0.3, redirect("/a"))  # six redirects exceed the limit
        refusal_of(bring, site.address("/a"), AddressTooSlow, max_seconds=1)


class TestTls:
    @pytest.fixture
    def secure_site(self, tmp_path_factory, monkeypatch, name_server):
        """A web site with a trusted certificate for files.example."""
        files = write_certificate(tmp_path_factory.mktemp("tls"), "files.example")
        monkeypatch.setenv("SSL_CERT_FILE", str(files.certificate))
        name_server["files.example"] = name_server["other.example"] = [OFFICE]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files.certificate, files.key)
        with website(OFFICE, tls=context) as site:
            yield site

    def test_the_certificate_is_checked_against_the_name(self, secure_site, bring, picture):
        secure_site.answers["/a.webp"] = page(picture)
        with bring(secure_site.address("/a.webp", host="files.example")).file as file:
            assert file.read() == picture

    def test_a_certificate_for_another_name_is_not_trusted(self, secure_site, bring):
        address = secure_site.address("/a.webp", host="other.example")
        refusal_of(bring, address, AddressUnreachable)
        assert secure_site.requests == []

    def test_a_certificate_of_an_unknown_authority_is_not_trusted(
        self, secure_site, bring, monkeypatch
    ):
        monkeypatch.delenv("SSL_CERT_FILE")
        address = secure_site.address("/a.webp", host="files.example")
        refusal_of(bring, address, AddressUnreachable)
        assert secure_site.requests == []
