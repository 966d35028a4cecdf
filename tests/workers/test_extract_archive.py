"""From an archive to documents."""

import io
import zipfile
from collections.abc import Mapping

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import connection

from ocrportal.jobs.models import Document, Job
from ocrportal.jobs.retention import delete_job
from ocrportal.submission.cancel import cancel_job
from ocrportal.submission.sources import check_source
from ocrportal.submission.submit import submit
from ocrportal.workers import extract_archive
from ocrportal.workers.open_document import open_next_document

pytestmark = pytest.mark.django_db


def packed(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def upload(alice):
    def upload(**archives: bytes) -> Job:
        names = {f"{name}.zip": data for name, data in archives.items()}
        return submit(
            user=alice,
            sources=[check_source(name, ContentFile(data, name)) for name, data in names.items()],
            service="general-text",
            engine="local",
            enqueue=False,
        )

    return upload


@pytest.fixture
def scans(samples) -> dict[str, bytes]:
    return {
        "2023/第2页.tif": (samples / "page_en.tif").read_bytes(),
        "2023/第10页.png": (samples / "screenshot_zh.webp").read_bytes(),
    }


def test_each_file_of_an_archive_becomes_a_document_of_the_job(upload, open_all, scans):
    job = upload(scans=packed(scans))

    assert open_all() == 2

    archive, first, second = job.documents.all()
    assert (archive.status, archive.page_count) == (Document.Status.OPENED, 0)
    assert [(d.name, d.media_type, d.archive) for d in (first, second)] == [
        ("2023/第2页.tif", "image/tiff", archive),
        ("2023/第10页.png", "image/webp", archive),
    ]
    assert first.file.name == f"jobs/{job.pk}/{archive.pk}/m00001.tiff", "no name becomes a path"
    job.refresh_from_db()
    assert (job.document_count, job.pages_total) == (2, 2)


def test_the_callback_is_called_for_each_document(upload, scans):
    upload(scans=packed(scans))
    calls: list[int] = []
    open_next_document(lambda job: None, document_added=lambda: calls.append(1))
    assert len(calls) == 2


def test_an_unreadable_member_fails_alone(upload, open_all, scans):
    job = upload(scans=packed({**scans, "notes.txt": b"To do: nothing at all.\n"}))
    open_all()
    failed = job.documents.get(status=Document.Status.FAILED)
    assert (failed.name, failed.error_code) == ("notes.txt", "already-text")
    assert job.pages.count() == 2


def test_archives_in_archives_are_opened_as_deep_as_allowed(upload, open_all, scans, settings):
    settings.MAX_ARCHIVE_DEPTH = 2
    inner = packed({"deepest.zip": packed(scans), **scans})
    job = upload(scans=packed({"inner.zip": inner}))
    open_all()
    names = {d.name: (d.status, d.error_code) for d in job.documents.all()}
    assert names["deepest.zip"] == (Document.Status.FAILED, "archive-too-deep")
    assert names["2023/第2页.tif"] == (Document.Status.OPENED, "")


def test_too_many_files_fail_the_archive_and_those_before_stay(upload, open_all, settings, scans):
    settings.MAX_ARCHIVE_FILES = 1
    job = upload(scans=packed(scans))
    open_all()
    assert job.documents.get(archive=None).error_code == "archive-too-full"


def test_archives_of_a_job_share_what_they_may_unfold_into(upload, open_all, settings, scans):
    settings.MAX_ARCHIVE_MB = 1
    half = {"a.bin": b"\0" * 10, **scans, "fill.png": b"\x89PNG\r\n\x1a\n" + bytes(600_000)}
    settings.MAX_ARCHIVE_RATIO = 100_000
    job = upload(first=packed(half), second=packed(half))
    open_all()
    codes = [d.error_code for d in job.documents.filter(archive=None)]
    assert codes == ["", "archive-too-large"]


def test_a_lease_after_a_crash_adds_no_file_twice(upload, scans, monkeypatch):
    job = upload(scans=packed(scans))
    monkeypatch.setattr(
        extract_archive, "_add", add_one_and_die := AddOneAndDie(extract_archive._add)
    )
    with pytest.raises(KeyboardInterrupt):
        open_next_document(lambda job: None)
    monkeypatch.setattr(extract_archive, "_add", add_one_and_die.add)
    Document.objects.filter(archive=None).update(status=Document.Status.QUEUED)

    while job.documents.filter(status=Document.Status.QUEUED).exists():
        open_next_document(lambda job: None)

    assert job.documents.filter(archive__isnull=False).count() == 2


class AddOneAndDie:
    """A worker that is killed after the first file."""

    def __init__(self, add):
        self.add, self.added = add, 0

    def __call__(self, *args):
        if self.added:
            raise KeyboardInterrupt
        self.added += 1
        return self.add(*args)


def test_a_cancelled_job_gets_no_more_documents(upload, scans, alice):
    job = upload(scans=packed(scans))
    open_next_document(
        lambda job: None, document_added=lambda: cancel_job(user=alice, job_id=job.pk)
    )
    assert job.documents.filter(archive__isnull=False).count() == 1
    assert not job.documents.filter(status__in=Document.ACTIVE).exists()


def test_no_transaction_is_open_while_a_file_is_stored(upload, scans, monkeypatch):
    upload(scans=packed(scans))
    within: list[bool] = []
    save = FileSystemStorage.save

    def watched(storage, name, content):
        within.append(len(connection.savepoint_ids) > outer)
        return save(storage, name, content)

    outer = len(connection.savepoint_ids)
    monkeypatch.setattr(FileSystemStorage, "save", watched)
    open_next_document(lambda job: None)
    assert within == [False, False]


def test_a_file_stored_for_a_job_that_is_deleted_meanwhile_goes_again(
    upload, scans, alice, monkeypatch, settings, django_capture_on_commit_callbacks
):
    job = upload(scans=packed(scans))
    save = FileSystemStorage.save

    def late(storage, name, content):
        with django_capture_on_commit_callbacks(execute=True):
            delete_job(user=alice, job_id=job.pk)
        return save(storage, name, content)

    monkeypatch.setattr(FileSystemStorage, "save", late)
    open_next_document(lambda job: None)

    assert not Document.objects.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_a_slow_archive_is_extracted_in_slices(upload, scans, monkeypatch):
    monkeypatch.setattr(extract_archive, "SLICE_SECONDS", 0)
    job = upload(scans=packed(scans))
    archive = job.documents.get()

    assert open_next_document(lambda job: None) is True
    archive.refresh_from_db()
    assert (archive.status, archive.attempts) == (Document.Status.QUEUED, 0)
    while job.documents.filter(status=Document.Status.QUEUED).exists():
        open_next_document(lambda job: None)

    assert [d.position for d in job.documents.all()] == [1, 2, 3]
    assert not job.documents.exclude(status=Document.Status.OPENED).exists()
