"""From rows to files: what of it is not in the exporters' own tests."""

import json
import zipfile

import openpyxl
import pikepdf
import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.db.models import F

from ocrportal.errors import ExportError, NoAnswers, NothingToExport, NoTimeCodes
from ocrportal.exporters.options import ExportOptions
from ocrportal.jobs.exporting import (
    export_archive,
    export_document,
    export_job,
    labels_in_job,
    text_of_job,
)
from ocrportal.jobs.models import Document, Job, Page, Result
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


def test_what_needs_no_picture_is_written_without_it(document):
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


def test_a_video_becomes_subtitles_with_the_times_of_its_pages(video):
    with export_document(video, "srt").file as file:
        assert file.read().decode("utf-8-sig").startswith("1\r\n00:00:02,000 --> ")


def test_subtitles_are_rejected_for_documents_other_than_videos(document):
    with pytest.raises(NoTimeCodes):
        export_document(document, "srt")
    with pytest.raises(NoTimeCodes):
        export_job(document.job, "srt")


def test_subtitles_of_a_job_are_those_of_its_videos(document, video):
    assert _names(export_job(document.job, "srt")) == ["talk.srt"]


def test_subtitles_of_a_job_of_many_without_a_video_are_refused(document, video):
    Document.objects.update(media_type="image/png")
    with pytest.raises(NoTimeCodes):
        export_job(document.job, "srt")


@pytest.fixture
def card(document) -> Document:
    """A second document of the job, read by a cloud."""
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


def test_what_a_cloud_answered_is_a_file(card):
    export = export_document(card, "raw")
    assert export.name == "card.raw.json"
    with export.file as file:
        (page,) = json.load(file)["pages"]
    assert (page["service"], page["answer"]) == ("id-card", {"result": {"name": "张三"}})


def test_answers_of_a_cloud_that_was_not_asked_are_refused(document):
    with pytest.raises(NoAnswers):
        export_document(document, "raw")
    with pytest.raises(NoAnswers):
        export_job(document.job, "raw")


def test_answers_about_a_job_are_those_about_its_documents_that_have_some(document, card):
    assert _names(export_job(document.job, "raw")) == ["card.raw.json"]
    Result.objects.update(raw=None)
    with pytest.raises(NoAnswers):
        export_job(document.job, "raw")


def test_an_archive_of_everything_holds_answers_where_there_are_some(document, card):
    for row in (document, card):
        row.pages.get().image.save("jobs/page.jpg", ContentFile(jpeg(printed(100, 50))))
    names = _names(export_archive(document.job))
    assert [name for name in names if name.endswith("json")] == [
        *("scan.json", "card.json", "card.raw.json")
    ]


def test_no_other_format_loads_the_answers(card, django_assert_num_queries):
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
    """A PDF of two scans, of which the second was read."""
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


def test_the_text_of_a_pdf_is_laid_into_it(scan):
    data, text = _exported(scan)
    assert text == "read here"
    assert _scans(scan) in data


def test_half_of_a_page_is_a_picture(scan):
    Page.objects.update(part=1)
    data, text = _exported(scan)
    assert text == "read here"
    assert b"/Picture" in data


def test_what_a_document_was_converted_to_is_its_pdf(scan):
    scan.converted.save("jobs/converted.pdf", ContentFile(saved(scan_pdf(2))))
    scan.media_type, scan.file = "application/msword", ""
    scan.save()
    data, _ = _exported(scan)
    assert b"/Picture" not in data


def test_a_locked_pdf_becomes_pictures_since_its_password_is_forgotten(scan):
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


def test_many_documents_are_one_file_where_that_is_wanted(document, video):
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


def test_each_label_in_a_job_is_unique_and_found_with_one_query(
    document, video, django_assert_num_queries
):
    for position in range(3, 6):
        Document.objects.create(job=document.job, position=position, name=f"{'长' * 100}.png")
    with django_assert_num_queries(1):
        labels = list(labels_in_job(document.job).values())
    assert labels[:2] == ["scan", "talk"]
    assert [label[-4:] for label in labels[2:]] == ["长长长长", " (2)", " (3)"]
    assert all(len(f"{label}.alto.xml".encode()) <= 255 for label in labels)


def test_an_archive_counts_as_no_document_of_its_own(document, video):
    """Its members are numbered from 1, with as many digits as their count has."""
    Document.objects.update(position=F("position") + 10)
    archive = Document.objects.create(job=document.job, position=1, name="scans.zip")
    Document.objects.filter(pk__in=[document.pk, video.pk]).update(archive=archive)
    labels = labels_in_job(document.job, "{number}")
    assert (labels[document.pk], labels[video.pk]) == ("1", "2")


def test_a_name_that_ends_like_a_format_is_not_taken_for_another_file(document, video):
    """``scan.pdfa.pdf`` as PDF and ``scan.pdf`` as PDF/A."""
    Document.objects.filter(pk=video.pk).update(name="scan.pdfa.pdf")
    assert labels_in_job(document.job)[video.pk] == "scan.pdfa_"
