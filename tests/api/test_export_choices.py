"""Exports by the API: their choices."""

import pytest
from django.test import Client

from ocrportal.accounts.tokens import make_api_token
from ocrportal.exporters.formats import FORMATS
from ocrportal.jobs.models import Document, Job, Page, Result
from ocrportal.results import Block, PageResult


@pytest.fixture
def script(alice) -> Client:
    """A script of Alice's."""
    return Client(headers={"Authorization": f"Bearer {make_api_token(alice)}"})


@pytest.fixture
def job(alice) -> Job:
    """A job of Alice's with two documents that were read."""
    job = Job.objects.create(
        owner=alice, name="both", service="general-text", engine="local", document_count=2
    )
    for position, name in enumerate(("合同.pdf", "附件.pdf"), 1):
        document = Document.objects.create(job=job, position=position, name=name)
        page = Page.objects.create(job=job, document=document, number=1)
        data = PageResult(9, 9, (), blocks=(Block("text", name, None),)).to_dict()
        page.result = Result.objects.create(page=page, data=data)
        page.save()
    return job


def test_all_documents_come_as_one_file(script, job):
    answer = script.get(f"/api/v1/jobs/{job.pk}/export", {"format": "txt", "merged": "on"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="both.txt"'
    assert b"".join(answer.streaming_content).decode() == (
        "=== 合同 ===\n合同.pdf\n\n=== 附件 ===\n附件.pdf\n"
    )


@pytest.mark.parametrize(
    "options", [{"sheets": "x"}, {"quality": "x"}, {"merged": "x"}, {"names": "{x}"}]
)
def test_an_invalid_option_is_rejected(script, job, options):
    answer = script.get(f"/api/v1/jobs/{job.pk}/export", {"format": "txt", **options})
    assert (answer.status_code, answer.json()["code"]) == (422, "export-option-unknown")


def test_the_openapi_document_lists_every_option(client):
    shown = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/jobs/{job_id}/export"]
    names = {parameter["name"] for parameter in shown["get"]["parameters"]}
    assert {"lines", "headers_footers", "layout", "picture"} <= names
    assert {"sheets", "quality", "merged", "names"} <= names


def test_the_description_lists_the_formats_of_an_export(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    (schema,) = (
        parameter["schema"]
        for parameter in paths["/api/v1/jobs/{job_id}/export"]["get"]["parameters"]
        if parameter["name"] == "format"
    )
    assert (schema["type"], schema["enum"]) == ("string", [*FORMATS, "zip"])


def test_an_unknown_format_is_rejected(script, job):
    answer = script.get(f"/api/v1/jobs/{job.pk}/export", {"format": "xyz"})
    assert (answer.status_code, answer.json()["code"]) == (422, "format-unknown")
