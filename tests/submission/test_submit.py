"""Submit, cancel and retry."""

import errno

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import Http404
from kombu.exceptions import OperationalError

from ocrportal.errors import (
    JobNotActive,
    NothingSubmitted,
    NothingToRetry,
    PasswordNotAsked,
)
from ocrportal.ingest.base import Preprocessing
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.submission import queue
from ocrportal.submission.forms import check_source
from ocrportal.submission.submit import cancel_job, retry_job, submit, supply_password

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


def test_nothing_is_no_job(alice):
    with pytest.raises(NothingSubmitted):
        submit(user=alice, sources=[], service="general-text", engine="local")
    assert Job.objects.count() == 0


def test_a_job_of_unreadable_sources_alone_has_failed_at_once(submit_files):
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
def test_a_name_is_kept_as_a_label_and_never_becomes_a_path(alice, samples, name, label):
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


def test_a_job_that_cannot_be_stored_leaves_no_file_behind(alice, samples):
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


def test_workers_are_woken_once_the_rows_are_there(
    submit_files, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        submit_files("page_en.tif", "empty.jpg", "page_zh.png", enqueue=True)
    assert len(callbacks) == 2  # one for each document that can be opened


@pytest.mark.django_db(transaction=True)
def test_a_queue_out_of_reach_does_not_refuse_a_job_or_a_retry(submit_files, alice, monkeypatch):
    def unreachable() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(queue, "wake_for_document", unreachable)
    job = submit_files("page_en.tif", "empty.jpg", enqueue=True)
    assert list(job.documents.values_list("status", flat=True)) == ["queued", "failed"]

    cancel_job(user=alice, job_id=job.pk)
    assert retry_job(user=alice, job_id=job.pk).status == Job.Status.RUNNING


def test_cancel_ends_a_job_at_once_and_keeps_what_is_done(submit_files, open_all, alice):
    job = submit_files("scans.pdf")
    open_all()
    first = job.pages.first()
    Page.objects.filter(pk=first.pk).update(status=Page.Status.DONE)

    job = cancel_job(user=alice, job_id=job.pk)

    assert job.status == Job.Status.CANCELLED
    assert job.finished_at is not None
    assert list(job.pages.values_list("status", flat=True)) == ["done"] + ["cancelled"] * 4
    # The worker of the first page had not come to refresh_job_status the job.
    assert (job.pages_done, job.pages_total) == (1, 5)


def test_a_job_that_has_ended_cannot_be_cancelled(submit_files, alice):
    job = submit_files("empty.jpg")
    with pytest.raises(JobNotActive):
        cancel_job(user=alice, job_id=job.pk)


def test_a_strangers_job_does_not_exist(submit_files, bob):
    job = submit_files("page_en.tif")
    with pytest.raises(Http404):
        cancel_job(user=bob, job_id=job.pk)
    with pytest.raises(Http404):
        retry_job(user=bob, job_id=job.pk)
    job.refresh_from_db()
    assert job.status == Job.Status.QUEUED


def test_retry_reads_failed_pages_again_and_leaves_the_others(submit_files, work_off, alice):
    job = submit_files("frames.tif")
    work_off()
    results = set(job.pages.values_list("result", flat=True))
    failed = job.pages.order_by("number").last()
    Page.objects.filter(pk=failed.pk).update(
        status=Page.Status.FAILED, error_code="engine-failed", attempts=3
    )
    Job.objects.filter(pk=job.pk).update(status=Job.Status.PARTIAL)

    job = retry_job(user=alice, job_id=job.pk, enqueue=False)
    assert (job.status, job.pages_failed) == (Job.Status.RUNNING, 0)
    work_off()

    job.refresh_from_db()
    failed.refresh_from_db()
    assert job.status == Job.Status.DONE
    assert (failed.status, failed.error_code) == (Page.Status.DONE, "")
    assert len(results & set(job.pages.values_list("result", flat=True))) == len(results) - 1


def test_retry_goes_on_with_a_cancelled_job_where_it_stopped(submit_files, work_off, alice):
    job = submit_files("frames.tif", "page_en.tif")
    cancel_job(user=alice, job_id=job.pk)

    retry_job(user=alice, job_id=job.pk, enqueue=False)
    work_off()

    job.refresh_from_db()
    assert job.status == Job.Status.DONE
    assert job.pages_done == job.pages_total > 1


def test_a_document_that_failed_is_opened_again(submit_files, work_off, alice):
    job = submit_files("scans.pdf", pages="8")
    work_off()
    Job.objects.filter(pk=job.pk).update(page_range="5")

    retry_job(user=alice, job_id=job.pk, enqueue=False)
    work_off()

    job.refresh_from_db()
    assert job.status == Job.Status.DONE
    assert job.pages.get().number == 5


def test_there_is_nothing_to_retry_in_a_job_that_is_done(submit_files, work_off, alice):
    job = submit_files("page_en.tif")
    work_off()
    with pytest.raises(NothingToRetry):
        retry_job(user=alice, job_id=job.pk)


def test_a_source_refused_at_the_form_is_not_retried(submit_files, alice):
    job = submit_files("empty.jpg")
    with pytest.raises(NothingToRetry):
        retry_job(user=alice, job_id=job.pk)


def test_a_password_opens_a_protected_file_without_handing_it_in_again(
    submit_files, open_all, alice
):
    job = submit_files("password_abc.pdf")
    open_all()
    document = job.documents.get()
    assert document.error_code == "password-needed"

    supply_password(user=alice, document_id=document.pk, password="nope")
    open_all()
    document.refresh_from_db()
    assert document.error_code == "password-wrong"

    supply_password(user=alice, document_id=document.pk, password="abc")
    job.refresh_from_db()
    assert job.status == Job.Status.RUNNING
    open_all()
    document.refresh_from_db()
    assert (document.status, document.error_code) == (Document.Status.OPENED, "")
    assert document.password == "", "forgotten once it is not needed any more"
    assert job.pages.get().status == Page.Status.DONE, "it brings its own text"


def test_a_password_handed_in_with_the_files_opens_them(alice, samples, open_all):
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


def test_a_file_refused_at_the_form_keeps_no_password(alice):
    refused = check_source("empty.pdf", ContentFile(b""))
    job = submit(
        user=alice, sources=[refused], service="general-text", engine="local", password="abc"
    )
    assert job.documents.get().password == ""


def test_a_password_nobody_asked_for_is_refused(submit_files, open_all, alice):
    job = submit_files("page_en.tif")
    open_all()
    with pytest.raises(PasswordNotAsked):
        supply_password(user=alice, document_id=job.documents.get().pk, password="abc")


def test_a_strangers_document_takes_no_password(submit_files, open_all, bob):
    job = submit_files("password_abc.pdf")
    open_all()
    with pytest.raises(Http404):
        supply_password(user=bob, document_id=job.documents.get().pk, password="abc")


def test_what_is_chosen_for_the_preprocessing_is_kept_beside_the_defaults(alice, samples):
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


def test_a_job_cancelled_while_its_files_are_stored_can_be_tried_again(
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


def test_a_job_deleted_while_its_files_are_stored_leaves_none(alice, samples, monkeypatch):
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
