"""Exports of documents and jobs; the formats themselves are tested in ``tests/exporters``."""

import json
import zipfile
from datetime import UTC, datetime

import openpyxl
import pikepdf
import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.db.models import F
from django.utils import timezone
from PIL import Image

import ocrportal.layout.page
from ocrportal.errors.export import ExportError, NoAnswers, NothingToExport, NoTimeCodes
from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.options import ExportOptions
from ocrportal.exporters.verification import Score
from ocrportal.jobs.exporting import (
    export_archive,
    export_document,
    export_job,
    labels_in_job,
    text_of_job,
)
from ocrportal.jobs.models import Document, Job, Page, Result
from ocrportal.layout.source import RecognisedPage
from ocrportal.results import Block, Field, Line, PageResult
from tests.exporters.pdfs import jpeg, printed, saved, scan_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(alice) -> Document:
    """A document whose only page has a result but no image."""
    job = Job.objects.create(owner=alice, name="scan", service="general-text", engine="local")
    document = Document.objects.create(job=job, position=1, name="scan.png")
    page = Page.objects.create(job=job, document=document, number=1, image="jobs/1/1/p00001.png")
    data = PageResult(width=100, height=50, lines=()).to_dict()
    page.result = Result.objects.create(page=page, data=data)
    page.save()
    return document


def test_a_missing_page_image_raises_an_export_error(document):
    with pytest.raises(ExportError):
        export_document(document, "pdf")


def test_a_format_without_images_is_written_without_the_page_image(document):
    with export_document(document, "txt").file as file:
        assert file.read() == b""


@pytest.fixture
def video(document) -> Document:
    """A second document of the job, a video."""
    document.job.document_count = 2
    document.job.save()
    video = Document.objects.create(
        job=document.job, position=2, name="talk.mp4", media_type="video/mp4"
    )
    page = Page.objects.create(job=document.job, document=video, number=1, seconds=2.0)
    block = Block("text", "你好", None)
    data = PageResult(width=100, height=50, lines=(), blocks=(block,)).to_dict()
    page.result = Result.objects.create(page=page, data=data)
    page.save()
    return video


def _names(export) -> list[str]:
    with export.file, zipfile.ZipFile(export.file) as archive:
        return archive.namelist()


def test_the_subtitles_of_a_video_have_the_times_of_its_pages(video):
    with export_document(video, "srt").file as file:
        assert file.read().decode("utf-8-sig").startswith("1\r\n00:00:02,000 --> ")


def test_subtitles_are_rejected_for_documents_other_than_videos(document):
    with pytest.raises(NoTimeCodes):
        export_document(document, "srt")
    with pytest.raises(NoTimeCodes):
        export_job(document.job, "srt")


def test_the_subtitles_of_a_job_are_those_of_its_videos(document, video):
    assert _names(export_job(document.job, "srt")) == ["talk.srt"]


def test_subtitles_of_a_job_without_a_video_are_rejected(document, video):
    Document.objects.update(media_type="image/png")
    with pytest.raises(NoTimeCodes):
        export_job(document.job, "srt")


@pytest.fixture
def card(document) -> Document:
    """A second document of the job, recognised by a cloud."""
    document.job.document_count = 2
    document.job.save()
    card = Document.objects.create(job=document.job, position=2, name="card.png")
    page = Page.objects.create(job=document.job, document=card, number=1)
    data = PageResult(width=100, height=50, lines=()).to_dict()
    page.result = Result.objects.create(
        page=page, data=data, raw={"result": {"name": "张三"}}, service="id-card"
    )
    page.save()
    return card


def test_the_raw_answer_of_a_cloud_is_a_file(card):
    export = export_document(card, "raw")
    assert export.name == "card.raw.json"
    with export.file as file:
        (page,) = json.load(file)["pages"]
    assert (page["service"], page["answer"]) == ("id-card", {"result": {"name": "张三"}})


def test_raw_answers_of_a_local_engine_are_rejected(document):
    with pytest.raises(NoAnswers):
        export_document(document, "raw")
    with pytest.raises(NoAnswers):
        export_job(document.job, "raw")


def test_the_raw_answers_of_a_job_are_those_of_its_documents_with_answers(document, card):
    assert _names(export_job(document.job, "raw")) == ["card.raw.json"]
    Result.objects.update(raw=None)
    with pytest.raises(NoAnswers):
        export_job(document.job, "raw")


def test_an_archive_of_all_formats_contains_the_raw_answers_that_exist(document, card):
    for row in (document, card):
        row.pages.get().image.save("jobs/page.jpg", ContentFile(jpeg(printed(100, 50))))
    names = _names(export_archive(document.job))
    assert [name for name in names if name.endswith("json")] == [
        *("scan.json", "card.json", "card.raw.json")
    ]


def test_other_formats_do_not_load_the_raw_answers(card, django_assert_num_queries):
    with django_assert_num_queries(2) as asked:  # whether there is a page; the pages
        export_document(card, "json").file.close()
    assert not any('"raw"' in query["sql"] for query in asked)


def test_a_job_without_results_has_nothing_to_export(document, video):
    Page.objects.update(result=None)
    for key in ("txt", "srt"):
        with pytest.raises(NothingToExport):
            export_job(document.job, key)
    with pytest.raises(NothingToExport):
        export_archive(document.job)


@pytest.fixture
def scan(alice) -> Document:
    """A PDF of two scans, of which the second is recognised."""
    job = Job.objects.create(owner=alice, name="scan.pdf", service="general-text", engine="local")
    document = Document.objects.create(
        job=job, position=1, name="scan.pdf", media_type="application/pdf"
    )
    document.file.save("jobs/source.pdf", ContentFile(saved(scan_pdf(2))))
    box = ((210, 476), (630, 476), (630, 547), (210, 547))
    data = PageResult(840, 1190, (Line("read here", box, 1.0),), engine="local").to_dict()
    page = Page.objects.create(job=job, document=document, number=2)
    page.image.save("jobs/p00002.jpg", ContentFile(jpeg(printed(840, 1190))))
    page.result = Result.objects.create(page=page, data=data)
    page.save()
    return document


def _exported(document: Document) -> tuple[bytes, str]:
    with export_document(document, "pdf").file as file:
        data = file.read()
    with pypdfium2.PdfDocument(data) as pdf:
        return data, "".join(page.get_textpage().get_text_range() for page in pdf)


def _scans(document: Document) -> bytes:
    with document.file.open("rb") as file:
        data: bytes = file.read()
    begin = data.index(b"\xff\xd8\xff")
    return data[begin : begin + 2000]


def test_the_text_is_added_to_the_original_pdf(scan):
    data, text = _exported(scan)
    assert text == "read here"
    assert _scans(scan) in data


def test_half_of_a_page_is_written_as_an_image(scan):
    Page.objects.update(part=1)
    data, text = _exported(scan)
    assert text == "read here"
    assert b"/Picture" in data


def test_the_pdf_a_document_was_converted_to_is_used(scan):
    scan.converted.save("jobs/converted.pdf", ContentFile(saved(scan_pdf(2))))
    scan.media_type, scan.file = "application/msword", ""
    scan.save()
    data, _ = _exported(scan)
    assert b"/Picture" not in data


def test_an_encrypted_pdf_is_written_as_images_since_its_password_is_not_stored(scan):
    locked = saved(scan_pdf(2), encryption=pikepdf.Encryption(owner="o", user="geheim"))
    scan.file.save("jobs/locked.pdf", ContentFile(locked))
    data, text = _exported(scan)
    assert text == "read here"
    assert b"/Encrypt" not in data


def test_a_missing_original_raises_an_export_error(scan):
    scan.file.storage.delete(scan.file.name)
    with pytest.raises(ExportError):
        export_document(scan, "pdf")


def test_the_text_of_a_job_is_that_of_its_text_files(document, video):
    with export_document(video, "txt").file as file:
        assert text_of_job(document.job) + "\n" == file.read().decode() == "[00:00:02]\n你好\n"


def test_the_documents_of_a_job_are_merged_on_request(document, video):
    export = export_job(document.job, "txt", ExportOptions(merged=True))
    with export.file:
        assert (export.name, export.file.read().decode()) == (
            "scan.txt",
            "=== scan ===\n\n=== talk ===\n[00:00:02]\n你好\n",
        )


def test_formats_of_a_single_document_are_not_merged(document, video):
    export = export_job(document.job, "alto", ExportOptions(merged=True))
    assert _names(export) == ["scan.alto.xml", "talk.alto.xml"]
    for page in Page.objects.all():
        page.image.save(f"jobs/{page.pk}.jpg", ContentFile(jpeg(printed(100, 50))))
    whole = _names(export_archive(document.job, ExportOptions(merged=True)))
    assert "scan.txt" in whole
    assert "talk.txt" not in whole
    assert "talk.srt" in whole


def test_a_list_of_fields_reports_documents_without_a_result(document, video):
    Document.objects.create(job=document.job, position=3, name="failed.png")
    data = PageResult(9, 9, (), fields=(Field(("name",), "张三"),)).to_dict()
    Result.objects.update(data=data)
    with export_job(document.job, "xlsx", ExportOptions(merged=True)).file as file:
        rows = list(openpyxl.load_workbook(file)["Fields"].values)
    assert [row[0] for row in rows] == ["Document", "scan", "talk", "failed"]


def test_files_are_named_by_the_pattern(document, video):
    options = ExportOptions(names="{job}-{number}-{service}")
    single = export_document(document, "txt", options)
    single.file.close()
    assert single.name == "scan-1-general-text.txt"
    assert _names(export_job(document.job, "txt", options)) == [
        "scan-1-general-text.txt",
        "scan-2-general-text.txt",
    ]


def test_the_labels_in_a_job_are_unique_and_need_one_query(
    document, video, django_assert_num_queries
):
    for position in range(3, 6):
        Document.objects.create(job=document.job, position=position, name=f"{'长' * 100}.png")
    with django_assert_num_queries(1):
        labels = list(labels_in_job(document.job).values())
    assert list(map(str, labels[:2])) == ["scan", "talk"]
    assert [label.name[-4:] for label in labels[2:]] == ["长长长长", " (2)", " (3)"]
    assert all(len(f"{label}.alto.xml".encode()) <= 255 for label in labels)


def test_an_archive_does_not_count_as_a_document(document, video):
    """Its members are numbered from 1, with as many digits as their count has."""
    Document.objects.update(position=F("position") + 10)
    archive = Document.objects.create(job=document.job, position=1, name="scans.zip")
    Document.objects.filter(pk__in=[document.pk, video.pk]).update(archive=archive)
    labels = labels_in_job(document.job, "{number}")
    assert (str(labels[document.pk]), str(labels[video.pk])) == ("1", "2")


@pytest.fixture
def in_folders(document, video):
    """A scan and a video with equal names in the folders of an archive, and of one in it."""
    Document.objects.update(position=F("position") + 10)
    outer = Document.objects.create(job=document.job, position=1, name="all.zip")
    inner = Document.objects.create(job=document.job, position=2, name="乙/old.zip", archive=outer)
    Document.objects.filter(pk=document.pk).update(name="甲/一:月/1.png", archive=outer)
    Document.objects.filter(pk=video.pk).update(name="../con/1.mp4", archive=inner)
    return document.job


def test_files_keep_the_folders_of_their_archive(in_folders):
    expected = ["甲/一_月/1.txt", "乙/old/_con/1.txt"]
    assert _names(export_job(in_folders, "txt")) == expected
    export = export_job(in_folders, "md")
    with export.file, zipfile.ZipFile(export.file) as archive:
        names = archive.namelist()
    assert [name for name in names if name.endswith(".md")] == ["甲/一_月/1.md", "乙/old/_con/1.md"]


def test_a_pattern_with_the_folder_puts_all_files_into_one(in_folders, document):
    options = ExportOptions(names="{folder} {name}")
    assert _names(export_job(in_folders, "txt", options)) == ["甲_一_月 1.txt", "乙_old__con 1.txt"]
    document.refresh_from_db()
    single = export_document(document, "txt", options)
    single.file.close()
    assert single.name == "甲_一_月 1.txt"


def test_equal_names_in_a_folder_are_numbered_in_it(document, video):
    archive = Document.objects.create(job=document.job, position=9, name="all.zip")
    Document.objects.filter(pk=document.pk).update(name="甲/1.png", archive=archive)
    Document.objects.filter(pk=video.pk).update(name="甲/1.PNG", archive=archive)
    assert _names(export_job(document.job, "txt")) == ["甲/1.txt", "甲/1 (2).txt"]


def test_a_folder_is_not_named_like_a_file_beside_it(document, video):
    archive = Document.objects.create(job=document.job, position=9, name="all.zip")
    Document.objects.filter(pk=document.pk).update(name="1.png", archive=archive)
    Document.objects.filter(pk=video.pk).update(name="1.TXT/1.png", archive=archive)
    assert _names(export_job(document.job, "txt")) == ["1.txt", "1.TXT_/1.txt"]


@pytest.mark.parametrize(
    ("pattern", "name"),
    [("{name}", "scan"), ("{date}_{job}", "2026-03-04_scan"), ("{number} {name}", "scan")],
)
def test_zip_and_merged_file_are_named_by_the_pattern(document, video, pattern, name):
    Job.objects.update(name="scan", created_at=datetime(2026, 3, 4, 12, tzinfo=UTC))
    document.job.refresh_from_db()
    for merged, extension in ((False, "zip"), (True, "txt")):
        options = ExportOptions(names=pattern, merged=merged)
        export = export_job(document.job, "txt", options)
        export.file.close()
        assert export.name == f"{name}.{extension}"


def test_entries_of_a_zip_have_the_date_of_their_results(document, video):
    Result.objects.filter(page__document=document).update(
        created_at=datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
    )
    export = export_job(document.job, "txt")
    with export.file, zipfile.ZipFile(export.file) as archive:
        first, second = archive.infolist()
    shown = timezone.localtime(datetime(2026, 3, 4, 12, 30, tzinfo=UTC))
    assert first.date_time == tuple(shown.timetuple())[:6]
    assert second.date_time[0] >= 2026


def test_a_name_that_ends_like_a_format_does_not_collide_with_that_format(document, video):
    """``scan.pdfa.pdf`` as PDF and ``scan.pdf`` as PDF/A."""
    Document.objects.filter(pk=video.pk).update(name="scan.pdfa.pdf")
    assert str(labels_in_job(document.job)[video.pk]) == "scan.pdfa_"


class _Observer:
    """Wants each file verified."""

    def __init__(self) -> None:
        self.page_counts: list[int] = []
        self.pages: list[int] = []
        self.scores: list[Score] = []

    def file_begins(self, page_count: int) -> None:
        self.page_counts.append(page_count)

    def page_written(self, page: RecognisedPage) -> None:
        self.pages.append(page.number)

    def wants_verification(self) -> bool:
        return True

    def file_verified(self, score: Score) -> None:
        self.scores.append(score)


@pytest.fixture
def three_pages(alice) -> Document:
    """A document of three recognised pages that suits every format; the second is rotated."""
    job = Job.objects.create(
        owner=alice, name="scan", service="general-text", engine="local", document_count=1
    )
    document = Document.objects.create(job=job, position=1, name="scan", media_type="video/mp4")
    line = Line("read here", ((210, 476), (630, 476), (630, 547), (210, 547)), 1.0)
    for number, rotation in enumerate((0, 90, 0), 1):
        page = Page.objects.create(job=job, document=document, number=number, seconds=number)
        page.image.save("jobs/page.jpg", ContentFile(jpeg(printed(840, 1190))))
        data = PageResult(840, 1190, (line,), rotation=rotation).to_dict()
        page.result = Result.objects.create(page=page, data=data, raw={"result": {}})
        page.save()
    return document


@pytest.mark.parametrize("original", [False, True], ids=["images", "pdf"])
@pytest.mark.parametrize("key", FORMATS)
def test_each_page_is_laid_out_and_rotated_once(three_pages, monkeypatch, key, original):
    if original:
        three_pages.converted.save("jobs/converted.pdf", ContentFile(saved(scan_pdf(3))))
    laid_out, rotated = [], []
    assign_lines, map_boxes = ocrportal.layout.page.assign_lines, PageResult.map_boxes

    def lay_out(result: PageResult):  # the first step of lay_out_page, and of nothing else
        laid_out.append(result)
        return assign_lines(result)

    def rotate(result: PageResult, transform):
        rotated.append(result)
        return map_boxes(result, transform)

    monkeypatch.setattr(ocrportal.layout.page, "assign_lines", lay_out)
    monkeypatch.setattr(PageResult, "map_boxes", rotate)
    observer = _Observer()
    export_document(three_pages, key, observer=observer).file.close()
    as_stored = key in ("json", "raw")
    assert (len(laid_out), len(rotated)) == ((0, 0) if as_stored else (3, 1))
    assert (observer.page_counts, observer.pages) == ([3], [1, 2, 3])
    assert len(observer.scores) == bool(FORMATS[key].verification)


def test_a_page_recognised_during_an_export_is_not_missing_in_later_formats(three_pages):
    last = three_pages.pages.get(number=3)
    result = last.result
    Page.objects.filter(pk=last.pk).update(result=None)

    class Recognising(_Observer):
        def file_begins(self, page_count: int) -> None:
            super().file_begins(page_count)
            Page.objects.filter(pk=last.pk).update(result=result)

    observer = Recognising()
    export_archive(three_pages.job, observer=observer).file.close()
    assert observer.page_counts == [2, *[3] * (len(FORMATS) - 1)]
    assert not any("pages-missing" in score.problems for score in observer.scores)


def _illustrated(document):
    """Give the page of a document an image with a figure."""
    page = document.pages.get()
    page.image.save("page.jpg", ContentFile(jpeg(Image.new("L", (100, 50), 128))))
    area = Block("figure", "", ((10, 10), (60, 10), (60, 40), (10, 40)))
    data = PageResult(width=100, height=50, lines=(), blocks=(area,)).to_dict()
    Result.objects.filter(pk=page.result_id).update(data=data)


def test_a_zip_has_the_pictures_of_markdown_in_a_folder_beside_it(document):
    _illustrated(document)
    with export_archive(document.job).file as file, zipfile.ZipFile(file) as archive:
        (path,) = [name for name in archive.namelist() if "/" in name]
        assert path == "scan_pictures/figure-1.png"
        assert f"![Figure](<{path}>)" in archive.read("scan.md").decode()
        assert Image.open(archive.open(path)).size == (50, 30)


def test_a_single_markdown_file_contains_its_pictures(document):
    _illustrated(document)
    with export_document(document, "md").file as file:
        assert b"![Figure][figure-1]" in file.read()
