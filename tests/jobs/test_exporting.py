"""From rows to files: what of it is not in the exporters' own tests."""

import pikepdf
import pypdfium2
import pytest
from django.core.files.base import ContentFile

from ocrportal.accounts.encryption import encrypt
from ocrportal.errors import ExportError
from ocrportal.jobs.exporting import export_document
from ocrportal.jobs.models import Document, Job, Page, Result
from ocrportal.results import Line, PageResult
from tests.exporters.pdfs import jpeg, printed, saved, scan_pdf

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


@pytest.mark.parametrize("step", ["level", "straighten", "split"])
def test_pages_that_were_reshaped_are_pictures(scan, step):
    scan.job.preparation = {step: True}
    scan.job.save()
    data, text = _exported(scan)
    assert text == "read here"
    assert b"/Picture" in data


def test_what_a_document_was_converted_to_is_its_pdf(scan):
    scan.converted.save("jobs/converted.pdf", ContentFile(saved(scan_pdf(2))))
    scan.media_type, scan.file = "application/msword", ""
    scan.save()
    data, _ = _exported(scan)
    assert b"/Picture" not in data


def test_the_password_that_is_kept_opens_a_locked_pdf(scan):
    locked = saved(scan_pdf(2), encryption=pikepdf.Encryption(owner="o", user="geheim"))
    scan.file.save("jobs/locked.pdf", ContentFile(locked))
    scan.password = encrypt("geheim")
    scan.save()
    data, text = _exported(scan)
    assert text == "read here"
    assert b"/Picture" not in data
    Document.objects.update(password="not what encrypt made")
    data, text = _exported(Document.objects.get())
    assert text == "read here"
    assert b"/Encrypt" not in data


def test_an_original_that_is_gone_is_told(scan):
    scan.file.storage.delete(scan.file.name)
    with pytest.raises(ExportError):
        export_document(scan, "pdf")
