"""Fetching the file at a document's address, from the web or from a bucket."""

from __future__ import annotations

import pytest

from ocrportal.accounts.credential_changes import add_credential
from ocrportal.accounts.models import Credential, User
from ocrportal.ingest.fetch.bucket_address import ObjectAddress
from ocrportal.jobs.models import Document, Job
from ocrportal.submission.sources import check_address
from ocrportal.submission.submit import submit
from ocrportal.workers import fetch_source as fetching
from ocrportal.workers.fetch_source import fetch_source
from ocrportal.workers.open_document import open_next_document
from tests.fakes.objectstore import ACCESS_KEY, SECRET_KEY, ObjectStore, way_to
from tests.website import page, website

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _permitted(settings, tmp_path):
    settings.INTERNAL_HOSTS = ["127.0.0.1"]
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path


def key_of(owner: User, buckets: ObjectStore, **changes) -> Credential:
    """A credential whose access key opens the buckets."""
    values = {
        "name": "storage",
        "region": "cn-north-4",
        "access_key": ACCESS_KEY,
        "secret": SECRET_KEY,
        "obs_endpoint": buckets.url,
        **changes,
    }
    return add_credential(user=owner, owner=owner, kind="aksk", values=values)


def fetched_document(owner: User, address: str, storage: Credential | None) -> Document:
    """The document after a worker went for its file."""
    job = submit(
        user=owner,
        sources=[check_address(address)],
        service="general-text",
        engine="local",
        storage_credential=storage,
        enqueue=False,
    )
    open_next_document(page_ready=lambda job: None)
    return job.documents.get()


def test_an_object_is_read_with_the_chosen_key(alice, buckets, samples):
    content = (samples / "page_zh.png").read_bytes()
    buckets.put("scans/2026/页 1.png", content)
    document = fetched_document(alice, "obs://scans/2026/页 1.png", key_of(alice, buckets))
    assert (document.error_code, document.status) == ("", "queued")
    assert (document.name, document.media_type) == ("页 1.png", "image/png")
    with document.file.open("rb") as file:
        assert file.read() == content


def test_an_object_without_a_credential_fails_with_the_remedy(alice):
    document = fetched_document(alice, "s3://scans/a.png", None)
    assert document.error_code == "bucket-needs-credential"
    assert "The objects in “scans” cannot be read without a key" in document.error_message


def test_a_key_that_is_shared_no_more_is_not_used(alice, bob, buckets):
    buckets.put("scans/a.png", b"\x89PNG\r\n\x1a\n")
    with way_to(buckets.port) as way:
        shared = key_of(bob, buckets, obs_endpoint=way.url)
        document = fetched_document(alice, "obs://scans/a.png", shared)
    assert document.error_code == "store-credential-missing"
    assert way.requests == 0


@pytest.mark.parametrize(
    ("key", "changes", "code"),
    [
        ("scans/none.png", {}, "object-unknown"),
        ("letters/a.png", {}, "bucket-unknown"),
        ("scans/a.png", {"secret": "wrong"}, "store-key-refused"),
    ],
)
def test_a_failed_fetch_has_an_error_code(alice, buckets, key, changes, code):
    buckets.put("scans/a.png", b"\x89PNG\r\n\x1a\n")
    document = fetched_document(alice, f"obs://{key}", key_of(alice, buckets, **changes))
    assert (document.status, document.error_code) == ("failed", code)


def test_a_file_above_the_limit_is_left_where_it_is(alice, buckets, settings):
    settings.MAX_FILE_MB = 1
    buckets.put("scans/a.png", bytes(1024 * 1024 + 1))
    document = fetched_document(alice, "obs://scans/a.png", key_of(alice, buckets))
    assert document.error_code == "file-too-large"


class TestWebAddresses:
    """Objects with a web address, on a server that represents OBS."""

    @pytest.fixture
    def obs(self, monkeypatch):
        """The server, at which each address is one of a bucket in cn-north-4."""
        with website("127.0.0.1") as site:

            def parse(text: str) -> ObjectAddress:
                return ObjectAddress("scans", "a.png", "cn-north-4", site.address("").rstrip("/"))

            # No name of Huawei's can lead to a server of a test's own.
            monkeypatch.setattr(fetching, "parse_object_address", parse)
            yield site

    def document(self, owner: User, obs, storage: Credential | None) -> Document:
        job = Job.objects.create(owner=owner, name="a", storage_credential=storage)
        return Document(job=job, address=obs.address("/public.png"))

    def test_what_is_open_to_all_needs_no_key(self, alice, obs, samples):
        obs.answers["/public.png"] = page((samples / "page_zh.png").read_bytes())
        with fetch_source(self.document(alice, obs, None)).file:
            assert len(obs.requests) == 1

    def test_what_is_not_asks_for_a_key(self, alice, obs):
        obs.answers["/public.png"] = page(b"", status="403 Forbidden")
        with pytest.raises(fetching.BucketNeedsCredential):
            fetch_source(self.document(alice, obs, None))

    def test_a_key_is_used_in_the_region_of_the_address(self, alice, obs, buckets, samples):
        obs.answers["/scans/a.png"] = page((samples / "page_zh.png").read_bytes())
        with fetch_source(self.document(alice, obs, key_of(alice, buckets))).file:
            (asked,) = obs.requests
        assert f"Credential={ACCESS_KEY}/" in asked
        assert "/cn-north-4/s3/aws4_request" in asked

    def test_a_key_of_somewhere_else_does_not_close_what_is_open_to_all(
        self, alice, obs, buckets, samples
    ):
        error = b"<Error><Code>InvalidAccessKeyId</Code></Error>"
        obs.answers["/scans/a.png"] = page(error, status="403 Forbidden")
        obs.answers["/public.png"] = page((samples / "page_zh.png").read_bytes())
        with fetch_source(self.document(alice, obs, key_of(alice, buckets))).file:
            assert len(obs.requests) == 2
        obs.answers["/public.png"] = page(b"", status="403 Forbidden")
        with pytest.raises(fetching.StoreKeyRefused):
            fetch_source(self.document(alice, obs, key_of(alice, buckets, name="again")))
