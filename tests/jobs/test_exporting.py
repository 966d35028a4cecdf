"""From rows to files: what of it is not in the exporters' own tests."""

import zipfile

import pytest

from ocrportal.errors import ExportError, NothingToExport, NoTimeCodes
from ocrportal.jobs.exporting import export_archive, export_document, export_job
from ocrportal.jobs.models import Document, Job, Page, Result
from ocrportal.results import Block, PageResult

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(alice) -> Document:
    """A document whose only page was read, and whose picture is gone."""
    job = Job.objects.create(owner=alice, name="scan", service="general-text", engine="local")
    document = Document.objects.create(job=job, position=1, name="scan.png")
    page = Page.objects.create(job=job, document=document, number=1, image="jobs/1/1/p00001.png")
    data = PageResult(width=100, height=50, lines=()).to_dict()
    page.result = Result.objects.create(page=page, data=data)
    page.save()
    return document


def test_a_page_picture_that_is_gone_is_told(document):
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


def test_subtitles_of_what_is_no_video_are_refused(document):
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


def test_a_job_without_results_has_nothing_to_export(document, video):
    Page.objects.update(result=None)
    for key in ("txt", "srt"):
        with pytest.raises(NothingToExport):
            export_job(document.job, key)
    with pytest.raises(NothingToExport):
        export_archive(document.job)
