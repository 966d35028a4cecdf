"""Requesting, repeating and cancelling exports."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.utils import translation
from openpyxl import load_workbook

from ocrportal.errors.export import NothingToExport, NoTimeCodes, UnknownFormat
from ocrportal.exporters.options import ExportOptions
from ocrportal.jobs.models import Document, Job, Page, Result
from ocrportal.jobs.models.export import Export
from ocrportal.results import Line, PageResult
from ocrportal.workers import export_requests
from ocrportal.workers.export_requests import cancel_export, order_again, order_export
from ocrportal.workers.export_worker import write_next_export

pytestmark = pytest.mark.django_db

BOX = ((10.0, 10.0), (90.0, 10.0), (90.0, 30.0), (10.0, 30.0))
DATA = PageResult(100, 50, lines=(Line("合同 2026", BOX, 0.9),), engine="local").to_dict()


@pytest.fixture
def job(alice) -> Job:
    """A job of Alice's with one page read."""
    job = Job.objects.create(
        owner=alice,
        name="合同.pdf",
        service="general-text",
        engine="local",
        status="done",
        document_count=1,
    )
    document = Document.objects.create(job=job, position=1, name="合同.pdf")
    page = Page.objects.create(job=job, document=document, number=1, status="done")
    page.result = Result.objects.create(page=page, data=DATA)
    page.save()
    return job


@pytest.fixture
def order(alice, job):
    def order(key: str = "txt", **chosen) -> Export:
        return order_export(user=alice, job_id=job.pk, key=key, **chosen)

    return order


@pytest.fixture
def in_background(monkeypatch):
    """Every export is a long one."""
    monkeypatch.setattr(export_requests, "SHORT_PAGES", 0)


def test_a_short_one_is_written_at_once(order):
    export = order()
    assert (export.status, export.name, export.error_code) == ("done", "合同.txt", "")
    with export.file.open("rb") as file:
        assert file.read().decode() == "合同 2026\n"
    assert export.size == len("合同 2026\n".encode())
    assert (export.pages_written, export.pages_total) == (1, 1)
    assert export.score is None
    assert export.kept_until > export.finished_at


def test_a_long_one_waits_for_a_worker(order, in_background):
    export = order()
    assert (export.status, export.pages_written) == ("queued", 0)
    assert write_next_export() is False
    export.refresh_from_db()
    assert (export.status, export.pages_written) == ("done", 1)


def test_the_same_is_given_again_until_a_result_changes(order, job):
    first = order()
    assert order().pk == first.pk
    page = Page.objects.get()
    page.result = Result.objects.create(page=page, data=DATA)
    page.save()
    assert order().pk != first.pk


def test_two_clicks_make_one_export(order, in_background):
    assert order().pk == order().pk


@pytest.mark.parametrize("difference", ["format", "options", "document", "language"])
def test_what_differs_is_another_export(order, job, difference):
    first = order()
    with translation.override("zh-hans" if difference == "language" else "en"):
        other = order(
            "md" if difference == "format" else "txt",
            options=ExportOptions(headers_footers=difference != "options"),
            document_id=job.documents.get().pk if difference == "document" else None,
        )
    assert other.pk != first.pk


def test_labels_are_in_the_language_of_the_request(order, in_background):
    with translation.override("zh-hans"):
        export = order("xlsx")
    write_next_export()
    export.refresh_from_db()
    with export.file.open("rb") as file:
        assert load_workbook(file).sheetnames == ["纯文本"]


def test_a_zip_counts_a_page_for_each_format(order):
    assert order("zip").pages_total == 10


def test_a_failed_one_can_be_made_again(alice, order):
    export = order("pdf")  # its image is missing
    assert (export.status, export.error_code) == ("failed", "export-failed")
    again = order_again(user=alice, export_id=export.pk)
    assert again.pk != export.pk
    assert again.format == "pdf"


def test_a_cancelled_one_is_not_written(alice, order, in_background):
    export = cancel_export(user=alice, export_id=order().pk)
    assert export.status == "cancelled"
    assert write_next_export() is False
    export.refresh_from_db()
    assert (export.status, export.file.name) == ("cancelled", "")


def test_cancelling_what_is_ready_leaves_it(alice, order):
    assert cancel_export(user=alice, export_id=order().pk).status == "done"


def test_what_cannot_be_written_is_refused_before_there_is_a_row(order):
    with pytest.raises(UnknownFormat):
        order("exe")
    with pytest.raises(NoTimeCodes):
        order("srt")
    Page.objects.update(result=None)
    with pytest.raises(NothingToExport):
        order()
    assert not Export.objects.exists()


def test_for_bob_there_is_nothing_to_order(bob, alice, job, order):
    with pytest.raises(Http404):
        order_export(user=bob, job_id=job.pk, key="txt")
    export = order()
    for act in (order_again, cancel_export):
        with pytest.raises(Http404):
            act(user=bob, export_id=export.pk)
