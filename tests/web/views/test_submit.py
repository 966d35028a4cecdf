"""Submitting files."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ocrportal.accounts.models import Credential
from ocrportal.accounts.source_passwords import unseal
from ocrportal.accounts.suspensions import suspend
from ocrportal.errors.engine import CredentialRefused
from ocrportal.ingest.base import Preprocessing
from ocrportal.jobs.models import Document, Job
from tests.web.markup import compact

JSON = {"Accept": "application/json"}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def upload(samples):
    def upload(name: str) -> SimpleUploadedFile:
        return SimpleUploadedFile(name, (samples / name).read_bytes())

    return upload


def test_the_upload_page_is_the_start_page_and_shows_the_limits(as_alice, settings):
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


def test_an_unreadable_file_does_not_block_other_files(as_alice, upload):
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
        "html.jpg: This file is already text (HTML), so there is nothing to recognise.",
        "empty.jpg: This file is empty (0 bytes). Choose the file again, or scan it again.",
    ]
    assert not Job.objects.exists()


def test_without_the_script_the_page_itself_shows_errors(as_alice, upload):
    response = as_alice.post("/jobs/", {"files": upload("page_zh.png"), "pages": "3-1x"})
    assert response.status_code == 422
    page = compact(response)
    assert "“3-1x” is not a page range. Use the form 1-3,7." in page
    assert '<details class="options" id="job-options" open>' in page


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("names", r'["a\ud800.png"]'),
        ("preprocessing", r'{"\ud800": true}'),
        ("options", r'{"\ud800": 1}'),
    ],
)
def test_halves_of_characters_in_json_are_no_reason_to_fail(as_alice, upload, field, text):
    answer = as_alice.post("/jobs/", {"files": [upload("empty.jpg")], field: text})
    assert answer.status_code == 422


def test_a_form_without_files_is_rejected(as_alice):
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


def test_the_supported_files_are_listed_with_the_configured_limits(as_alice, settings):
    settings.MAX_PAGES_PER_FILE, settings.MAX_MEGAPIXELS = 71, 72
    settings.MAX_VIDEO_MINUTES, settings.MAX_ARCHIVE_FILES = 73, 74
    settings.MAX_ARCHIVE_MB, settings.MAX_ARCHIVE_RATIO, settings.MAX_ARCHIVE_DEPTH = 75, 76, 77
    shown = as_alice.get("/").content.decode().partition('id="limits"')[2].partition("</details")[0]
    assert "up to 72 million pixels each" in shown
    assert "up to 71 pages each" in shown
    assert "up to 73 minutes" in shown
    assert "up to 74 files; extracted at most 75 MB and 76 times the size of the archive" in shown
    assert "nested up to 77 levels" in shown


def test_pages_are_prepared_as_ticked(as_alice, upload):
    page = compact(as_alice.get("/"))
    assert re.search(r'id="id_preprocess-text_layer" name="preprocess-text_layer" checked', page)
    assert re.search(r'id="id_preprocess-split" name="preprocess-split" aria', page)
    ticked = {"preprocess-text_layer": "false", "preprocess-split": ["false", "on"]}
    as_alice.post("/jobs/", {"files": upload("scans.pdf")} | ticked)
    kept = Preprocessing.from_dict(Job.objects.get().preprocessing)
    assert kept == Preprocessing(text_layer=False, split=True)


def test_what_was_entered_stays_but_for_the_password(as_alice):
    entered = {
        "password": "open sesame",
        "preprocess-split": "on",
        "preprocess-auto_rotate": "false",
    }
    for address in ("/choices/", "/jobs/"):
        page = as_alice.post(address, {"pages": "2"} | entered).content.decode()
        assert "sesame" not in page
        assert re.search(r'name="preprocess-split" checked', page)
        assert not re.search(r'name="preprocess-auto_rotate" checked', page)


def test_a_password_is_kept_with_the_files_that_need_it(as_alice, upload):
    as_alice.post("/jobs/", {"files": upload("password_abc.pdf"), "password": "abc"})
    assert unseal(Document.objects.get().password) == "abc"


# For the cloud


def test_both_engines_are_offered_and_the_own_one_is_chosen(as_alice):
    page = compact(as_alice.get("/"))
    assert re.search(r'name="engine" value="local" checked', page)
    assert 'name="engine" value="huawei"' in page
    assert 'name="credential"' not in page


def test_who_has_no_credential_is_led_to_one(as_alice):
    page = as_alice.post("/choices/", {"engine": "huawei"}, headers=HTMX).content.decode()
    assert "first add a credential" in page
    assert 'href="/credentials/add/"' in page


def test_a_change_of_the_engine_brings_what_can_be_chosen_with_it(as_alice, office):
    page = compact(
        as_alice.post("/choices/", {"engine": "huawei", "service": "id-card"}, headers=HTMX)
    )
    assert "<html" not in page
    assert f'<option value="{office.pk}" selected>Office · CN North-Beijing4</option>' in page
    assert re.search(r'name="service" value="id-card" checked', page)
    assert 'name="option-side"' in page
    assert "Thailand ID Card" in page.partition("not offered in CN North-Beijing4")[2]
    assert "Not checked yet." in page
    assert "AKALICEOFFICE1" not in page


def test_services_and_settings_are_named_in_chinese(as_alice, office):
    headers = HTMX | {"Accept-Language": "zh-CN"}
    chosen = {"engine": "huawei", "service": "id-card"}
    page = as_alice.post("/choices/", chosen, headers=headers).content.decode()
    assert "身份证识别" in page
    assert "华北-北京四" in page


def test_a_paused_and_an_unprotected_credential_are_marked(as_alice, office):
    suspend(office, CredentialRefused(cloud_code="APIG.0301"), "id-card")
    Credential.objects.update(verify_tls=False)
    page = as_alice.post("/choices/", {"engine": "huawei"}, headers=HTMX).content.decode()
    assert "Paused: jobs with this credential wait until it is fixed." in page
    assert "Not protected by TLS" in page


def test_without_the_script_the_whole_page_comes_with_the_choices(as_alice, office):
    sent = {"engine": "huawei", "service": "id-card", "pages": "2"}
    page = compact(as_alice.post("/choices/", sent))
    assert "<html" in page
    assert 'name="option-side"' in page
    assert 'name="pages" value="2"' in page
    assert not Job.objects.exists()


def test_a_single_picture_starts_at_once(as_alice, office, upload):
    as_alice.post(
        "/jobs/",
        {
            "files": upload("page_zh.png"),
            "engine": "huawei",
            "credential": office.pk,
            "service": "id-card",
            "option-side": "back",
            "option-return_text_location": "false",
            "bypass_cache": "on",
        },
    )
    job = Job.objects.get()
    assert (job.engine, job.service, job.credential) == ("huawei", "id-card", office)
    assert job.options == {"side": "back", "return_text_location": False}
    assert (job.bypass_cache, job.approved) == (True, True)


@pytest.mark.parametrize(
    "names",
    [["scans.pdf"], ["frames.tif"], ["screenshot_zh.webp"], ["page_zh.png", "screenshot_zh.bmp"]],
)
def test_what_may_have_more_pages_waits_until_the_calls_are_seen(as_alice, office, upload, names):
    sent = {"engine": "huawei", "credential": office.pk, "service": "id-card"}
    as_alice.post("/jobs/", sent | {"files": [upload(name) for name in names]})
    assert not Job.objects.get().approved


def test_a_picture_that_may_be_cut_in_two_waits_as_well(as_alice, office, upload):
    sent = {"engine": "huawei", "credential": office.pk, "preprocess-split": "on"}
    as_alice.post("/jobs/", sent | {"files": upload("page_zh.png")})
    assert not Job.objects.get().approved


def test_an_address_also_waits_because_its_page_count_is_unknown(as_alice, office):
    sent = {"engine": "huawei", "credential": office.pk, "urls": "https://example.com/a.png"}
    as_alice.post("/jobs/", sent)
    job = Job.objects.get()
    assert not job.approved
    assert job.documents.get().address == "https://example.com/a.png"


def test_what_the_embedded_engine_reads_starts_at_once(as_alice, upload):
    as_alice.post("/jobs/", {"files": [upload("text.pdf"), upload("page_zh.png")]})
    assert Job.objects.get().approved


def test_invalid_settings_are_reported_at_their_fields(as_alice, office):
    sent = {"engine": "huawei", "credential": office.pk, "service": "invoice-verification"}
    response = as_alice.post("/jobs/", sent, headers=JSON)
    assert response.status_code == 422
    assert response.json()["errors"] == {
        "option-number": ["This field is required."],
        "option-issue_date": ["This field is required."],
    }
    page = as_alice.post("/jobs/", sent).content.decode()
    assert page.count("This field is required.") >= 2
    assert not Job.objects.exists()


def test_values_alone_become_a_job_with_a_slip(as_alice, office):
    values = {"option-code": "", "option-number": "01234567", "option-issue_date": "20201104"}
    sent = {"engine": "huawei", "credential": office.pk, "service": "invoice-verification"}
    as_alice.post("/jobs/", sent | values)
    job = Job.objects.get()
    assert job.name == "Invoice Verification 01234567 20201104.png"
    assert job.options == {"code": "", "number": "01234567", "issue_date": "20201104"}
    assert job.approved


def test_the_last_choice_is_offered_again(as_alice, office, upload):
    sent = {"engine": "huawei", "credential": office.pk, "service": "id-card"}
    as_alice.post("/jobs/", sent | {"files": upload("page_zh.png")})
    page = compact(as_alice.get("/"))
    assert re.search(r'name="engine" value="huawei" checked', page)
    assert re.search(r'name="service" value="id-card" checked', page)


def test_bob_neither_sees_nor_uses_alices_credential(as_bob, office, upload):
    page = as_bob.post("/choices/", {"engine": "huawei"}, headers=HTMX).content.decode()
    assert "Office" not in page
    sent = {"engine": "huawei", "credential": office.pk, "files": upload("page_zh.png")}
    response = as_bob.post("/jobs/", sent, headers=JSON)
    assert response.status_code == 422
    assert list(response.json()["errors"]) == ["credential"]
    assert not Job.objects.exists()


def test_the_page_takes_as_many_queries_for_three_credentials_as_for_one(
    as_alice, alice, office, django_assert_max_num_queries
):
    chosen = {"engine": "huawei"}
    with CaptureQueriesContext(connection) as one:
        as_alice.post("/choices/", chosen, headers=HTMX)
    for name in ("Second", "Third"):
        Credential.objects.create(owner=alice, name=name, kind="aksk", region="cn-north-4")
    with django_assert_max_num_queries(len(one)):
        as_alice.post("/choices/", chosen, headers=HTMX)


@pytest.mark.parametrize(
    ("method", "address"),
    [("get", "/"), ("post", "/choices/"), ("post", "/jobs/"), ("post", "/jobs/sample/")],
)
def test_without_signing_in_there_is_only_the_sign_in_page(client, db, method, address):
    response = getattr(client, method)(address)
    assert (response.status_code, response.url) == (302, f"/login/?next={address}")
    assert not Job.objects.exists()
