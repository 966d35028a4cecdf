"""My credentials: one's own, those shared with one, and never anybody else's."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from ocrportal.accounts.credentials import access_of
from ocrportal.accounts.models import Credential
from ocrportal.accounts.suspensions import suspend
from ocrportal.errors.engine import CredentialRefused, ServiceRefused
from tests.workers.cloud_jobs import add_keys

HTMX = {"HX-Request": "true"}
SCREENS = ("/credentials/{}/", "/credentials/{}/remove/")


def entered(**changes) -> dict[str, object]:
    usual = {
        "name": "Invoices",
        "region": "cn-north-4",
        "access_key": "AK0123456789ABCD",
        "secret": "SK-in-clear",
        "verify_tls": "on",
        "connect_seconds": 10,
        "read_seconds": 60,
        "calls_at_once": 4,
    }
    return usual | changes


@pytest.fixture
def credential(cloud, alice) -> Credential:
    """Alice's keys to the test cloud."""
    return add_keys(cloud, alice, security_token="")


def text_of(response) -> str:
    """The text of a page, without its tags."""
    page = re.sub(r"<(script|style|head)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


# Who sees what


def test_the_page_without_credentials_explains_them(as_alice):
    page = as_alice.get("/credentials/").content.decode()
    assert "No credentials yet." in page
    assert 'href="/credentials/add/"' in page


def test_the_menu_leads_to_them(as_alice):
    assert 'href="/credentials/"' in as_alice.get("/").content.decode()


def test_the_page_requires_a_sign_in(client, credential):
    paths = ["/credentials/", "/credentials/add/", "/credentials/add/aksk/"]
    for path in [*paths, *(screen.format(credential.pk) for screen in SCREENS)]:
        assert client.get(path).url == f"/login/?next={path}"
    check = f"/credentials/{credential.pk}/check/"
    assert client.post(check).url == f"/login/?next={check}"


def test_anothers_credential_does_not_exist(as_bob, credential, cloud):
    assert "office" not in as_bob.get("/credentials/").content.decode()
    for screen in SCREENS:
        path = screen.format(credential.pk)
        assert as_bob.get(path).status_code == 404
        assert as_bob.post(path, entered()).status_code == 404
    assert as_bob.post(f"/credentials/{credential.pk}/check/").status_code == 404
    assert Credential.objects.get().name == "office"
    assert cloud.ledger.requests == []


def test_a_shared_one_is_seen_by_name_kind_and_region_alone(as_bob, bob, credential, cloud):
    credential.shared_users.add(bob)
    suspend(credential, CredentialRefused(cloud_code="IAM:account-locked"), "")
    shown = text_of(as_bob.get("/credentials/"))
    assert "office Access key (AK/SK) · CN North-Beijing4 (cn-north-4)" in shown
    assert "Shared by alice" in shown
    assert "Wait 15 minutes" in shown
    page = as_bob.get("/credentials/").content.decode()
    assert credential.access_key[-4:] not in page
    assert f"/credentials/{credential.pk}/" not in page
    for screen in SCREENS:
        assert as_bob.get(screen.format(credential.pk)).status_code == 404
    assert as_bob.post(f"/credentials/{credential.pk}/check/").status_code == 404
    assert cloud.ledger.requests == []


def test_the_list_shows_the_state_and_the_masked_key(as_alice, credential):
    shown = text_of(as_alice.get("/credentials/"))
    assert f"••••{credential.access_key[-4:]}" in shown
    assert "Not checked yet" in shown
    Credential.objects.update(verified_at=timezone.now())
    assert "Works verified 20" in text_of(as_alice.get("/credentials/"))
    suspend(credential, ServiceRefused(cloud_code="ModelArts.4204"), "id-card")
    shown = text_of(as_alice.get("/credentials/"))
    assert "Works" in shown
    assert "ID Card" in shown
    suspend(credential, CredentialRefused(cloud_code="IAM:account-locked"), "")
    shown = text_of(as_alice.get("/credentials/"))
    assert "Paused" in shown
    assert "Wait 15 minutes" in shown


def test_without_tls_list_and_form_show_a_warning(as_alice, credential):
    Credential.objects.update(ocr_endpoint="", iam_endpoint="", verify_tls=False)
    assert "Not protected by TLS" in text_of(as_alice.get("/credentials/"))
    assert "not protected by TLS" in text_of(as_alice.get(f"/credentials/{credential.pk}/"))
    Credential.objects.update(verify_tls=True)
    assert "protected by TLS" not in text_of(as_alice.get("/credentials/"))


def test_the_list_needs_the_same_number_of_queries_however_long(
    as_alice, alice, cloud, django_assert_num_queries
):
    for number in range(3):
        row = add_keys(cloud, alice, name=f"no {number}")
        suspend(row, ServiceRefused(cloud_code="ModelArts.4204"), "id-card")
        with django_assert_num_queries(6):
            as_alice.get("/credentials/")


# Adding and changing


def test_the_kind_is_asked_first(as_alice):
    page = as_alice.get("/credentials/add/").content.decode()
    assert 'href="/credentials/add/aksk/"' in page
    assert 'href="/credentials/add/token/"' in page
    assert as_alice.get("/credentials/add/papyrus/").status_code == 404


def test_regions_are_offered_in_both_languages_by_area(as_alice):
    page = as_alice.get("/credentials/add/aksk/").content.decode()
    assert '<optgroup label="Mainland China">' in page
    assert "华北-北京四 · CN North-Beijing4 · cn-north-4</option>" in page


def test_an_access_key_is_added_trimmed(as_alice, alice):
    response = as_alice.post(
        "/credentials/add/aksk/", entered(access_key=" AK0123456789ABCD\u200b"), follow=True
    )
    assert "“Invoices” was added." in response.content.decode()
    row = Credential.objects.get()
    assert (row.owner, row.kind, row.access_key) == (alice, "aksk", "AK0123456789ABCD")
    assert access_of(row).secret == "SK-in-clear"


def test_a_trimmed_password_is_reported(as_alice):
    values = entered(iam_user="reader", domain="acme", secret="\u3000pass word")
    page = as_alice.post("/credentials/add/token/", values, follow=True).content.decode()
    assert "Leading and trailing spaces or line breaks were removed from the password." in page
    assert access_of(Credential.objects.get()).secret == "pass word"


def test_errors_are_shown_and_the_secret_is_not_sent_back(as_alice):
    response = as_alice.post("/credentials/add/aksk/", entered(region="", project_id="a/b"))
    assert response.status_code == 422
    page = response.content.decode()
    assert page.count('class="field-error"') == 2
    assert "SK-in-clear" not in page
    assert 'value="Invoices"' in page
    assert not Credential.objects.exists()


def test_addresses_are_a_matter_of_administrators(as_alice, admin, settings):
    settings.INTERNAL_HOSTS = ["10.0.0.0/8"]
    assert "iam_endpoint" not in as_alice.get("/credentials/add/aksk/").content.decode()
    values = entered(ocr_endpoint="https://10.1.1.1")
    refused = as_alice.post("/credentials/add/aksk/", values)
    assert "Only administrators may set custom addresses" in refused.content.decode()
    as_admin = Client()
    as_admin.force_login(admin)
    assert "iam_endpoint" in as_admin.get("/credentials/add/aksk/").content.decode()
    as_admin.post("/credentials/add/aksk/", values)
    assert Credential.objects.get().ocr_endpoint == "https://10.1.1.1"


def test_a_change_keeps_the_secret_and_the_addresses(as_alice, credential):
    page = as_alice.get(f"/credentials/{credential.pk}/").content.decode()
    assert credential.ocr_endpoint in page
    assert credential.access_key not in page
    values = entered(name="Renamed", access_key="", secret="")
    assert as_alice.post(f"/credentials/{credential.pk}/", values).url == "/credentials/"
    row = Credential.objects.get()
    assert (row.name, row.access_key) == ("Renamed", credential.access_key)
    assert row.ocr_endpoint == credential.ocr_endpoint
    assert access_of(row).secret == access_of(credential).secret


# Checking


def test_the_check_shows_its_steps_and_verifies_the_credential(as_alice, credential):
    shown = text_of(as_alice.post(f"/credentials/{credential.pk}/check/"))
    assert "The credential works" in shown
    assert "Huawei Cloud can be reached" in shown
    assert Credential.objects.get().verified_at is not None


def test_a_failed_check_shows_cause_and_remedy_in_the_users_language(as_alice, credential, cloud):
    cloud.account.not_subscribed.add("general-text")
    shown = text_of(as_alice.post(f"/credentials/{credential.pk}/check/"))
    assert "is not enabled for this account in the region CN North-Beijing4" in shown
    assert "The service is enabled – no" in shown


def test_htmx_gets_the_refreshed_entry_of_the_list(as_alice, credential):
    page = as_alice.post(f"/credentials/{credential.pk}/check/", headers=HTMX).content.decode()
    assert page.lstrip().startswith("<article")
    assert "<html" not in page
    assert "Works" in page


def test_a_service_the_catalogue_does_not_know_cannot_be_checked(as_alice, credential, cloud):
    path = f"/credentials/{credential.pk}/check/"
    assert as_alice.post(path, {"service": "tea-leaves"}).status_code == 400
    assert as_alice.post(path, {"service": "id-card"}).status_code == 200
    assert {call.service for call in cloud.ledger.calls} == {"id-card"}


def test_it_is_checked_by_post_alone(as_alice, credential, cloud):
    assert as_alice.get(f"/credentials/{credential.pk}/check/").status_code == 405
    assert cloud.ledger.requests == []


def test_fixing_a_credential_for_a_job_leads_back_to_the_job(as_alice, bob, credential, make_job):
    job = make_job("queued", credential=credential)
    fixed = {"secret": "", "access_key": "", "name": "Fixed"}
    change = as_alice.post(f"/credentials/{credential.pk}/?job={job.pk}", entered(**fixed))
    assert change.headers["Location"] == f"/jobs/{job.pk}/"
    check = as_alice.post(f"/credentials/{credential.pk}/check/?job={job.pk}")
    assert check.headers["Location"] == f"/jobs/{job.pk}/"
    assert "“General Text” can be used" in as_alice.get(check.headers["Location"]).content.decode()

    of_bob = make_job("queued", owner=bob)
    change = as_alice.post(f"/credentials/{credential.pk}/?job={of_bob.pk}", entered(**fixed))
    assert change.headers["Location"] == "/credentials/"


def test_a_failed_check_leads_back_to_the_job_without_a_success_message(
    as_alice, credential, cloud, make_job
):
    job = make_job("queued", credential=credential)
    Credential.objects.update(verified_at=timezone.now())
    cloud.faults.fail("ModelArts.4204", service="general-text")
    page = as_alice.post(f"/credentials/{credential.pk}/check/?job={job.pk}")
    assert "is not enabled for this account" in text_of(page)
    assert f'href="/jobs/{job.pk}/"' in page.content.decode()
    assert "Works" not in text_of(page)


# Removing


def test_the_page_to_remove_a_credential_lists_the_jobs_that_need_it(
    as_alice, bob, credential, make_job
):
    make_job("queued", name="letter.png", credential=credential)
    make_job("queued", name="secret.png", credential=credential, owner=bob)
    make_job("done", name="finished.png", credential=credential)
    shown = text_of(as_alice.get(f"/credentials/{credential.pk}/remove/"))
    assert "letter.png" in shown
    assert "1 job of another user still needs it." in shown
    assert [name for name in ("secret.png", "finished.png") if name in shown] == []
    response = as_alice.post(f"/credentials/{credential.pk}/remove/", follow=True)
    assert "“office” was removed." in response.content.decode()
    assert not Credential.objects.exists()
