"""Jobs, documents, pages and services as the API returns them."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ocrportal.accounts.suspensions import suspend
from ocrportal.accounts.tokens import make_api_token
from ocrportal.errors.engine import ServiceRefused
from ocrportal.jobs.doubts import Doubt, stored_doubts
from ocrportal.jobs.models import Document, Job, Page, Result
from ocrportal.results import (
    Attachment,
    Block,
    Cell,
    Field,
    PageResult,
    Table,
)

BOX = ((10.0, 10.0), (90.0, 10.0), (90.0, 30.0), (10.0, 30.0))
NUMBERS = [10, 10, 90, 10, 90, 30, 10, 30]
RAW = {"result": {"name": "张三", "portrait_image": "AAAA"}}
RESULT = PageResult(
    width=100,
    height=50,
    lines=(),
    tables=(Table(1, 2, (Cell("a", 0, 0, 1, 2, 0.9, BOX),), box=BOX),),
    fields=(Field(("name",), "张三", 0.98, BOX),),
    blocks=(Block("title", "证件"),),
    attachments=(Attachment("portrait.jpg", "image/jpeg", "/result/portrait_image"),),
)


@pytest.fixture
def script(alice) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_api_token(alice)}"})


@pytest.fixture
def bobs_script(bob) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_api_token(bob)}"})


@pytest.fixture
def submit(script, samples):
    """Submit an image for the cloud."""

    def submit(**data: object):
        file = SimpleUploadedFile("页.png", (samples / "page_zh.png").read_bytes())
        sent = {"engine": "huawei", "credential": "Office", "service": "id-card"}
        return script.post("/api/v1/jobs", sent | {"files": [file]} | data)

    return submit


@pytest.fixture
def read(alice, office) -> Job:
    """A job of Alice's that the cloud has read."""
    job = Job.objects.create(
        owner=alice, name="a", service="id-card", engine="huawei", credential=office, status="done"
    )
    document = Document.objects.create(job=job, position=1, name="a.png", status="opened")
    page = Page.objects.create(job=job, document=document, number=1, status="done")
    page.result = Result.objects.create(
        page=page, service="id-card", engine="huawei", data=RESULT.to_dict(), raw=RAW, reused=True
    )
    page.save()
    return job


def test_a_job_for_the_cloud_starts_at_once_with_its_options(submit, office):
    answer = submit(options='{"side": "front"}', bypass_cache="true")
    assert answer.status_code == 201
    shown = answer.json()
    assert shown["credential"] == {"id": office.pk, "name": "Office"}
    assert shown["options"] == {"side": "front", "return_text_location": True}
    assert (shown["bypass_cache"], shown["waiting"]) == (True, None)
    assert shown["calls"] == {"needed": 0, "answered": 0, "final": False}
    assert Job.objects.get().approved


def test_addresses_come_one_by_one_or_together(script):
    urls = ["https://example.com/a.png", "https://example.com/b.png"]
    answer = script.post("/api/v1/jobs", {"urls": urls})
    assert answer.status_code == 201
    assert [document["name"] for document in answer.json()["documents"]] == ["a.png", "b.png"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"credential": ""}, "credential-needed"),
        ({"credential": "Unknown"}, "credential-unknown"),
        ({"service": "thailand-id-card"}, "service-not-in-region"),
        ({"options": "side=front"}, "invalid"),
        ({"options": "[]"}, "options-invalid"),
        ({"options": '{"side": "left"}'}, "options-invalid"),
        ({"service": "invoice-verification"}, "options-invalid"),
        ({"urls": "http://127.0.0.1/a", "files": []}, "address-refused"),
        ({"engine": "local"}, "service-unknown"),
    ],
)
def test_what_does_not_fit_is_answered_with_the_reason(submit, office, data, code):
    answer = submit(**data)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not Job.objects.exists()


def test_bob_cannot_use_alices_credential(bobs_script, office, samples):
    with (samples / "page_zh.png").open("rb") as file:
        answer = bobs_script.post(
            "/api/v1/jobs", {"files": [file], "engine": "huawei", "credential": str(office.pk)}
        )
    assert (answer.status_code, answer.json()["code"]) == (422, "credential-unknown")


def test_a_job_reports_why_it_waits(submit, script, office):
    job_id = submit().json()["id"]
    suspend(office, ServiceRefused(cloud_code="ModelArts.4204"), "id-card")
    shown = script.get(f"/api/v1/jobs/{job_id}").json()
    assert shown["waiting"]["code"] == "service-refused"
    assert "(ModelArts.4204)" in shown["waiting"]["message"]


def test_a_result_has_tables_fields_areas_and_files(script, read):
    (page,) = script.get(f"/api/v1/jobs/{read.pk}/result").json()["pages"]
    assert page["reused"] is True
    assert page["tables"] == [
        {
            "rows": 1,
            "columns": 2,
            "box": NUMBERS,
            "cells": [
                {
                    "text": "a",
                    "row": 0,
                    "column": 0,
                    "row_span": 1,
                    "column_span": 2,
                    "confidence": 0.9,
                    "box": NUMBERS,
                }
            ],
            "doubts": [],
            "head_rows": 0,
            "ruled_edges": None,
        }
    ]
    assert page["fields"] == [
        {"path": ["name"], "label": "Name", "value": "张三", "confidence": 0.98, "box": NUMBERS}
    ]
    assert page["blocks"] == [{"kind": "title", "text": "证件", "box": None}]
    assert page["attachments"] == [
        {"name": "portrait.jpg", "media_type": "image/jpeg", "pointer": "/result/portrait_image"}
    ]
    assert page["text"].startswith("Name: 张三")
    assert "raw" not in page


def test_the_clouds_own_answer_comes_when_it_is_asked_for(script, read):
    (page,) = script.get(f"/api/v1/jobs/{read.pk}/result?raw=1").json()["pages"]
    assert page["raw"] == RAW


def test_services_are_those_that_ones_credentials_reach(script, bobs_script, office):
    mine = {entry["key"]: entry for entry in script.get("/api/v1/services").json()}
    assert mine["id-card"]["credentials"] == [{"id": office.pk, "name": "Office"}]
    assert mine["id-card"]["engines"] == ["huawei"]
    assert mine["general-text"]["engines"] == ["local", "huawei"]
    assert "cn-north-4" in mine["id-card"]["regions"]
    assert "thailand-id-card" not in mine
    assert [entry["key"] for entry in bobs_script.get("/api/v1/services").json()] == [
        "general-text"
    ]


def test_a_service_lists_its_options_and_limits(script, office):
    mine = {entry["key"]: entry for entry in script.get("/api/v1/services").json()}
    options = {option["name"]: option for option in mine["id-card"]["options"]}
    assert options["side"]["allowed"] == ["front", "back", "double_side"]
    assert (options["side"]["type"], options["side"]["required"]) == ("string", False)
    assert options["return_text_location"]["default"] is True
    assert mine["id-card"]["limits"]["min_side"] == 15
    assert "PNG" in mine["id-card"]["limits"]["formats"]
    verification = mine["invoice-verification"]
    assert (verification["takes_files"], verification["limits"]) == (False, None)


def test_engines_are_those_one_can_use(script, bobs_script, office):
    def keys(client: Client) -> list[tuple[str, bool]]:
        shown = client.get("/api/v1/engines").json()
        return [(entry["key"], entry["needs_credential"]) for entry in shown]

    assert keys(script) == [("local", False), ("huawei", True)]
    assert keys(bobs_script) == [("local", False)]


def test_no_answer_holds_keys(script, office, submit):
    job_id = submit().json()["id"]
    for path in ("services", "engines", "jobs", f"jobs/{job_id}", "credentials"):
        shown = json.dumps(script.get(f"/api/v1/{path}").json())
        assert office.access_key not in shown


def test_the_answers_of_a_job_are_a_file(script, read):
    Job.objects.update(document_count=1)
    answer = script.get(f"/api/v1/jobs/{read.pk}/export", {"format": "raw"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a.raw.json"'
    (page,) = json.loads(b"".join(answer.streaming_content))["pages"]
    assert page["answer"] == RAW
    answer.close()


def test_answers_that_were_never_given_are_refused(script, read):
    Result.objects.update(raw=None)
    answer = script.get(f"/api/v1/jobs/{read.pk}/export", {"format": "raw"})
    assert (answer.status_code, answer.json()["code"]) == (422, "no-answers")


def test_documents_tell_where_they_came_from_and_pages_what_they_are(
    script, alice, django_assert_num_queries
):
    earlier, job = (
        Job.objects.create(owner=alice, name="a", service="general-text", engine="local")
        for _ in range(2)
    )
    first = Document.objects.create(job=earlier, position=1, name="a.pdf", digest="same")
    archive = Document.objects.create(job=job, position=1, name="a.zip")
    member = Document.objects.create(
        job=job, position=2, name="a.pdf", digest="same", archive=archive
    )
    left, right = (
        Page.objects.create(job=job, document=member, number=1, part=part) for part in (1, 2)
    )
    blank = Page.objects.create(job=job, document=member, number=2, is_blank=True, seconds=12.5)
    left.notes = ["text-differs", "a note of a later version"]
    left.save()
    box = (1.0, 1.0, 9.0, 1.0, 9.0, 9.0, 1.0, 9.0)
    doubts = stored_doubts([Doubt("doubtful-table", 3, 60, "cell-0-4", box)])
    right.result = Result.objects.create(
        page=right, engine="pdf", data=RESULT.to_dict(), doubts=doubts
    )
    right.save()
    with django_assert_num_queries(6):  # token, job, pages, documents, copies, deliveries
        answer = script.get(f"/api/v1/jobs/{job.pk}").json()
    shown, held = answer["documents"]
    assert (shown["archive"], shown["same_as"]) == (None, None)
    assert held["archive"] == archive.pk
    assert held["same_as"] == {"job": earlier.pk, "document": first.pk}
    assert held["pages"][0]["notes"] == [
        {
            "code": "text-differs",
            "message": "The text in the file does not match what the page shows,"
            " so the page was recognised.",
        }
    ]
    assert [page["doubts"] for page in held["pages"]] == [
        None,
        [
            {
                "code": "doubtful-table",
                "message": "Table: 3 of 60 cells are uncertain",
                "count": 3,
                "total": 60,
                "box": list(box),
            }
        ],
        None,
    ]
    names = ("number", "part", "seconds", "blank", "own_text")
    assert [tuple(page[name] for name in names) for page in held["pages"]] == [
        (left.number, 1, None, False, False),
        (right.number, 2, None, False, True),
        (blank.number, 0, 12.5, True, False),
    ]


@pytest.fixture
def locked(alice) -> Document:
    """A document of Alice's that waits for its password."""
    job = Job.objects.create(owner=alice, name="a", service="general-text", engine="local")
    return Document.objects.create(
        job=job,
        position=1,
        name="a.pdf",
        file="a.pdf",
        status="failed",
        error_code="password-wrong",
    )


def test_a_password_puts_a_document_back_in_line(script, locked):
    address = f"/api/v1/jobs/{locked.job_id}/documents/{locked.pk}/password"
    answer = script.post(address, {"password": "abc"}, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["documents"][0]["status"] == "queued"
    again = script.post(address, {"password": "abc"}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "password-not-asked")


def test_a_password_of_unusual_characters_is_tried_like_any_other(script, locked):
    address = f"/api/v1/jobs/{locked.job_id}/documents/{locked.pk}/password"
    answer = script.post(address, r'{"password": "a\ud800"}', content_type="application/json")
    assert answer.status_code == 200


def test_a_password_is_wanted_for_a_document_of_this_job(script, bobs_script, alice, locked):
    address = f"/api/v1/jobs/{locked.job_id}/documents/{locked.pk}/password"
    body = {"password": "abc"}
    empty = script.post(address, {"password": ""}, content_type="application/json")
    assert (empty.status_code, empty.json()["message"]) == (422, "Enter the password of this file.")
    assert bobs_script.post(address, body, content_type="application/json").status_code == 404
    other = Job.objects.create(owner=alice, name="b", service="general-text", engine="local")
    elsewhere = f"/api/v1/jobs/{other.pk}/documents/{locked.pk}/password"
    assert script.post(elsewhere, body, content_type="application/json").status_code == 404
    locked.refresh_from_db()
    assert locked.status == "failed"
