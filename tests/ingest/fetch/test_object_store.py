"""Objects in buckets of a real S3 server."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import requests

from ocrportal.errors.ingest import (
    AddressRefused,
    AlreadyText,
    BadObjectAddress,
    BucketUnknown,
    FileTooLarge,
    ObjectUnknown,
    StoreError,
    StoreKeyRefused,
    StoreTooSlow,
    StoreUnreachable,
)
from ocrportal.ingest.fetch.http import FetchedFile
from ocrportal.ingest.fetch.object_store import (
    client_config,
    list_buckets,
    list_prefix,
    look_up_metadata,
    presign,
    read_object,
    search_prefix,
    write_object,
)
from ocrportal.ingest.fetch.store import Store
from tests.fakes.objectstore import ObjectStore, way_to
from tests.website import again_and_again, website

PNG = b"\x89PNG\r\n\x1a\n"


def read(
    store: Store, key: str, folder: Path, *, max_bytes: int = 10**7, max_seconds: float = 30
) -> FetchedFile:
    return read_object(
        store, "scans", key, max_bytes=max_bytes, max_seconds=max_seconds, folder=folder
    )


def test_the_buckets_of_an_account_are_listed(buckets: ObjectStore):
    assert list_buckets(buckets.store()) == []
    for name in ("scans", "letters"):
        buckets.put(f"{name}/a.png", PNG)
    assert list_buckets(buckets.store()) == ["letters", "scans"]


def test_a_prefix_is_listed_page_by_page_with_its_folders(buckets: ObjectStore):
    for key in ("a.png", "b/1.png", "b/2.png", "c.png", "d 中文/e.png", "f.png"):
        buckets.put(f"scans/{key}", PNG)
    seen: list[tuple[str, ...]] = []
    after = ""
    while True:
        part = list_prefix(buckets.store(), "scans", after=after, at_most=2)
        seen.append((*part.folders, *(entry.key for entry in part.objects)))
        after = part.following
        if not after:
            break
    assert [name for names in seen for name in sorted(names)] == [
        "a.png",
        "b/",
        "c.png",
        "d 中文/",
        "f.png",
    ]
    assert len(seen) == 3

    below = list_prefix(buckets.store(), "scans", "d 中文/")
    (entry,) = below.objects
    assert (entry.key, entry.name, entry.size, below.folders) == (
        "d 中文/e.png",
        "e.png",
        len(PNG),
        (),
    )
    assert entry.modified is not None


def test_a_part_of_a_name_is_searched_in_all_folders_below(buckets: ObjectStore):
    for key in ("x/Contract 1.png", "x/y/contract-2.png", "contract.png", "x/other.png"):
        buckets.put(f"scans/{key}", PNG)
    found = search_prefix(buckets.store(), "scans", "x/", "CONTRACT")
    assert [entry.key for entry in found.objects] == ["x/Contract 1.png", "x/y/contract-2.png"]
    assert (found.searched, found.following) == (3, "")

    first = search_prefix(buckets.store(), "scans", "", "contract", at_most=1)
    rest = search_prefix(buckets.store(), "scans", "", "contract", after=first.following)
    assert [entry.key for entry in first.objects] == ["contract.png"]
    assert [entry.key for entry in rest.objects] == ["x/Contract 1.png", "x/y/contract-2.png"]


def test_a_search_ends_after_max_keys_and_can_be_continued(buckets: ObjectStore):
    for number in range(1100):
        buckets.put(f"scans/{number:04}.png", b"")
    first = search_prefix(buckets.store(), "scans", "", "1099", max_keys=1000)
    assert (first.objects, first.searched, first.following) == ((), 1000, "0999.png")
    rest = search_prefix(buckets.store(), "scans", "", "1099", after=first.following)
    assert [entry.key for entry in rest.objects] == ["1099.png"]


def test_an_object_is_read_into_an_unnamed_file(
    buckets: ObjectStore, samples: Path, tmp_path: Path
):
    content = (samples / "page_zh.png").read_bytes()
    buckets.put("scans/2026 年/页 1.png", content)
    fetched = read(buckets.store(), "2026 年/页 1.png", tmp_path)
    with fetched.file:
        assert fetched.file.read() == content
    assert (fetched.name, fetched.format.key) == ("页 1.png", "png")
    assert [path for path in tmp_path.iterdir() if path.is_file() and path.suffix != ".log"] == []


def test_the_body_of_an_object_that_is_too_large_is_not_read(buckets: ObjectStore, tmp_path: Path):
    buckets.put("scans/large.png", PNG + bytes(5_000_000))
    with (
        way_to(buckets.port, headers_only=True) as way,  # reading any of the body would fail
        pytest.raises(FileTooLarge, match="larger than 2 MB"),
    ):
        read(buckets.store(way.url), "large.png", tmp_path, max_bytes=2 * 1024 * 1024)
    assert way.requests == 1


def test_unsupported_objects_are_reported_like_uploads(buckets: ObjectStore, tmp_path: Path):
    buckets.put("scans/notes.png", b"only words\n")
    with pytest.raises(AlreadyText):
        read(buckets.store(), "notes.png", tmp_path)


def test_a_written_object_has_its_metadata(buckets: ObjectStore):
    (buckets.folder / "scans").mkdir()
    for content in (b"first", b"second"):
        write_object(
            buckets.store(),
            "scans",
            "out/结果.txt",
            io.BytesIO(content),
            media_type="text/plain",
            metadata={"job": "7"},
        )
    assert (buckets.folder / "scans/out/结果.txt").read_bytes() == b"second"
    noted = look_up_metadata(buckets.store(), "scans", "out/结果.txt")
    assert {name.lower(): value for name, value in noted.items()}["job"] == "7"
    with pytest.raises(ObjectUnknown):
        look_up_metadata(buckets.store(), "scans", "out/none.txt")


def test_a_presigned_address_needs_no_key_and_contains_no_secret(buckets: ObjectStore):
    buckets.put("scans/a b.png", PNG)
    address = presign(buckets.store(), "scans", "a b.png", seconds=60)
    assert requests.get(address, timeout=30).content == PNG
    assert requests.get(address.partition("?")[0], timeout=30).status_code == 400
    assert buckets.store().secret_key not in address


def test_a_wrong_key_is_reported_after_one_request(buckets: ObjectStore):
    buckets.put("scans/a.png", PNG)
    for wrong in ({"secret_key": "wrong"}, {"access_key": "wrong"}):
        with way_to(buckets.port) as way, pytest.raises(StoreKeyRefused, match="AK and SK again"):
            list_prefix(buckets.store(way.url, **wrong), "scans")
        assert way.requests == 1


def test_missing_objects_and_buckets_are_reported_by_name(buckets: ObjectStore, tmp_path: Path):
    buckets.put("scans/a.png", PNG)
    with pytest.raises(ObjectUnknown, match=r"no object “b\.png” in “scans”"):
        read(buckets.store(), "b.png", tmp_path)
    with pytest.raises(BucketUnknown, match="no bucket “letters”"):
        list_prefix(buckets.store(), "letters")
    with pytest.raises(BadObjectAddress):
        list_prefix(buckets.store(), "No/Bucket")


def test_a_silent_store_gets_three_requests(buckets: ObjectStore):
    with way_to(buckets.port, delay=60) as way:
        with pytest.raises(StoreTooSlow, match="did not respond within"):
            list_buckets(buckets.store(way.url, read_seconds=0.3))
        way.wait_for_requests(3)
    assert way.requests == 3


def test_a_response_cut_within_its_headers_is_an_error(buckets: ObjectStore, caplog):
    with way_to(buckets.port, cut_after=20) as way, pytest.raises(StoreUnreachable):
        list_buckets(buckets.store(way.url))
    assert 1 <= way.requests <= 3


def test_a_truncated_object_is_an_error(buckets: ObjectStore, tmp_path: Path):
    buckets.put("scans/a.png", PNG + bytes(1_000_000))
    with (
        way_to(buckets.port, cut_after=500_000) as way,
        pytest.raises(StoreUnreachable, match="interrupted transfer"),
    ):
        read(buckets.store(way.url), "a.png", tmp_path)
    assert way.requests == 1


def test_an_object_that_arrives_byte_by_byte_is_limited_by_time(tmp_path: Path):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
    with website("127.0.0.1") as site:
        site.answers["/scans/a.png"] = again_and_again(head, b"x", 0.05)
        store = Store(site.address("").rstrip("/"), "r", "AK", "SK", internal_hosts=("127.0.0.1",))
        with pytest.raises(StoreTooSlow, match=r"within 1 seconds"):
            read(store, "a.png", tmp_path, max_seconds=1)


def test_an_unreachable_store_is_reported(buckets: ObjectStore):
    buckets.stop()
    with pytest.raises(StoreUnreachable, match=r"storage at 127\.0\.0\.1 failed"):
        list_buckets(buckets.store())


def test_an_internal_store_is_not_contacted_unless_permitted(buckets: ObjectStore):
    with way_to(buckets.port) as way, pytest.raises(AddressRefused, match="INTERNAL_HOSTS"):
        list_buckets(buckets.store(way.url, internal_hosts=()))
    assert way.requests == 0


def test_proxies_and_endpoints_of_the_environment_are_ignored(buckets: ObjectStore, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert list_buckets(buckets.store()) == []


def test_the_proxy_of_a_credential_is_used(buckets: ObjectStore):
    with website("127.0.0.1") as proxy:
        store = buckets.store("http://store.example.org", proxy=proxy.address(""))
        with pytest.raises(StoreError):
            list_buckets(store)
    assert proxy.requests[0].startswith("GET http://store.example.org/ HTTP/1.1")


@pytest.mark.parametrize(
    ("endpoint", "style"),
    [
        ("https://obs.cn-north-4.myhuaweicloud.com", "virtual"),
        ("", "virtual"),
        ("http://127.0.0.1:9000", "path"),
        ("http://[::1]:9000", "path"),
        ("http://minio:9000", "path"),
    ],
)
def test_the_bucket_is_part_of_the_host_if_possible(endpoint, style):
    config = client_config(endpoint)
    assert config.s3 == {"addressing_style": style}
    assert config.signature_version == "s3v4"
    assert config.request_checksum_calculation == "when_required"
    assert config.response_checksum_validation == "when_required"
