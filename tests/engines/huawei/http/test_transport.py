"""One exchange: what arrives, what never may, and what the network's troubles are called."""

import datetime as dt
import gzip
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ocrportal.engines.cloud import CloudAccess
from ocrportal.engines.huawei.http import transport
from ocrportal.engines.huawei.http.transport import exchange, host_of, name_is_unknown
from ocrportal.errors.engine import (
    CertificateRefused,
    CloudAnswerUnreadable,
    CloudTimeout,
    CloudUnreachable,
    CredentialRefused,
)
from tests.engines.huawei.scripted import Canned, ScriptedCloud


def access_to(**settings) -> CloudAccess:
    settings = {"connect_seconds": 2, "read_seconds": 2} | settings
    return CloudAccess(kind="aksk", region="cn-north-4", secret="SK", **settings)


def get(url: str, **settings):
    return exchange(access_to(**settings), "GET", url)


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def raw(*parts: bytes):
    """An answer written byte by byte as given, after which the connection is closed."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        for part in parts:
            handler.wfile.write(part)
            handler.wfile.flush()

    return Canned(send=send)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def test_gives_status_headers_and_body_whatever_the_status(cloud: ScriptedCloud):
    cloud.answers = [Canned(429, {"error_code": "APIG.0308"}, {"X-Request-Id": "one"})]
    answer = get(f"{cloud.url}/v2")
    assert (answer.status, answer.request_id) == (429, "one")
    assert answer.json() == {"error_code": "APIG.0308"}


def test_sends_its_user_agent(cloud: ScriptedCloud):
    get(f"{cloud.url}/v2")
    assert cloud.asked[0].headers["User-Agent"] == "ocr-portal"


def test_reads_a_compressed_and_a_chunked_answer(cloud: ScriptedCloud):
    cloud.answers = [
        Canned(200, gzip.compress(b'{"result":{}}'), {"Content-Encoding": "gzip"}),
        raw(HEAD + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n', b"2\r\n1}\r\n0\r\n\r\n"),
    ]
    assert get(f"{cloud.url}/v2").json() == {"result": {}}
    assert get(f"{cloud.url}/v2").json() == {"a": 1}


@pytest.mark.parametrize("text", [b"", b"<html>", b'{"a": NaN}', b"[" * 200_000, b"\xff\xfe{"])
def test_invalid_json_raises_value_error(cloud: ScriptedCloud, text: bytes):
    cloud.answers = [Canned(200, text)]
    answer = get(f"{cloud.url}/v2")
    with pytest.raises(ValueError):  # noqa: PT011  # whichever text it has
        answer.json()


def test_follows_no_redirect(cloud: ScriptedCloud):
    cloud.answers = [Canned(302, None, {"Location": f"{cloud.url}/elsewhere"})]
    assert get(f"{cloud.url}/v2").status == 302
    assert len(cloud.asked) == 1


def test_keeps_no_cookies(cloud: ScriptedCloud):
    cloud.answers = [Canned(200, {}, {"Set-Cookie": "user=alice; Path=/"})]
    get(f"{cloud.url}/v2")
    get(f"{cloud.url}/v2")
    assert "Cookie" not in cloud.asked[1].headers


def test_takes_neither_proxy_nor_login_from_the_environment(
    cloud: ScriptedCloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login another password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
    monkeypatch.setenv("NO_PROXY", "")
    assert get(f"{cloud.url}/v2").status == 200
    assert "Authorization" not in cloud.asked[0].headers


def test_goes_through_the_proxy_of_the_credential_with_its_login(cloud: ScriptedCloud):
    proxy = cloud.url.replace("//", "//clerk:word@")
    assert get("http://ocr.example/v2", proxy=proxy).status == 200
    (asked,) = cloud.asked
    assert asked.path == "http://ocr.example/v2"
    assert asked.headers["Proxy-Authorization"].startswith("Basic ")


def test_an_unknown_host_name_is_unreachable():
    with pytest.raises(CloudUnreachable) as caught:
        get("http://ocr.nowhere.invalid/v2")
    assert caught.value.params == {"host": "ocr.nowhere.invalid"}
    assert name_is_unknown(caught.value)


def test_a_closed_port_is_unreachable():
    with pytest.raises(CloudUnreachable) as caught:
        get(f"http://127.0.0.1:{closed_port()}/v2")
    assert not name_is_unknown(caught.value)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_does_not_answer_is_named_without_its_password(scheme: str):
    with pytest.raises(CloudUnreachable) as caught:
        get(f"{scheme}://ocr.example/v2", proxy=f"http://clerk:word@127.0.0.1:{closed_port()}")
    assert caught.value.params == {"host": "127.0.0.1"}
    assert "word" not in str(caught.value)


def test_a_connection_that_breaks_is_unreachable(cloud: ScriptedCloud):
    cloud.answers = [raw()]
    with pytest.raises(CloudUnreachable):
        get(f"{cloud.url}/v2")


@pytest.mark.parametrize(
    "answer",
    [
        raw(HEAD + b'Content-Length: 100\r\n\r\n{"result"'),
        raw(HEAD + b'Transfer-Encoding: chunked\r\n\r\nff\r\n{"result"'),
        raw(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"),
    ],
    ids=["shorter than announced", "broken chunk", "no gzip"],
)
def test_an_answer_that_ends_early_cannot_be_read(cloud: ScriptedCloud, answer: Canned):
    cloud.answers = [answer]
    with pytest.raises(CloudAnswerUnreadable) as caught:
        get(f"{cloud.url}/v2")
    assert caught.value.params == {"host": "127.0.0.1", "status": 200}


def test_an_answer_without_end_is_given_up(cloud: ScriptedCloud, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(transport, "MAX_RESPONSE_BYTES", 1000)
    cloud.answers = [Canned(200, gzip.compress(b"0" * 100_000), {"Content-Encoding": "gzip"})]
    with pytest.raises(CloudAnswerUnreadable):
        get(f"{cloud.url}/v2")


def test_a_silent_server_times_out(cloud: ScriptedCloud):
    released = threading.Event()
    cloud.answers = [Canned(send=lambda handler: released.wait(10) and None)]
    with pytest.raises(CloudTimeout) as caught:
        get(f"{cloud.url}/v2", read_seconds=0.1)
    released.set()
    assert caught.value.params == {"host": "127.0.0.1"}


def test_a_server_that_trickles_times_out_too(cloud: ScriptedCloud):
    released = threading.Event()

    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(HEAD + b"Content-Length: 1000\r\n\r\n")
        while not released.wait(0.02):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    cloud.answers = [Canned(send=trickle)]
    with pytest.raises(CloudTimeout):
        get(f"{cloud.url}/v2", connect_seconds=0.1, read_seconds=0.2)
    released.set()


def test_a_header_beyond_all_measure_holds_the_credential(cloud: ScriptedCloud):
    cloud.answers = [Canned(200, {}, {"X-Subject-Token": "T" * 70_000})]
    with pytest.raises(CredentialRefused) as caught:
        get(f"{cloud.url}/v2")
    assert caught.value.params["cloud_code"] == "portal:header-overflow"


def test_a_long_token_header_arrives(cloud: ScriptedCloud):
    cloud.answers = [Canned(200, {}, {"X-Subject-Token": "T" * 32_000})]
    assert get(f"{cloud.url}/v2").headers["x-subject-token"] == "T" * 32_000


@pytest.fixture
def tls_cloud(cloud: ScriptedCloud, tmp_path: Path) -> tuple[str, str]:
    """The cloud behind TLS, with a certificate of its own: address and certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    both = tmp_path / "server.pem"
    both.write_bytes(pem + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    server = cloud.server
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    return f"https://localhost:{server.server_address[1]}/v2", pem.decode()


def test_refuses_an_untrusted_certificate(tls_cloud: tuple[str, str]):
    with pytest.raises(CertificateRefused) as caught:
        get(tls_cloud[0])
    assert caught.value.params == {"host": "localhost"}


def test_trusts_the_certificates_of_the_credential(tls_cloud: tuple[str, str]):
    url, certificate = tls_cloud
    assert get(url, ca_bundle=certificate).status == 200


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_accepts_any_certificate_if_the_credential_disables_the_check(tls_cloud: tuple[str, str]):
    assert get(tls_cloud[0], verify_tls=False).status == 200


def test_an_invalid_ca_bundle_raises_certificate_refused(tls_cloud: tuple[str, str]):
    with pytest.raises(CertificateRefused):
        get(tls_cloud[0], ca_bundle="no certificate")


def test_a_server_that_speaks_no_tls_holds_the_credential(cloud: ScriptedCloud):
    with pytest.raises(CredentialRefused) as caught:
        get(cloud.url.replace("http:", "https:"))
    assert caught.value.params["cloud_code"] == "portal:tls-failure"


def test_a_connection_that_breaks_while_tls_begins_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            connection, _address = server.accept()
            with connection:
                connection.recv(100_000)

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(CloudUnreachable):
            get(f"https://127.0.0.1:{server.getsockname()[1]}/v2")
        thread.join()


def test_many_threads_share_the_connections(cloud: ScriptedCloud):
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(get, [f"{cloud.url}/v2/{number}" for number in range(64)]))
    assert {answer.status for answer in answers} == {200}
    assert {asked.path for asked in cloud.asked} == {f"/v2/{number}" for number in range(64)}


def test_names_the_host_of_an_address_without_login_and_port():
    assert host_of("https://clerk:word@proxy.example:8080/path") == "proxy.example"
    assert host_of("") == ""
