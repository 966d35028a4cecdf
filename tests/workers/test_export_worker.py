"""Writing exports: what a worker leaves behind, however it ends."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from ocrportal.jobs import recognised
from ocrportal.jobs.leases import MAX_ATTEMPTS
from ocrportal.jobs.models import Document, Job, Page, Result
from ocrportal.jobs.models.export import Export
from ocrportal.jobs.retention import delete_export, delete_job
from ocrportal.workers import export_worker
from ocrportal.workers.export_worker import write_next_export
from ocrportal.workers.recover import recover
from tests.exporters.pdfs import jpeg, saved
from tests.workers.test_export_requests import (  # noqa: F401  # fixtures of this module too
    DATA,
    in_background,
    job,
    order,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_background")]


@pytest.fixture(autouse=True)
def _recover_immediately(settings):
    settings.SWEEP_SECONDS = 0


def add_pages(job: Job, count: int) -> None:  # noqa: F811  # the row, not the fixture
    document = job.documents.get()
    for number in range(2, 2 + count):
        page = Page.objects.create(job=job, document=document, number=number, status="done")
        page.result = Result.objects.create(page=page, data=DATA)
        page.save()


def stored(settings) -> list[str]:
    exports = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if "exports" in path.parts]
    return [path.name for path in exports if path.is_file()]


def test_a_pdf_is_read_back_and_scored(order, job):  # noqa: F811  # the fixtures
    page = Page.objects.get()
    page.image.save("p.jpg", ContentFile(jpeg(Image.new("L", (100, 50), 255))))
    export = order("pdf")
    write_next_export()
    export.refresh_from_db()
    assert export.status == "done", export.error_message
    assert (export.score["text"], export.score["fonts"]) == (1.0, True)
    assert (export.score["looked_at"], export.score["pages"]) == (1, 1)
    # The image is blank: its text matches no ink, which the verification reports.
    assert export.score["problems"] == ["text-off-ink"]
    assert "is not at its printed position" in str(export.problems[0])


def test_a_cancel_stops_it_between_two_pages(
    order,  # noqa: F811  # the fixtures
    job,  # noqa: F811  # the same
    settings,
    monkeypatch,
):
    monkeypatch.setattr(export_worker, "LOOK_SECONDS", 0)
    add_pages(job, 5)
    export = order()
    read = recognised._pages
    seen: list[int] = []

    def cancelled_at_the_third(document):
        for page in read(document):
            seen.append(page.number)
            if len(seen) == 3:
                Export.objects.update(status="cancelled", lease_expires_at=None)
            yield page

    monkeypatch.setattr(recognised, "_pages", cancelled_at_the_third)
    write_next_export()
    export.refresh_from_db()
    assert (export.status, export.file.name) == ("cancelled", "")
    assert export.pages_written < 6
    assert len(seen) == 3
    assert stored(settings) == []


def test_pages_that_are_written_again_as_images_count_once(
    order,  # noqa: F811  # the fixture
    job,  # noqa: F811  # the fixture
    monkeypatch,
):
    """The second page is half a page, to which the text of the original cannot be added."""
    monkeypatch.setattr(export_worker, "LOOK_SECONDS", 0)
    add_pages(job, 1)
    for page in Page.objects.all():
        page.image.save("p.jpg", ContentFile(jpeg(Image.new("L", (100, 50), 255))))
    Page.objects.filter(number=2).update(part=1)
    job.documents.get().converted.save("converted.pdf", ContentFile(_blank_pdf(2)))
    export = order("zip")
    reported: list[int] = []
    renew = export_worker.leases.renew

    def recording_renew(row, **values):
        reported.append(values["pages_written"])
        return renew(row, **values)

    monkeypatch.setattr(export_worker.leases, "renew", recording_renew)
    write_next_export()
    export.refresh_from_db()
    assert export.status == "done", export.error_message
    assert reported == sorted(reported)
    assert reported.index(export.pages_total) == len(reported) - 1


def _blank_pdf(pages: int) -> bytes:
    pdf = pikepdf.new()
    for _page in range(pages):
        pdf.add_blank_page(page_size=(100, 50))
    return saved(pdf)


def test_one_deleted_with_its_job_meanwhile_leaves_no_file(
    order,  # noqa: F811  # the fixtures
    job,  # noqa: F811  # the same
    alice,
    settings,
    monkeypatch,
    django_capture_on_commit_callbacks,
):
    order()
    write = export_worker._write

    def deleted_then(export, progress):
        written = write(export, progress)
        with django_capture_on_commit_callbacks(execute=True):
            delete_job(user=alice, job_id=job.pk)
        return written

    monkeypatch.setattr(export_worker, "_write", deleted_then)
    assert write_next_export() is False
    assert not Export.objects.exists()
    assert stored(settings) == []


def test_an_export_of_an_exited_worker_is_written_again_without_leftovers(
    order,  # noqa: F811  # the fixture
    settings,
    exited_worker,
):
    export = order()
    half = f"jobs/{export.job_id}/exports/{export.pk}/1.txt"
    export.file.storage.save(half, ContentFile(b"half a fi"))
    later = timezone.now() + timedelta(hours=1)
    Export.objects.update(
        status="running", attempts=1, lease_owner=exited_worker, lease_expires_at=later
    )

    assert recover().exports == 1
    write_next_export()

    export.refresh_from_db()
    assert (export.status, export.attempts) == ("done", 2)
    assert stored(settings) == ["2.txt"]


def test_an_export_whose_workers_keep_exiting_fails(order):  # noqa: F811  # the fixture
    export = order()
    Export.objects.update(attempts=MAX_ATTEMPTS)
    write_next_export()
    export.refresh_from_db()
    assert (export.status, export.error_code) == ("failed", "export-abandoned")
    assert "5 times" in export.error_message


def test_an_unexpected_exception_fails_the_export_and_is_raised(order, monkeypatch):  # noqa: F811  # the fixture
    export = order()
    monkeypatch.setattr(export_worker, "_write", lambda export, progress: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_next_export()
    export.refresh_from_db()
    assert (export.status, export.error_code) == ("failed", "export-failed")


def test_temporary_files_are_in_scratch_folders(
    order,  # noqa: F811  # the fixture
    settings,
    monkeypatch,
):
    order()
    write, before = export_worker._write, tempfile.gettempdir()
    places: list[str] = []

    def recording_write(export, progress):
        places.append(tempfile.gettempdir())
        return write(export, progress)

    monkeypatch.setattr(export_worker, "_write", recording_write)
    write_next_export()
    assert Path(places[0]).parent == settings.FILE_UPLOAD_TEMP_DIR
    assert not Path(places[0]).exists()
    assert tempfile.gettempdir() == before


def test_after_its_time_it_is_deleted_with_its_file(
    order,  # noqa: F811  # the fixture
    settings,
    django_capture_on_commit_callbacks,
):
    order()
    write_next_export()
    settings.EXPORT_KEPT_HOURS = 72
    Export.objects.update(finished_at=timezone.now() - timedelta(hours=71))
    recover()
    assert stored(settings) == ["1.txt"]
    Export.objects.update(finished_at=timezone.now() - timedelta(hours=73))
    with django_capture_on_commit_callbacks(execute=True):
        recover()
    assert not Export.objects.exists()
    assert stored(settings) == []


def test_deleting_one_removes_its_file(
    order,  # noqa: F811  # the fixture
    alice,
    settings,
    django_capture_on_commit_callbacks,
):
    export = order()
    write_next_export()
    with django_capture_on_commit_callbacks(execute=True):
        delete_export(user=alice, export_id=export.pk)
    assert not Export.objects.exists()
    assert stored(settings) == []
    assert Document.objects.exists()
