"""Errors of object stores, with messages that state who can resolve them."""

from __future__ import annotations

import ssl
from dataclasses import replace

import pytest

from ocrportal.errors.ingest import (
    AccountInArrears,
    BucketListDenied,
    ObjectArchived,
    StoreAccessDenied,
    StoreBusy,
    StoreClockSkewed,
    StoreError,
    StoreKeyRefused,
    StoreUnreachable,
    StoreWrongRegion,
)
from ocrportal.ingest.fetch.object_store import (
    list_buckets,
    list_prefix,
    look_up_metadata,
    read_object,
)
from ocrportal.ingest.fetch.store import Store
from tests.website import Website, page, raw, website, write_certificate

ERROR = '<?xml version="1.0"?><Error><Code>{}</Code><Message>a message</Message></Error>'


@pytest.fixture
def site():
    with website("127.0.0.1") as running:
        yield running


def store_at(site: Website, **changes) -> Store:
    address = site.address("").rstrip("/")
    return Store(address, "cn-north-4", "AK", "SK", internal_hosts=("127.0.0.1",), **changes)


def answered(site: Website, status: str, code: str) -> StoreError:
    """The error raised for this response to a GET request."""
    site.answers["/scans/a.pdf"] = page(
        ERROR.format(code).encode() if code else b"", "Content-Type: application/xml", status=status
    )
    with pytest.raises(StoreError) as refused:
        look_up_metadata(store_at(site), "scans", "a.pdf")
    return refused.value


@pytest.mark.parametrize(
    ("status", "code", "kind", "text"),
    [
        ("403 Forbidden", "AccessDenied", StoreAccessDenied, "owner of the bucket can grant"),
        ("403 Forbidden", "", StoreAccessDenied, "owner of the bucket can grant"),
        ("403 Forbidden", "InvalidAccessKeyId", StoreKeyRefused, "enter AK and SK again"),
        ("403 Forbidden", "InArrearOrInsufficientBalance", AccountInArrears, "top it up"),
        ("403 Forbidden", "RequestTimeTooSkewed", StoreClockSkewed, "set the clock"),
        ("403 Forbidden", "InvalidObjectState", ObjectArchived, "Restore it"),
        ("301 Moved Permanently", "PermanentRedirect", StoreWrongRegion, "region of the bucket"),
        ("307 Temporary Redirect", "TemporaryRedirect", StoreWrongRegion, "region of the bucket"),
        ("307 Temporary Redirect", "", StoreWrongRegion, "region of the bucket"),
        ("503 Service Unavailable", "SlowDown", StoreBusy, "in a few minutes"),
        ("400 Bad Request", "VirtualHostDomainRequired", StoreError, "VirtualHostDomainRequired"),
    ],
)
def test_each_error_states_who_can_resolve_it(site, status, code, kind, text):
    error = answered(site, status, code)
    assert type(error) is kind
    assert text in str(error)


def test_a_busy_store_gets_three_requests(site):
    answered(site, "503 Service Unavailable", "SlowDown")
    assert len(site.requests) == 3


def test_a_rejected_request_is_not_repeated(site):
    answered(site, "403 Forbidden", "AccessDenied")
    assert len(site.requests) == 1


def test_without_permission_to_list_buckets_the_name_is_requested(site):
    body = ERROR.format("AccessDenied").encode()
    site.answers["/"] = page(body, "Content-Type: application/xml", status="403 Forbidden")
    with pytest.raises(BucketListDenied, match="Enter the name of the bucket"):
        list_buckets(store_at(site))


def test_a_web_page_is_not_a_list_of_buckets(site):
    site.answers["/"] = page(b"<html><p>Welcome", "Content-Type: text/html")
    with pytest.raises(StoreError, match=r"The storage at 127\.0\.0\.1 returned"):
        list_buckets(store_at(site))


def test_an_object_without_a_size_is_an_error(site, tmp_path):
    entry = b"<Name>scans</Name><Contents><Key>a.pdf</Key></Contents>"
    listing = b"<ListBucketResult>" + entry + b"</ListBucketResult>"
    site.answers["/scans"] = page(listing, "Content-Type: application/xml")
    with pytest.raises(StoreUnreachable):
        list_prefix(store_at(site), "scans")
    site.answers["/scans/a.pdf"] = raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n%PDF-1.4")
    with pytest.raises(StoreUnreachable):
        read_object(
            store_at(site), "scans", "a.pdf", max_bytes=100, max_seconds=20, folder=tmp_path
        )


def test_a_malformed_response_is_reported_as_unreachable(site):
    site.answers["/"] = raw(b"220 smtp.example.org ESMTP\r\n\r\n")
    with pytest.raises(StoreUnreachable):
        list_buckets(store_at(site))


def test_only_a_trusted_certificate_is_accepted(tmp_path):
    files = write_certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    with website("127.0.0.1", tls=context) as site:
        site.answers["/"] = page(b"<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>")
        address = site.address("", host="localhost")
        stranger = Store(address, "cn-north-4", "AK", "SK", internal_hosts=("localhost",))
        with pytest.raises(StoreUnreachable, match="untrusted certificate"):
            list_buckets(stranger)
        trusted = replace(stranger, ca_bundle=files.certificate.read_text())
        assert list_buckets(trusted) == []
