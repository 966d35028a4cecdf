"""Handing in files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ocrportal.jobs.models import Document, Job

JSON = {"Accept": "application/json"}


@pytest.fixture
def upload(samples):
    def upload(name: str) -> SimpleUploadedFile:
        return SimpleUploadedFile(name, (samples / name).read_bytes())

    return upload


def test_the_upload_page_is_the_start_page_and_tells_the_limits(as_alice, settings):
    settings.MAX_FILE_MB = 42
    page = as_alice.get("/").content.decode()
    assert "up to 42 MB each" in page
    assert "Try it with a sample document" in page


def test_the_sample_is_offered_until_the_first_job(as_alice, make_job):
    make_job("done")
    assert "sample document" not in as_alice.get("/").content.decode()


def test_a_plain_form_makes_a_job_and_goes_to_it(
    as_alice, alice, upload, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks():
        response = as_alice.post(
            "/jobs/", {"files": [upload("page_zh.png"), upload("text.pdf")], "pages": "1-3"}
        )
    job = Job.objects.get()
    assert (response.status_code, response.url) == (302, f"/jobs/{job.pk}/")
    assert (job.owner, job.name, job.page_range) == (alice, "page_zh.png", "1-3")
    assert (job.service, job.engine) == ("general-text", "local")
    assert [document.name for document in job.documents.all()] == ["page_zh.png", "text.pdf"]


def test_the_script_gets_the_address_of_the_job(as_alice, upload):
    response = as_alice.post("/jobs/", {"files": upload("page_zh.png")}, headers=JSON)
    assert (response.status_code, response.json()) == (
        201,
        {"url": f"/jobs/{Job.objects.get().pk}/"},
    )


def test_a_file_that_cannot_be_read_does_not_hold_up_the_others(as_alice, upload):
    as_alice.post("/jobs/", {"files": [upload("html.jpg"), upload("page_zh.png")]})
    assert list(Document.objects.values_list("name", "status", "error_code")) == [
        ("html.jpg", "failed", "already-text"),
        ("page_zh.png", "queued", ""),
    ]


def test_files_none_of_which_can_be_read_are_refused_each_with_its_reason(as_alice, upload):
    response = as_alice.post(
        "/jobs/", {"files": [upload("html.jpg"), upload("empty.jpg")]}, headers=JSON
    )
    assert response.status_code == 422
    assert response.json()["errors"]["files"] == [
        "html.jpg: This file already is text (HTML); there is nothing to recognise.",
        "empty.jpg: This file is empty (0 bytes). Choose the file again, or scan it anew.",
    ]
    assert not Job.objects.exists()


def test_without_the_script_the_page_itself_tells_what_is_wrong(as_alice, upload):
    response = as_alice.post("/jobs/", {"files": upload("page_zh.png"), "pages": "3-1x"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "“3-1x” is not a page range. Write it like 1-3,7." in page
    assert '<details class="options" id="job-options" open>' in page


def test_nothing_chosen_is_told(as_alice):
    response = as_alice.post("/jobs/", {}, headers=JSON)
    assert (response.status_code, response.json()["errors"]) == (
        422,
        {"files": ["Choose at least one file."]},
    )


def test_the_sample_becomes_a_job_of_its_own(as_alice, alice):
    response = as_alice.post("/jobs/sample/")
    job = Job.objects.get()
    assert response.url == f"/jobs/{job.pk}/"
    document = job.documents.get()
    assert (job.owner, document.status, document.media_type) == (alice, "queued", "image/jpeg")


def test_the_sample_is_asked_for_by_post_alone(as_alice):
    assert as_alice.get("/jobs/sample/").status_code == 405


@pytest.mark.parametrize(
    ("method", "address"), [("get", "/"), ("post", "/jobs/"), ("post", "/jobs/sample/")]
)
def test_without_signing_in_there_is_only_the_sign_in_page(client, db, method, address):
    response = getattr(client, method)(address)
    assert (response.status_code, response.url) == (302, f"/login/?next={address}")
    assert not Job.objects.exists()
