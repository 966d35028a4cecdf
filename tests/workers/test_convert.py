"""Files that are converted before their pages can be shown."""

from pathlib import Path

import pytest
from django.core.files import File
from django.core.files.storage import default_storage
from openpyxl import Workbook as Book

from ocrportal.jobs.models import Document, Job, Page
from ocrportal.jobs.recognised import recognised_page
from ocrportal.layout.page import lay_out_page
from ocrportal.layout.plain_text import page_text
from ocrportal.submission.cancel import cancel_job
from ocrportal.submission.sources import check_source
from ocrportal.submission.submit import submit
from ocrportal.workers import convert as converting
from ocrportal.workers.open_document import open_next_document
from tests.ingest.ofds import ofd, page, text
from tests.ingest.videos import film, showing, slide
from tests.ingest.word_files import word_file

DEVICES = [
    ["序号", "名称", "数量", "金额"],
    ["1", "高速扫描仪", "2", "45,600.00"],
    ["2", "防磁柜", "4", "12,800.00"],
    ["3", "除湿机", "6", "9,300.50"],
]
pytestmark = pytest.mark.django_db


@pytest.fixture
def upload(alice):
    def upload(path: Path) -> Job:
        with path.open("rb") as file:
            return submit(
                user=alice,
                sources=[check_source(path.name, File(file))],
                service="general-text",
                engine="local",
                enqueue=False,
            )

    return upload


def words(page_row: Page) -> str:
    assert page_row.result is not None
    return "".join(line.text for line in page_row.result.page_result.lines)


def test_an_office_file_becomes_pages_with_their_own_text(upload, open_all, samples):
    job = upload(samples / "tables.docx")

    assert open_all() == 1, "its second page is a picture"

    document = job.documents.get()
    assert (document.status, document.page_count) == (Document.Status.OPENED, 2)
    assert document.converted.name.endswith("/converted.pdf")
    assert document.file.name.endswith("/source.docx")
    first = job.pages.get(number=1)
    assert (first.status, first.result.engine) == (Page.Status.DONE, "pdf")
    assert len(words(first)) > 20


def test_the_table_of_a_word_file_is_found(upload, open_all, samples):
    job = upload(samples / "devices.docx")
    open_all()
    [table] = job.pages.get().result.page_result.tables
    assert table.texts() == DEVICES


def test_a_workbook_is_read_from_its_cells(upload, open_all, samples):
    job = upload(samples / "devices.xlsx")
    assert open_all() == 0
    page_row = job.pages.get()
    [table] = page_row.result.page_result.tables
    assert table.texts() == DEVICES
    assert recognised_page(page_row).sheet_name == "Sheet"


def test_the_further_pages_of_a_sheet_point_to_its_first(upload, open_all, tmp_path):
    book = Book()
    for number in range(200):
        book.active.append([f"row {number}", 12345678901.5])
    book.create_sheet("hidden").sheet_state = "hidden"
    book.save(tmp_path / "long.xlsx")
    job = upload(tmp_path / "long.xlsx")
    open_all()

    first, *further = job.pages.all()
    assert further
    assert (job.documents.get().notes, first.notes) == (["hidden-sheets"], [])
    assert first.result.page_result.tables[0].rows == 200
    assert "#" not in words(first)
    assert {words(page_row) for page_row in further} == {""}
    assert {tuple(page_row.notes) for page_row in further} == {("sheet-continues",)}


def test_a_text_that_is_cut_off_by_its_neighbour_is_not_repeated(upload, open_all, tmp_path):
    book = Book()
    book.active.append(["A long text that its column cuts off", "next"])
    book.save(tmp_path / "narrow.xlsx")
    job = upload(tmp_path / "narrow.xlsx")
    open_all()
    text = page_text(lay_out_page(recognised_page(job.pages.get())))
    assert text.split() == ["A", "long", "text", "that", "its", "column", "cuts", "off", "next"]


def test_a_label_that_has_letters_in_common_with_cells_only_is_kept(upload, open_all, tmp_path):
    book = Book()
    book.active.append(["Number 110", "Sum 2000"])
    book.active.oddHeader.center.text = "1000"
    book.save(tmp_path / "labels.xlsx")
    job = upload(tmp_path / "labels.xlsx")
    open_all()
    text = page_text(lay_out_page(recognised_page(job.pages.get())))
    assert text.split() == ["1000", "Number", "110", "Sum", "2000"]


def test_numbers_that_cells_begin_with_are_kept(upload, open_all, tmp_path):
    # Numbers are not cut off, so these are a header or the labels of a chart.
    book = Book()
    book.active.append([2024, "sum", 2023])
    book.active.oddHeader.center.text = "2023 2024"
    book.save(tmp_path / "labels.xlsx")
    job = upload(tmp_path / "labels.xlsx")
    open_all()
    text = page_text(lay_out_page(recognised_page(job.pages.get())))
    assert text.split() == ["2023", "2024", "2024", "sum", "2023"]


def test_a_chosen_page_within_a_sheet_has_its_own_text(upload, open_all, tmp_path):
    book = Book()
    for number in range(200):
        book.active.append([f"row {number}"])
    book.save(tmp_path / "long.xlsx")
    job = upload(tmp_path / "long.xlsx")
    Job.objects.update(page_range="2")
    open_all()
    page_row = job.pages.get()
    assert (page_row.number, page_row.notes) == (2, [])
    assert "row" in words(page_row)


def test_text_that_a_word_file_does_not_print_is_added_to_its_page(upload, open_all, tmp_path):
    box = ("First inform the kindergarten", "Then wash the hands", "最后通知监护人带孩子离开")
    job = upload(word_file(tmp_path / "a.docx", "The first sentence of this page", box=box))
    open_all()
    assert job.documents.get().notes == ["text-added"]
    page_row = job.pages.get()
    assert box[-1] not in words(page_row)
    assert page_text(lay_out_page(recognised_page(page_row))).split("\n")[-1] == box[-1]


def test_an_ofd_file_becomes_pages_with_their_own_text(upload, open_all, tmp_path):
    path = ofd(tmp_path / "invoice.ofd", page(text("电子发票金额壹佰元整", 20, 20)))
    job = upload(path)
    open_all()
    assert words(job.pages.get()) == "电子发票金额壹佰元整"


def test_signs_and_the_ends_of_lines_of_an_ofd_file_are_kept(upload, open_all, tmp_path):
    # One distance for many characters, a middle dot, and numbers at a fixed pitch.
    name = text("阿卜杜·热合曼·艾山", 20, 20, DeltaX="4")
    amount = text("4197.17", 20, 40, DeltaX="2.2")
    job = upload(ofd(tmp_path / "invoice.ofd", page(name + amount)))
    open_all()
    lines = [line.text for line in job.pages.get().result.page_result.lines]
    assert lines == ["阿卜杜·热合曼·艾山", "4197.17"]


def test_a_video_becomes_pages_with_their_times(upload, open_all, tmp_path):
    path = film(
        tmp_path / "talk.mp4", showing((2, slide("One slide")), (2, slide("Quite another")))
    )
    job = upload(path)

    assert open_all() == 2

    document = job.documents.get()
    assert document.converted.name.endswith("/converted.zip")
    assert document.media_type == "video/mp4", "SRT is offered by it"
    first, second = job.pages.all()
    assert first.seconds < 1
    assert second.seconds == pytest.approx(2, abs=0.5)


def test_a_file_that_cannot_be_converted_fails_with_the_remedy(upload, open_all, samples):
    job = upload(samples / "entity.docx")
    open_all()
    assert job.documents.get().status == Document.Status.FAILED
    assert not job.documents.get().converted


@pytest.mark.parametrize("kind", ["workbook", "word"])
def test_a_job_cancelled_during_the_conversion_leaves_no_file_behind(
    upload, alice, samples, tmp_path, monkeypatch, kind
):
    box = ("First inform the kindergarten", "Then wash the hands", "At last call the guardian")
    if kind == "workbook":
        job = upload(samples / "devices.xlsx")
    else:
        job = upload(word_file(tmp_path / "a.docx", "The first sentence of this page", box=box))

    def cancel_and_convert(*args, **kwargs):
        cancel_job(user=alice, job_id=job.pk)
        return convert(*args, **kwargs)

    convert = converting.convert_office
    monkeypatch.setattr(converting, "convert_office", cancel_and_convert)

    assert not open_next_document(page_ready=lambda job: None)

    document = job.documents.get()
    assert (document.status, document.converted.name) == (Document.Status.CANCELLED, "")
    _folders, files = default_storage.listdir(f"jobs/{job.pk}/{document.pk}")
    assert len(files) == 1
    assert files[0].startswith("source.")
