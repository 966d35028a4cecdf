"""Exports that are kept, as a script asks for them."""

from __future__ import annotations

import json

import pytest

from ocrportal.jobs.models import Job, Page, Result
from ocrportal.jobs.models.export import Export
from ocrportal.workers import export_requests
from ocrportal.workers.export_worker import write_next_export
from tests.api.test_routes import bobs_script, job, script  # noqa: F401  # fixtures here too

pytestmark = pytest.mark.django_db


def test_an_export_names_what_it_does_not_hold(script, job):  # noqa: F811  # fixtures
    [page] = Page.objects.filter(result__isnull=False)
    Result.objects.update(structure=["tables"])
    [loss] = ordered(script, job).json()["losses"]
    assert (loss["code"], loss["message"]) == ("tables", "Tables become lines of text")
    assert loss["pages"] == [{"document": page.document_id, "number": page.number, "part": 0}]
    assert script.get(f"/api/v1/jobs/{job.pk}/exports").json()[0]["losses"] == [loss]
    assert ordered(script, job, format="html").json()["losses"] == []


def ordered(script, job: Job, **fields: str):  # noqa: F811  # what the fixtures gave
    return script.post(f"/api/v1/jobs/{job.pk}/exports", {"format": "txt"} | fields)


def test_a_file_is_asked_for_watched_and_fetched(script, job, monkeypatch):  # noqa: F811  # fixtures
    monkeypatch.setattr(export_requests, "SHORT_PAGES", 0)
    document = str(job.documents.first().pk)
    answer = ordered(script, job, document=document, headers_footers="off")
    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["status"], shown["progress"]) == ("queued", {"done": 0, "total": 1})
    assert shown["options"]["headers_footers"] == "off"
    address = f"/api/v1/exports/{shown['id']}"
    early = script.get(f"{address}/file")
    assert (early.status_code, early.json()["code"]) == (409, "export-not-ready")

    write_next_export()

    shown = script.get(address).json()
    assert (shown["status"], shown["name"], shown["error"]) == ("done", "合同.txt", None)
    assert shown["kept_until"] is not None
    file = script.get(f"{address}/file")
    assert b"".join(file).decode() == "合同 2026\n"
    assert [row["id"] for row in script.get(f"/api/v1/jobs/{job.pk}/exports").json()] == [
        shown["id"]
    ]


def test_word_comes_with_what_reading_it_back_found(script, job):  # noqa: F811  # fixtures
    check = ordered(script, job, format="docx").json()["check"]
    assert check == {
        "text": 1.0,
        "on_ink": None,
        "fonts": True,
        "problems": [],
        "looked_at": 1,
        "pages": 1,
        "is_signed": False,
    }


def test_one_document_can_be_asked_for(script, job):  # noqa: F811  # fixtures
    document = job.documents.first().pk
    assert ordered(script, job, document=str(document)).json()["document"] == document
    assert ordered(script, job, document="no number").status_code == 404


def test_a_failed_export_reports_the_cause(script, job):  # noqa: F811  # fixtures
    shown = ordered(script, job, format="pdf").json()
    assert (shown["status"], shown["error"]["code"]) == ("failed", "export-failed")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"format": "exe"}, "format-unknown"),
        ({"format": ""}, "format-unknown"),
        ({"lines": "crooked"}, "export-option-unknown"),
        ({"format": "srt"}, "no-time-codes"),
    ],
)
def test_what_cannot_be_is_refused(script, job, wrong, code):  # noqa: F811  # fixtures
    answer = ordered(script, job, **wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_deleting_answers_what_it_was(script, job):  # noqa: F811  # fixtures
    shown = ordered(script, job).json()
    assert script.delete(f"/api/v1/exports/{shown['id']}").json() == shown
    assert not Export.objects.exists()


def test_for_bob_there_are_none(script, bobs_script, client, job):  # noqa: F811  # fixtures
    address = f"/api/v1/exports/{ordered(script, job).json()['id']}"
    assert ordered(bobs_script, job).status_code == 404
    assert bobs_script.get(f"/api/v1/jobs/{job.pk}/exports").status_code == 404
    for call in (bobs_script.get, bobs_script.delete):
        assert call(address).status_code == 404
    assert bobs_script.get(f"{address}/file").status_code == 404
    assert client.get(address).status_code == 401
    assert Export.objects.count() == 1


def test_the_description_names_the_calls(client):
    paths = json.loads(client.get("/api/v1/openapi.json").content)["paths"]
    assert {path: set(calls) for path, calls in paths.items() if "/exports" in path} == {
        "/api/v1/jobs/{job_id}/exports": {"get", "post"},
        "/api/v1/exports/{export_id}": {"get", "delete"},
        "/api/v1/exports/{export_id}/file": {"get"},
    }
