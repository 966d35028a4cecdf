"""Submit, cancel and retry."""

import errno

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from kombu.exceptions import OperationalError

from ocrportal.errors.request import NothingSubmitted
from ocrportal.ingest.base import Preprocessing
from ocrportal.jobs.models import Document, Job
from ocrportal.submission import queue
from ocrportal.submission.cancel import cancel_job
from ocrportal.submission.retry import retry_job
from ocrportal.submission.sources import check_source
from ocrportal.submission.submit import submit

pytestmark = pytest.mark.django_db


def test_a_job_is_named_after_its_first_source_and_keeps_the_originals(submit_files, samples):
    job = submit_files("page_zh.png", "scans.pdf")
    assert job.name == "page_zh.png"
    assert (job.status, job.document_count) == (Job.Status.QUEUED, 2)
    picture, document = job.documents.all()
    with picture.file.open("rb") as file:
        assert file.read() == (samples / "page_zh.png").read_bytes()
    assert (document.media_type, document.size) == (
        "application/pdf",
        (samples / "scans.pdf").stat().st_size,
    )


def test_a_submission_without_sources_is_rejected(alice):
    with pytest.raises(NothingSubmitted):
        submit(user=alice, sources=[], service="general-text", engine="local")
    assert Job.objects.count() == 0


def test_a_job_with_unreadable_sources_only_fails_immediately(submit_files):
    job = submit_files("empty.jpg", "html.jpg")
    assert job.status == Job.Status.FAILED
    assert list(job.documents.values_list("status", "error_code")) == [
        (Document.Status.FAILED, "file-empty"),
        (Document.Status.FAILED, "already-text"),
    ]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("中文 发票（第2页）#1.jpg", "中文 发票（第2页）#1.jpg"),
        ("../../etc/passwd.png", "../../etc/passwd.png"),
        ("a\x00b\nc\u202egpj.exe", "abcgpj.exe"),
        ("  ", "—"),
        ("长" * 300, "长" * 255),
    ],
)
def test_a_name_is_stored_as_a_label_and_never_becomes_a_path(alice, samples, name, label):
    file = ContentFile((samples / "png.jpg").read_bytes())
    job = submit(
        user=alice,
        sources=[check_source(name, file)],
        service="general-text",
        engine="local",
        enqueue=False,
    )
    document = job.documents.get()
    assert document.name == label
    assert document.file.name == f"jobs/{job.pk}/{document.pk}/source.png"


def test_a_job_whose_files_cannot_be_stored_is_deleted_with_its_files(alice, samples):
    class FileOnFullDisk(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"the beginning"
            raise OSError(errno.ENOSPC, "No space left on device")

    data = (samples / "png.jpg").read_bytes()
    sources = [check_source("a", ContentFile(data)), check_source("b", FileOnFullDisk(data))]

    with pytest.raises(OSError, match="No space left"):
        submit(user=alice, sources=sources, service="general-text", engine="local")

    assert not Job.objects.exists()
    assert default_storage.listdir("jobs") == ([], [])


def test_workers_are_woken_once_the_rows_are_committed(
    submit_files, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        submit_files("page_en.tif", "empty.jpg", "page_zh.png", enqueue=True)
    assert len(callbacks) == 2  # one for each document that can be opened


@pytest.mark.django_db(transaction=True)
def test_an_unreachable_queue_does_not_reject_a_job_or_a_retry(submit_files, alice, monkeypatch):
    def unreachable() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(queue, "wake_for_document", unreachable)
    job = submit_files("page_en.tif", "empty.jpg", enqueue=True)
    assert list(job.documents.values_list("status", flat=True)) == ["queued", "failed"]

    cancel_job(user=alice, job_id=job.pk)
    assert retry_job(user=alice, job_id=job.pk).status == Job.Status.RUNNING


def test_a_password_submitted_with_the_files_opens_them(alice, samples, open_all):
    with (samples / "password_abc.pdf").open("rb") as file:
        job = submit(
            user=alice,
            sources=[check_source("a.pdf", File(file))],
            service="general-text",
            engine="local",
            password="abc",
            enqueue=False,
        )
    assert "abc" not in job.documents.get().password
    open_all()
    assert job.documents.get().status == Document.Status.OPENED


def test_a_rejected_file_stores_no_password(alice):
    refused = check_source("empty.pdf", ContentFile(b""))
    job = submit(
        user=alice, sources=[refused], service="general-text", engine="local", password="abc"
    )
    assert job.documents.get().password == ""


def test_chosen_preprocessing_steps_are_stored_with_the_defaults(alice, samples):
    with (samples / "page_en.tif").open("rb") as file:
        job = submit(
            user=alice,
            sources=[check_source("a.tif", File(file))],
            service="general-text",
            engine="local",
            preprocessing={"text_layer": False},
            enqueue=False,
        )
    assert job.preprocessing == {**Preprocessing().to_dict(), "text_layer": False}


def test_a_job_cancelled_while_its_files_are_stored_can_be_retried(
    alice, samples, work_off, monkeypatch
):
    save = FileSystemStorage.save

    def late(storage, name, content):
        if not Job.objects.filter(status=Job.Status.CANCELLED).exists():
            cancel_job(user=alice, job_id=Job.objects.get().pk)
        return save(storage, name, content)

    data = (samples / "page_en.tif").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "save", late)
        job = submit(
            user=alice,
            sources=[check_source("a.tif", ContentFile(data))],
            service="general-text",
            engine="local",
        )
    assert (job.status, job.documents.get().status) == ("cancelled", "cancelled")

    retry_job(user=alice, job_id=job.pk, enqueue=False)
    work_off()

    job.refresh_from_db()
    assert (job.status, job.pages_done) == (Job.Status.DONE, 1)


def test_a_job_deleted_while_its_files_are_stored_leaves_no_files(alice, samples, monkeypatch):
    save = FileSystemStorage.save

    def late(storage, name, content):
        Job.objects.all().delete()
        return save(storage, name, content)

    monkeypatch.setattr(FileSystemStorage, "save", late)
    job = submit(
        user=alice,
        sources=[check_source("a.tif", ContentFile((samples / "page_en.tif").read_bytes()))],
        service="general-text",
        engine="local",
    )

    assert not Job.objects.filter(pk=job.pk).exists()
    assert default_storage.listdir("jobs") == ([], [])
