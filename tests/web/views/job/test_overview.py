"""One job: its state, its pages as they come, and what can be done with it."""

import datetime as dt
import re

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from ocrportal.accounts.models import Credential
from ocrportal.accounts.suspensions import suspend
from ocrportal.errors.engine import ServiceRefused
from ocrportal.jobs.models import Document, Job, Page, Result
from ocrportal.submission.result_cache import request_fingerprint
from tests.web.conftest import add_document

HTMX = {"HX-Request": "true"}


def poll_address(html: str) -> str:
    found = re.search(r'hx-get="([^"]+)"', html)
    assert found, "the page does not poll"
    return found[1].replace("&amp;", "&")


def cards(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="page-(\d+)"', html)]


def test_a_running_job_shows_how_far_it_is_and_polls(as_alice, make_job):
    job = make_job("done", "failed", "running", "queued")
    page = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert "1 of 4 pages" in page
    assert "1 page failed" in page
    assert 'max="4" value="2"' in page
    assert poll_address(page).startswith(f"/jobs/{job.pk}/changes/?since=")
    assert len(cards(page)) == 4
    assert "/cancel/" in page
    assert "/retry/" not in page


def test_a_job_that_ended_does_not_poll(as_alice, make_job):
    job = make_job("done", "failed", status="partial")
    page = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert "hx-get" not in page
    assert "/retry/" in page
    assert "/cancel/" not in page


def test_a_job_with_nothing_to_do_again_offers_no_retry(as_alice, make_job):
    job = make_job("done")
    assert "/retry/" not in as_alice.get(f"/jobs/{job.pk}/").content.decode()


def test_an_address_that_could_not_be_fetched_can_be_tried_again(as_alice, make_job):
    job = make_job(status="failed")
    job.documents.update(status="failed", error_code="address-bad", file="")
    assert "/retry/" not in as_alice.get(f"/jobs/{job.pk}/").content.decode()
    job.documents.update(address="https://example.com/a.png")
    assert "/retry/" in as_alice.get(f"/jobs/{job.pk}/").content.decode()


def test_a_failed_document_shows_the_cause(as_alice, make_job):
    job = make_job(status="failed")
    job.documents.update(status="failed", error_code="file-damaged", page_count=None)
    page = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert "This file is damaged or incomplete and cannot be read." in page
    assert "1 file could not be read" in page


def test_a_failed_page_shows_the_cause_on_its_card(as_alice, make_job):
    job = make_job("done", "failed", status="partial")
    page = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert '<span class="page-error">The page could not be recognised.' in page


def test_thumbnails_stand_upright(as_alice, make_job):
    job = make_job("done", rotation=270)
    assert '<span class="thumb turn-270">' in as_alice.get(f"/jobs/{job.pk}/").content.decode()


def test_images_submitted_together_are_cards_without_headings(as_alice, make_job):
    job = make_job("done")
    Job.objects.filter(pk=job.pk).update(document_count=3)
    add_document(job, ("done",), name="二.png")
    add_document(job, ("done", "done"), name="book.pdf")
    sections = as_alice.get(f"/jobs/{job.pk}/").context["sections"]
    assert [section.is_card for section in sections] == [True, True, False]


def test_a_poll_brings_only_what_changed(as_alice, make_job):
    job = make_job("done", "running", "queued")
    Page.objects.update(updated_at=timezone.now() - dt.timedelta(minutes=1))
    Document.objects.update(updated_at=timezone.now() - dt.timedelta(minutes=1))
    address = poll_address(as_alice.get(f"/jobs/{job.pk}/").content.decode())
    assert cards(as_alice.get(address, headers=HTMX).content.decode()) == []

    second = Page.objects.get(number=2)
    second.status = "done"
    second.save()
    answer = as_alice.get(address, headers=HTMX).content.decode()
    assert cards(answer) == [second.pk]
    assert 'hx-swap-oob="outerMorph"' in answer
    assert poll_address(answer) != address


def test_new_pages_refresh_the_documents(as_alice, make_job):
    job = make_job(status="running")
    address = poll_address(as_alice.get(f"/jobs/{job.pk}/").content.decode())
    add_document(job, ("queued", "queued"))
    answer = as_alice.get(address, headers=HTMX).content.decode()
    assert 'id="documents" hx-swap-oob="outerMorph"' in answer
    assert len(cards(answer)) == 2
    again = as_alice.get(poll_address(answer), headers=HTMX).content.decode()
    assert 'id="documents"' not in again


def test_the_poll_that_finds_the_end_brings_everything_and_is_the_last(as_alice, make_job):
    job = make_job("done", "running")
    address = poll_address(as_alice.get(f"/jobs/{job.pk}/").content.decode())
    Job.objects.update(status="done")
    answer = as_alice.get(address, headers=HTMX).content.decode()
    assert 'id="documents" hx-swap-oob="outerMorph"' in answer
    assert 'id="actions" hx-swap-oob="outerMorph"' in answer
    assert "hx-get" not in answer


def test_a_poll_after_the_sign_out_loads_the_page_again_and_no_sign_in_page_into_it(
    client, make_job
):
    job = make_job("running")
    address = f"/jobs/{job.pk}/changes/?since=0-1"
    answer = client.get(address, headers=HTMX, follow=True)
    assert answer["HX-Refresh"] == "true"
    assert answer.content == b""


@pytest.mark.parametrize("since", ["", "x-1", "1", "nan-1", "1e99-2", "1-x"])
def test_a_forged_poll_token_is_rejected(as_alice, make_job, since):
    job = make_job("running")
    assert as_alice.get(f"/jobs/{job.pk}/changes/?since={since}").status_code == 400


def test_a_job_of_500_pages_takes_the_queries_of_a_small_one_and_stays_small(
    as_alice, make_job, django_assert_num_queries
):
    job = make_job("done")
    # session, user, job, documents, pages, deliveries, exports
    with django_assert_num_queries(7):
        as_alice.get(f"/jobs/{job.pk}/")
    first = Page.objects.select_related("result").get()
    results = Result.objects.bulk_create(
        Result(page=first, service="general-text", engine="local", data=first.result.data)
        for _ in range(499)
    )
    Page.objects.bulk_create(
        Page(
            job=job,
            document=first.document,
            number=number,
            status="done",
            thumbnail=first.thumbnail.name,
            result=result,
        )
        for number, result in enumerate(results, start=2)
    )
    with django_assert_num_queries(7):
        response = as_alice.get(f"/jobs/{job.pk}/")
    page = response.content.decode()
    assert len(cards(page)) == 500
    assert page.count('loading="lazy"') == 500
    assert len(response.content) < 400_000


def test_a_poll_takes_as_many_queries_for_many_changes_as_for_one(
    as_alice, make_job, django_assert_num_queries
):
    for statuses in (("running",), ("running",) + ("done",) * 20):
        job = make_job(*statuses)
        address = poll_address(as_alice.get(f"/jobs/{job.pk}/").content.decode())
        # session, user, job, pages shown, documents, pages that changed, pace
        with django_assert_num_queries(8):
            answer = as_alice.get(address, headers=HTMX)
        assert len(cards(answer.content.decode())) == len(statuses)


def test_the_grid_does_not_load_the_recognised_text(as_alice, make_job):
    job = make_job("done")
    sections = as_alice.get(f"/jobs/{job.pk}/").context["sections"]
    assert sections[0].pages[0].result.get_deferred_fields() >= {"data"}


def test_cancel_ends_the_job_and_confirms_it(as_alice, make_job):
    job = make_job("done", "queued")
    page = as_alice.post(f"/jobs/{job.pk}/cancel/", follow=True)
    assert "The job was cancelled." in page.content.decode()
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_cancelling_a_finished_job_shows_a_message_on_its_page(as_alice, make_job):
    job = make_job("done")
    page = as_alice.post(f"/jobs/{job.pk}/cancel/", follow=True)
    assert page.redirect_chain == [(f"/jobs/{job.pk}/", 302)]
    assert "This job has already finished; there is nothing to cancel." in page.content.decode()


def test_retry_queues_failed_pages_again(as_alice, make_job):
    job = make_job("done", "failed", status="partial")
    response = as_alice.post(f"/jobs/{job.pk}/retry/")
    assert response.url == f"/jobs/{job.pk}/"
    assert list(Page.objects.values_list("status", flat=True)) == ["done", "queued"]


def test_retry_without_a_failure_shows_a_message_on_the_job_page(as_alice, make_job):
    job = make_job("done")
    page = as_alice.post(f"/jobs/{job.pk}/retry/", follow=True)
    assert "there is nothing to retry" in page.content.decode()


def test_delete_asks_first(as_alice, make_job):
    job = make_job("done", name="合同.pdf")
    page = as_alice.get(f"/jobs/{job.pk}/delete/").content.decode()
    assert "Delete this job?" in page
    assert "合同.pdf" in page
    assert Job.objects.exists()


def test_delete_removes_rows_and_files(as_alice, make_job, django_capture_on_commit_callbacks):
    job = make_job("done", name="合同.pdf")
    with django_capture_on_commit_callbacks(execute=True):
        page = as_alice.post(f"/jobs/{job.pk}/delete/", follow=True)
    assert page.redirect_chain == [("/jobs/", 302)]
    assert "“合同.pdf” was deleted." in page.content.decode()
    assert not Job.objects.exists()
    assert not default_storage.exists(f"jobs/{job.pk}")


@pytest.mark.parametrize("address", ["approve", "cancel", "retry"])
def test_changes_are_asked_for_by_post_alone(as_alice, make_job, address):
    job = make_job("queued")
    assert as_alice.get(f"/jobs/{job.pk}/{address}/").status_code == 405


# For the cloud


@pytest.fixture
def cloud_job(make_job, office):
    """A job of Alice's for the cloud."""

    def cloud_job(*statuses: str, **fields) -> Job:
        return make_job(*statuses, engine="huawei", service="seal", credential=office, **fields)

    return cloud_job


def banner(html: str) -> str:
    """The banner of a waiting job, without tags."""
    found = re.search(r'<div class="job-banner".*?(?=<div class="job-progress"|<ol|$)', html, re.S)
    assert found, "no banner"
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))


def test_engine_and_credential_are_shown(as_alice, cloud_job):
    job = cloud_job("done")
    page = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert "Huawei Cloud OCR (Office, CN North-Beijing4)" in page


def test_a_job_shows_its_number_of_calls_and_waits_for_approval(as_alice, cloud_job):
    job = cloud_job("queued", "queued", approved=False)
    page = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert "2 calls will be made with “Office”." in banner(page)
    assert "Start: 2 calls" in page
    assert "On hold" in page


def test_while_files_are_opened_the_number_is_a_lower_bound(as_alice, cloud_job):
    job = cloud_job("queued", approved=False)
    Document.objects.update(status="opening")
    page = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert "At least 1 call will be made with “Office”" in banner(page)


def test_pages_with_cached_results_are_shown_as_free(as_alice, cloud_job):
    earlier, job = cloud_job("done"), cloud_job("queued", "queued", approved=False)
    Page.objects.filter(job=job, number=1).update(digest="same")
    asked = Page.objects.get(job=job, number=1)
    Result.objects.filter(page__job=earlier).update(digest=request_fingerprint(asked, job))
    reported = banner(as_alice.get(f"/jobs/{job.pk}/").content.decode())
    assert "1 call will be made" in reported
    assert "1 page reuses an earlier result, free of charge." in reported


def test_calls_beyond_the_monthly_limit_are_shown_before_the_start(as_alice, alice, cloud_job):
    alice.calls_per_month = 1
    alice.save()
    job = cloud_job("queued", "queued", approved=False)
    assert "You have 1 call left this month" in banner(
        as_alice.get(f"/jobs/{job.pk}/").content.decode()
    )


def test_a_yes_lets_the_job_go_on(as_alice, cloud_job):
    job = cloud_job("queued", approved=False)
    response = as_alice.post(f"/jobs/{job.pk}/approve/")
    assert response.url == f"/jobs/{job.pk}/"
    job.refresh_from_db()
    assert job.approved
    assert "Start" not in banner(as_alice.get(f"/jobs/{job.pk}/").content.decode())


def test_approving_a_finished_job_shows_a_message(as_alice, cloud_job):
    job = cloud_job("done", approved=False)
    page = as_alice.post(f"/jobs/{job.pk}/approve/", follow=True).content.decode()
    assert "This job has already finished" in page


def test_a_refused_credential_is_shown_with_the_way_to_fix_it(as_alice, cloud_job, office):
    job = cloud_job("queued")
    suspend(office, ServiceRefused(cloud_code="ModelArts.4204"), "seal")
    page = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert "The pages are waiting and will not fail." in banner(page)
    assert "(ModelArts.4204)" in banner(page)
    assert f'action="/credentials/{office.pk}/check/?job={job.pk}"' in page
    assert '<input type="hidden" name="service" value="seal">' in page


def test_who_shares_a_refused_credential_is_named(as_alice, cloud_job, office, bob):
    job = cloud_job("queued")
    Credential.objects.update(owner=bob)
    suspend(office, ServiceRefused(cloud_code="ModelArts.4204"), "seal")
    page = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert "“Office” is shared by bob, who can fix it." in banner(page)
    assert "/check/" not in page


def test_a_limit_that_is_reached_leads_to_what_was_used(as_alice, alice, cloud_job):
    alice.calls_per_month = 0
    alice.save()
    job = cloud_job("queued")
    page = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert "Your limit of 0 calls per month is reached." in banner(page)
    assert 'href="/usage/">View usage' in page


def test_what_a_job_waits_for_comes_with_the_poll(as_alice, cloud_job, office):
    job = cloud_job("queued")
    address = poll_address(as_alice.get(f"/jobs/{job.pk}/").content.decode())
    suspend(office, ServiceRefused(cloud_code="ModelArts.4204"), "seal")
    answer = as_alice.get(address, headers=HTMX).content.decode()
    assert 'id="banner" role="status" hx-swap-oob="outerMorph"' in answer
    assert "(ModelArts.4204)" in answer


def test_a_page_with_a_cached_result_is_shown_as_free(as_alice, cloud_job):
    job = cloud_job("done", "done")
    Result.objects.filter(page__number=2).update(reused=True)
    page = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert page.count("Earlier result, free of charge") == 1


def test_a_poll_of_a_cloud_job_takes_as_many_queries_for_many_pages_as_for_one(
    as_alice, cloud_job, django_assert_num_queries
):
    for statuses in (("queued",), ("queued",) * 20):
        job = cloud_job(*statuses, approved=False)
        address = poll_address(as_alice.get(f"/jobs/{job.pk}/").content.decode())
        # As for a job of this portal, and: owner, pages to ask about, their digests, answers
        # known, documents being opened, credential
        with django_assert_num_queries(13):
            as_alice.get(address, headers=HTMX)


DOORS = [
    ("get", ""),
    ("get", "changes/"),
    ("post", "approve/"),
    ("post", "cancel/"),
    ("post", "retry/"),
    ("get", "delete/"),
    ("post", "delete/"),
]


@pytest.mark.parametrize(("method", "address"), DOORS)
def test_for_bob_alices_job_does_not_exist(as_bob, make_job, method, address):
    job = make_job("queued")
    assert getattr(as_bob, method)(f"/jobs/{job.pk}/{address}").status_code == 404
    job.refresh_from_db()
    assert job.status == "running"


@pytest.mark.parametrize(("method", "address"), DOORS)
def test_without_signing_in_there_is_only_the_sign_in_page(client, make_job, method, address):
    job = make_job("queued")
    response = getattr(client, method)(f"/jobs/{job.pk}/{address}")
    assert (response.status_code, response.url.split("?")[0]) == (302, "/login/")
