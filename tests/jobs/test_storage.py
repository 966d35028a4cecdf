"""The portal's own files in a bucket, at a real server for S3."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from ocrportal.jobs.exporting import export_job
from ocrportal.jobs.files import delete_job_files
from ocrportal.jobs.retention import delete_job
from ocrportal.submission.sources import check_source
from ocrportal.submission.submit import submit
from ocrportal.workers.health import failing_parts
from ocrportal.workers.open_document import open_next_document
from ocrportal.workers.read_page import recognise_next_page
from tests.fakes.objectstore import ACCESS_KEY, SECRET_KEY, ObjectStore, way_to


@pytest.fixture
def bucket(buckets: ObjectStore, settings) -> Path:
    """The folder behind the bucket in which the portal keeps its files."""
    folder = buckets.folder / "portal"
    folder.mkdir()
    options = {
        "bucket_name": "portal",
        "endpoint_url": buckets.url,
        "region_name": "cn-north-4",
        "access_key": ACCESS_KEY,
        "secret_key": SECRET_KEY,
        "default_acl": None,
        "file_overwrite": False,
    }
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "ocrportal.jobs.storage.BucketStorage", "OPTIONS": options}
    }
    return folder


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def content(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


@pytest.mark.django_db(transaction=True)
def test_a_job_goes_all_its_way_in_a_bucket(bucket, alice, as_alice, samples):
    with (samples / "screenshot_zh.webp").open("rb") as file:
        source = check_source("screenshot_zh.webp", File(file))
        job = submit(
            user=alice, sources=[source], service="general-text", engine="local", enqueue=False
        )
    while open_next_document(page_ready=lambda job: None):
        pass
    while recognise_next_page():
        pass

    job.refresh_from_db()
    assert job.status == "done"
    document = job.documents.get()
    names = ("p00001.jpg", "source.webp", "t00001.jpg")
    assert files_in(bucket) == [f"jobs/{job.pk}/{document.pk}/{name}" for name in names]
    page = job.pages.get()
    shown = as_alice.get(f"/pages/{page.pk}/image/")
    assert b"".join(shown.streaming_content) == content(page.image.name)
    shown.close()
    with export_job(job, "pdf").file as exported:
        assert exported.read(5) == b"%PDF-"

    delete_job(user=alice, job_id=job.pk)
    assert files_in(bucket) == []


def test_a_file_of_a_name_that_is_taken_gets_another(bucket):
    names = [default_storage.save("jobs/1/a.txt", ContentFile(text)) for text in (b"one", b"two")]
    assert names[0] != names[1]
    assert [content(name) for name in names] == [b"one", b"two"]


def test_deleting_removes_the_files_of_one_job_only(bucket):
    for path in ("jobs/7/1/source.pdf", "jobs/7/1/p00001.jpg", "jobs/7/2/x", "jobs/70/1/y"):
        default_storage.save(path, ContentFile(b"content"))
    delete_job_files(7)
    assert files_in(bucket) == ["jobs/70/1/y"]
    delete_job_files(8)


def test_the_checks_report_an_unreachable_bucket(bucket, buckets, db):
    assert "storage" not in failing_parts()
    buckets.stop()
    assert failing_parts()["storage"] == "EndpointConnectionError"


def test_no_request_carries_what_obs_refuses(bucket, buckets, settings):
    """Neither checksums behind the content nor several objects deleted at once."""
    with way_to(buckets.port) as way:
        stored = settings.STORAGES["default"]
        by_way = stored | {"OPTIONS": stored["OPTIONS"] | {"endpoint_url": way.url}}
        settings.STORAGES = settings.STORAGES | {"default": by_way}
        default_storage.save("jobs/7/1/source.pdf", ContentFile(b"content"))
        delete_job_files(7)
    heads = way.sent.lower()
    assert b"put /portal/jobs/7/1/source.pdf" in heads
    assert b"delete /portal/jobs/7/1/source.pdf" in heads
    for refused in (b"aws-chunked", b"x-amz-trailer", b"x-amz-sdk-checksum", b"?delete"):
        assert refused not in heads
