"""Each service of the catalogue, from the upload to the screen and the exports."""

from __future__ import annotations

import io
from collections.abc import Iterator
from html import unescape

import docx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from ocrportal.accounts.models import Credential, User
from ocrportal.catalogue.spec import regions, services
from ocrportal.exporters.formats import offered_formats
from ocrportal.jobs.exporting import export_document
from ocrportal.jobs.models import Document, Job, Result
from ocrportal.results import PageResult
from tests.fakes.cloud import FakeCloud
from tests.workers.cloud_jobs import add_keys, submit_pictures, work_off

PARTNER = "partner-1"
INVOICE = {
    "code": "044001900111",
    "number": "12345678",
    "issue_date": "2024-01-05",
    "check_code": "123456",
}


@pytest.fixture(scope="module")
def cloud() -> Iterator[FakeCloud]:
    with FakeCloud() as cloud:
        cloud.account.projects[PARTNER] = "0123456789abcdef" * 2
        yield cloud


@pytest.fixture
def keys(cloud: FakeCloud, admin: User, service: str) -> Credential:
    """Keys of a region that offers the service, or of a partner's region."""
    offering = [region.id for region in regions().values() if service in region.services]
    return add_keys(cloud, admin, region=(*offering, PARTNER)[0])


@pytest.fixture
def as_admin(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def read(keys: Credential, service: str) -> Result:
    """The result of one image recognised by this service of the cloud."""
    options = INVOICE if service == "invoice-verification" else {}
    job: Job = submit_pictures(keys, 1, service=service, options=options)
    work_off(job)
    page = job.pages.get()
    assert page.status == "done", page.error_message
    assert page.result is not None
    return page.result


def texts_of(result: PageResult) -> list[str]:
    """All recognised texts: lines, fields and cells."""
    return [
        text
        for text in (
            *(line.text for line in result.lines),
            *(field.value for field in result.fields),
            *(cell.text for table in result.tables for cell in table.cells),
        )
        if text.strip()
    ]


@pytest.mark.parametrize("service", services())
def test_an_image_is_recognised_shown_and_exported(cloud, keys, as_admin, service):
    result = read(keys, service)
    assert result.service == service
    texts = texts_of(result.page_result)
    assert texts, "nothing was read"

    with override("zh-hans"):
        screen = as_admin.get(
            reverse("page", args=[result.page_id]), headers={"accept-language": "zh-hans"}
        )
    assert screen.status_code == 200
    html = unescape(screen.content.decode())
    longest = max(texts, key=len).split()[0]
    assert longest[:20] in html
    for field in result.page_result.fields[:3]:
        names = [name for name in field.path if not name.isdigit()]
        with override("zh-hans"):
            label = services()[service].label_of(*names)
        assert label == names[-1] or label in html

    document = Document.objects.get(pages=result.page_id)
    for key in (entry.key for entry in offered_formats(for_video=False, with_answers=True)):
        with export_document(document, key).file as file:
            content = file.read()
        if key == "txt":
            assert longest[:20] in content.decode()
        if key == "docx":
            word = docx.Document(io.BytesIO(content))
            body = "".join(text.text or "" for text in word.element.body.iter() if text.text)
            assert longest[:20] in body
        if key == "pdf":
            assert content.startswith(b"%PDF-")
