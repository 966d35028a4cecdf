"""The API, as a script meets it."""

import json

import pytest
from django.test import Client

from ocrportal.accounts.suspensions import suspend
from ocrportal.accounts.tokens import make_api_token
from ocrportal.errors.engine import CredentialRefused
from ocrportal.ingest.base import Preprocessing
from ocrportal.jobs.models import Document, Job, Page, Result
from ocrportal.results import Line, PageResult
from tests.workers.cloud_jobs import add_keys

pytestmark = pytest.mark.django_db

BOX = ((10.0, 10.0), (90.0, 10.0), (90.0, 30.0), (10.0, 30.0))
RESULT = PageResult(width=100, height=50, lines=(Line("合同 2026", BOX, 0.97),), engine="local")


@pytest.fixture
def script(alice) -> Client:
    """A script of Alice's."""
    return Client(headers={"Authorization": f"Bearer {make_api_token(alice)}"})


@pytest.fixture
def bobs_script(bob) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_api_token(bob)}"})


@pytest.fixture
def job(alice) -> Job:
    """A job of Alice's: one page read, one failed, one document refused."""
    job = Job.objects.create(
        owner=alice,
        name="合同.pdf",
        service="general-text",
        engine="local",
        status="partial",
        document_count=2,
        pages_total=2,
        pages_done=1,
        pages_failed=1,
    )
    document = Document.objects.create(job=job, position=1, name="合同.pdf", status="opened")
    Document.objects.create(
        job=job, position=2, name="leer.png", status="failed", error_code="file-empty"
    )
    page = Page.objects.create(job=job, document=document, number=1)
    page.result = Result.objects.create(page=page, data=RESULT.to_dict())
    page.status = "done"
    page.save()
    Page.objects.create(
        job=job, document=document, number=2, status="failed", error_code="engine-failed"
    )
    return job


def test_files_become_a_job(script, samples, django_capture_on_commit_callbacks):
    with (samples / "scans.pdf").open("rb") as pdf, (samples / "empty.jpg").open("rb") as empty:
        answer = script.post("/api/v1/jobs", {"files": [pdf, empty], "pages": "2-3"})

    assert answer.status_code == 201
    job = Job.objects.get()
    assert answer.json() | {"created_at": None} == {
        "id": job.pk,
        "name": "scans.pdf",
        "service": "general-text",
        "engine": "local",
        "status": "queued",
        "created_at": None,
        "finished_at": None,
        "progress": {"done": 0, "failed": 0, "total": 0},
        "credential": None,
        "options": {},
        "preprocessing": Preprocessing().to_dict(),
        "bypass_cache": False,
        "waiting": None,
        "calls": None,
        "documents": [
            {
                "id": job.documents.first().pk,
                "name": "scans.pdf",
                "status": "queued",
                "error": None,
                "notes": [],
                "archive": None,
                "same_as": None,
                "pages": [],
            },
            {
                "id": job.documents.last().pk,
                "name": "empty.jpg",
                "status": "failed",
                "error": {
                    "code": "file-empty",
                    "message": (
                        "This file is empty (0 bytes). Choose the file again, or scan it again."
                    ),
                },
                "notes": [],
                "archive": None,
                "same_as": None,
                "pages": [],
            },
        ],
        "deliveries": [],
        "notes": [],
    }
    assert (job.owner.username, job.page_range) == ("alice", "2-3")


@pytest.mark.parametrize(
    ("name", "data", "status", "code"),
    [
        (None, {}, 422, "nothing-submitted"),
        ("empty.jpg", {}, 422, "file-empty"),
        ("html.jpg", {}, 415, "already-text"),
        ("page_zh.png", {"pages": "x"}, 422, "page-range-bad"),
        ("page_zh.png", {"service": "palm-reading"}, 422, "invalid_choice"),
        ("page_zh.png", {"preprocessing": '{"iron": true}'}, 422, "preprocessing-unknown"),
        ("page_zh.png", {"names": '["one", "two"]'}, 422, "names-invalid"),
    ],
)
def test_an_unsupported_file_is_rejected_with_the_reason(script, samples, name, data, status, code):
    if name:
        data = data | {"files": [(samples / name).open("rb")]}
    answer = script.post("/api/v1/jobs", data)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "message", "details"}
    assert not Job.objects.exists()
    for file in data.get("files", []):
        file.close()


def test_a_file_over_the_limit_is_413(script, samples, settings):
    settings.MAX_FILE_MB = 0
    with (samples / "page_zh.png").open("rb") as file:
        answer = script.post("/api/v1/jobs", {"files": [file]})
    assert (answer.status_code, answer.json()["code"]) == (413, "file-too-large")


def test_more_files_than_the_limit_are_rejected(script, samples, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = settings.MAX_FILES_PER_JOB = 1
    with (samples / "scans.pdf").open("rb") as one, (samples / "frames.tif").open("rb") as two:
        answer = script.post("/api/v1/jobs", {"files": [one, two]})
    assert answer.status_code == 422
    assert answer.json() == {
        "code": "too-many-files",
        "message": "At most 1 files can be uploaded at once. Split them into several jobs.",
        "details": {"limit": 1},
    }


def test_an_unreadable_body_is_rejected(script):
    answer = script.post("/api/v1/jobs", b"?", content_type="multipart/form-data")
    assert (answer.status_code, answer.json()) == (
        400,
        {
            "code": "request-garbled",
            "message": "The request cannot be read. Send files as multipart/form-data.",
            "details": {},
        },
    )


def test_a_job_reports_its_progress(script, job):
    answer = script.get(f"/api/v1/jobs/{job.pk}").json()
    assert answer["status"] == "partial"
    assert answer["progress"] == {"done": 1, "failed": 1, "total": 2}
    contract, refused = answer["documents"]
    assert contract["error"] is None
    assert refused["error"]["code"] == "file-empty"
    first, second = contract["pages"]
    assert first == {
        "number": 1,
        "part": 0,
        "seconds": None,
        "blank": False,
        "own_text": False,
        "notes": [],
        "doubts": None,
        "status": "done",
        "error": None,
    }
    assert (second["status"], second["error"]["code"]) == ("failed", "engine-failed")


def test_a_result_has_text_lines_boxes_and_confidence(script, job):
    answer = script.get(f"/api/v1/jobs/{job.pk}/result").json()
    assert answer["pages"] == [
        {
            "document": job.documents.first().pk,
            "number": 1,
            "part": 0,
            "width": 100,
            "height": 50,
            "rotation": 0,
            "confidence": 0.97,
            "reused": False,
            "text": "合同 2026",
            "lines": [
                {"text": "合同 2026", "box": [10, 10, 90, 10, 90, 30, 10, 30], "confidence": 0.97}
            ],
            "tables": [],
            "fields": [],
            "blocks": [],
            "attachments": [],
        }
    ]


def test_jobs_are_listed_newest_first_and_searched_by_name_and_state(script, job, alice):
    newer = Job.objects.create(
        owner=alice, name="letter.png", service="general-text", engine="local", status="done"
    )

    def ids(**query: object) -> list[int]:
        return [item["id"] for item in script.get("/api/v1/jobs", query).json()["items"]]

    assert ids() == [newer.pk, job.pk]
    assert ids(q="合同") == [job.pk]
    assert ids(status="done") == [newer.pk]
    assert script.get("/api/v1/jobs", {"page": "two"}).status_code == 422


def test_the_list_takes_as_many_queries_for_one_job_as_for_three(
    script, job, django_assert_num_queries
):
    with django_assert_num_queries(3):  # token, count, rows
        script.get("/api/v1/jobs")
    for number in range(2):
        Job.objects.create(owner=job.owner, name=str(number), service="x", engine="local")
    with django_assert_num_queries(3):
        script.get("/api/v1/jobs")


def test_an_export_is_a_file_named_after_the_source(script, job):
    Document.objects.filter(job=job, position=2).delete()
    Job.objects.filter(pk=job.pk).update(document_count=1)
    answer = script.get(f"/api/v1/jobs/{job.pk}/export", {"format": "txt"})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E5%90%88%E5%90%8C.txt"
    )
    assert b"".join(answer.streaming_content).decode().strip() == "合同 2026"
    answer.close()


def test_an_unknown_format_and_a_job_without_text_are_refused(script, job, alice):
    answer = script.get(f"/api/v1/jobs/{job.pk}/export", {"format": "papyrus"})
    assert (answer.status_code, answer.json()["code"]) == (422, "format-unknown")
    unread = Job.objects.create(owner=alice, name="a", service="general-text", engine="local")
    answer = script.get(f"/api/v1/jobs/{unread.pk}/export", {"format": "txt"})
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing-to-export")


def test_an_unknown_export_option_is_refused(script, job):
    address = f"/api/v1/jobs/{job.pk}/export"
    answer = script.get(address, {"format": "txt", "lines": "crooked"})
    assert (answer.status_code, answer.json()["code"]) == (422, "export-option-unknown")


def test_cancel_and_retry_fit_the_state_of_the_job(script, alice, job):
    running = Job.objects.create(owner=alice, name="a", service="general-text", engine="local")
    assert script.post(f"/api/v1/jobs/{running.pk}/cancel").json()["status"] == "cancelled"
    answer = script.post(f"/api/v1/jobs/{running.pk}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "job-not-active")
    answer = script.post(f"/api/v1/jobs/{running.pk}/retry")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing-to-retry")


def test_delete_answers_what_it_was(script, job):
    assert script.delete(f"/api/v1/jobs/{job.pk}").json()["name"] == "合同.pdf"
    assert not Job.objects.exists()
    assert script.get(f"/api/v1/jobs/{job.pk}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("get", "/result"),
        ("get", "/export?format=txt"),
        ("post", "/cancel"),
        ("post", "/retry"),
        ("delete", ""),
    ],
)
def test_bob_does_not_meet_alices_job_anywhere(bobs_script, job, method, path):
    answer = getattr(bobs_script, method)(f"/api/v1/jobs/{job.pk}{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert Job.objects.filter(pk=job.pk).exists()


def test_bobs_list_is_empty(bobs_script, job):
    assert bobs_script.get("/api/v1/jobs").json()["items"] == []


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic YWxpY2U6eA=="])
def test_a_valid_token_is_required(header, job):
    client = Client(headers={"Authorization": header} if header else None)
    answer = client.get(f"/api/v1/jobs/{job.pk}")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_a_session_does_not_replace_a_token(as_alice, job):
    assert as_alice.get(f"/api/v1/jobs/{job.pk}").status_code == 401


def test_the_token_of_a_user_who_left_is_worthless(script, alice):
    alice.is_active = False
    alice.save()
    assert script.get("/api/v1/jobs").status_code == 401


def test_services_and_engines_are_named_in_the_requested_language(script):
    headers = {"Accept-Language": "zh-CN"}
    (service,) = script.get("/api/v1/services", headers=headers).json()
    assert (service["key"], service["name"], service["engines"]) == (
        "general-text",
        "通用文字识别",
        ["local"],
    )
    assert service["hint"] == "各类印刷页面：信函、报告、合同、书籍、截图"
    assert [engine["key"] for engine in script.get("/api/v1/engines").json()] == ["local"]


def test_the_credentials_one_may_use_are_listed_without_a_secret(
    script, bobs_script, alice, bob, cloud
):
    credential = add_keys(cloud, alice, proxy="http://me:pw@192.0.2.1")
    suspend(credential, CredentialRefused(cloud_code="IAM:account-locked"), "")
    (listed,) = script.get("/api/v1/credentials").json()
    assert listed | {"held": None} == {
        "id": credential.pk,
        "name": "office",
        "kind": "aksk",
        "region": "cn-north-4",
        "shared": False,
        "held": None,
    }
    assert listed["held"]["code"] == "credential-refused"
    assert "Wait 15 minutes" in listed["held"]["message"]
    assert bobs_script.get("/api/v1/credentials").json() == []
    credential.shared_users.add(bob)
    assert bobs_script.get("/api/v1/credentials").json() == [listed | {"shared": True}]


def test_files_of_another_region_than_ocr_are_reported(script, office):
    there = "https://scans.obs.cn-south-1.myhuaweicloud.com/b.png"
    chosen = {"engine": "huawei", "credential": "Office", "urls": there}
    (note,) = script.post("/api/v1/jobs", chosen).json()["notes"]
    assert "in a bucket in CN South-Guangzhou" in note


def test_results_are_written_to_a_bucket_and_the_job_shows_the_progress(
    script, bobs_script, job, office
):
    chosen = {"credential": "Office", "bucket": "results", "prefix": "a", "formats": ["txt"]}
    address = f"/api/v1/jobs/{job.pk}/deliver"
    assert bobs_script.post(address, chosen).status_code == 404
    assert script.post(address, chosen | {"bucket": "A"}).json()["code"] == "bucket-name-bad"
    answer = script.post(address, chosen)
    assert answer.status_code == 201
    assert answer.json()["deliveries"] == [
        {
            "id": job.deliveries.get().pk,
            "place": "obs://results/a/",
            "formats": ["txt"],
            "status": "queued",
            "written": 0,
            "replaced": 0,
            "error": None,
        }
    ]
    Job.objects.update(status="running")
    assert script.post(address, chosen).status_code == 409


def test_the_description_names_every_call_and_can_be_read_without_a_token(client):
    described = json.loads(client.get("/api/v1/openapi.json").content)
    calls = {(m, path) for path, methods in described["paths"].items() for m in methods}
    assert {call for call in calls if "/exports" not in call[1]} == {
        ("post", "/api/v1/jobs"),
        ("get", "/api/v1/jobs"),
        ("get", "/api/v1/jobs/{job_id}"),
        ("delete", "/api/v1/jobs/{job_id}"),
        ("post", "/api/v1/jobs/{job_id}/deliver"),
        ("get", "/api/v1/jobs/{job_id}/result"),
        ("get", "/api/v1/jobs/{job_id}/export"),
        ("post", "/api/v1/jobs/{job_id}/cancel"),
        ("post", "/api/v1/jobs/{job_id}/retry"),
        ("post", "/api/v1/jobs/{job_id}/documents/{document_id}/password"),
        ("get", "/api/v1/services"),
        ("get", "/api/v1/engines"),
        ("get", "/api/v1/credentials"),
    }
    assert client.get("/api/v1/docs").status_code == 200
