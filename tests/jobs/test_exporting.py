"""From rows to files: what of it is not in the exporters' own tests."""

import pytest

from ocrportal.errors import ExportError
from ocrportal.jobs.exporting import export_document
from ocrportal.jobs.models import Document, Job, Page, Result
from ocrportal.results import PageResult

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
