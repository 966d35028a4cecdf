"""Pages for the cloud: taken when a call may start, ended or put back by what it answers."""

from __future__ import annotations

import io
import time

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from PIL import Image

from bench.transforms import tilted
from ocrportal.accounts.credential_changes import change_credential, remove_credential
from ocrportal.accounts.models import Credential, Suspension, User
from ocrportal.ingest.base import Preprocessing
from ocrportal.ingest.preprocessing.preprocess import preprocess
from ocrportal.jobs.models import Document, Job, Page, Result
from ocrportal.submission.approve import approve_job
from ocrportal.submission.cancel import cancel_job
from ocrportal.submission.retry import retry_job
from ocrportal.submission.waiting import count_calls, what_job_waits_for
from ocrportal.usage.models import Call, CallSlot, RateLimit
from ocrportal.usage.rate_limit import Wait
from ocrportal.workers import read_cloud_page as cloud_work
from ocrportal.workers.read_cloud_page import recognise_next_cloud_page
from tests.fakes.cloud import FakeCloud
from tests.workers.cloud_jobs import (
    SIZE,
    add_keys,
    picture,
    submit_files,
    submit_pictures,
    work_off,
    work_side_by_side,
)

side_by_side = pytest.mark.django_db(transaction=True)
"""For tests with several workers: other threads see only what is committed."""


@pytest.fixture
def keys(cloud: FakeCloud, admin: User) -> Credential:
    """An access key that works."""
    return add_keys(cloud, admin)


@pytest.fixture
def login(cloud: FakeCloud, admin: User) -> Credential:
    """An IAM user's name and password that work."""
    return add_keys(cloud, admin, kind="token", name="login")


def sent(job: Job) -> list[str]:
    """How each of its pages was sent."""
    return [page.result.page_result.details["sent"] for page in job.pages.select_related("result")]


def statuses(job: Job) -> list[str]:
    return list(job.pages.order_by("document__position").values_list("status", flat=True))


def test_a_page_is_read_by_the_cloud_and_its_answer_kept(cloud, keys):
    job = submit_pictures(keys, 1)
    work_off(job)
    assert (job.status, job.pages_done) == ("done", 1)
    result = job.pages.get().result
    assert result.engine == "huawei"
    assert {field.path: field.value for field in result.page_result.fields}[("name",)]
    assert result.raw["result"]


@pytest.mark.parametrize("kind", ["keys", "login"])
def test_each_call_is_written_into_the_ledger(cloud, request, kind, admin):
    credential = request.getfixturevalue(kind)
    job = submit_pictures(credential, 1)
    work_off(job)
    call = Call.objects.get()
    assert (call.user, call.credential, call.service) == (admin, credential, "id-card")
    assert (call.status, call.code, call.units) == (200, "", 1)
    assert call.page_id == job.pages.get().pk
    assert call.bytes_sent > 0
    credential.refresh_from_db()
    assert credential.verified_at is not None


def test_the_same_picture_is_paid_for_once(cloud, keys):
    work_off(submit_pictures(keys, 1, 2))
    job = submit_pictures(keys, 2, 3)
    assert (count_calls(job).needed, count_calls(job).answered) == (1, 1)
    work_off(job)
    assert job.status == "done"
    assert cloud.ledger.units == Call.objects.count() == 3
    assert cloud.ledger.billed_twice() == []
    assert Result.objects.filter(reused=True).count() == 1


def test_a_picture_that_is_twice_in_a_job_is_paid_for_once(cloud, keys):
    work_off(submit_pictures(keys, 1, 1))
    assert cloud.ledger.units == 1


def test_a_page_waits_for_the_answer_that_another_has_asked_for(cloud, keys):
    job = submit_pictures(keys, 1, 1)
    page, other = job.pages.order_by("pk")
    Page.objects.filter(pk=other.pk).update(status="running")  # in another worker's hands
    work_off(job)
    page.refresh_from_db()
    assert (page.status, page.retries) == ("queued", 0)
    assert cloud.ledger.calls == []
    assert not CallSlot.objects.exists()  # nothing was sent, so it counts as no call


def test_a_worker_that_lost_a_page_to_another_one_does_not_wait(cloud, keys, monkeypatch):
    submit_pictures(keys, 1, 2)
    monkeypatch.setattr(cloud_work, "lease", lambda *args, **kwargs: None)
    assert recognise_next_cloud_page() == Wait(0.0)
    assert not CallSlot.objects.exists()


def test_an_address_is_passed_on_only_for_what_is_the_page_picture_itself(cloud, keys, samples):
    card = submit_pictures(keys, 1, service="web-image")
    with (samples / "frames.tif").open("rb") as file:
        frames = submit_files(keys, File(file, name="frames.tif"), service="web-image")
    Document.objects.update(address="https://example.com/scan")
    cloud.internet["https://example.com/scan"] = picture(1)
    work_off(card)
    work_off(frames)
    assert sent(card) == ["address"]
    assert len(sent(frames)) > 1
    assert set(sent(frames)) == {"picture"}


def test_a_redrawn_image_is_sent_instead_of_its_source(cloud, keys, samples):
    page = Image.new("L", SIZE, 255)
    page.paste(Image.open(samples / "page_zh.png").convert("L").crop((0, 0, 1654, 1700)))
    file = io.BytesIO()
    tilted(page, 3).resize(SIZE).convert("L").save(file, "PNG")
    plain, level = (
        submit_files(keys, ContentFile(file.getvalue(), name="card.png"), service="web-image")
        for _ in range(2)
    )
    Job.objects.filter(pk=level.pk).update(preprocessing={"deskew": True})
    Document.objects.update(address="https://example.com/scan")
    cloud.internet["https://example.com/scan"] = file.getvalue()
    work_off(plain)
    work_off(level)
    assert (sent(plain), sent(level)) == (["address"], ["picture"])
    there, back = (job.pages.get().result.page_result for job in (plain, level))
    preprocessed = preprocess(Image.open(file), Preprocessing(deskew=True))
    assert back.to_dict()["lines"] == preprocessed.restore(there).to_dict()["lines"]
    assert back.lines != there.lines
    assert (back.width, back.height) == SIZE


def test_a_run_that_bypasses_the_cache_is_billed_again(cloud, keys):
    work_off(submit_pictures(keys, 1))
    job = submit_pictures(keys, 1, bypass_cache=True)
    assert count_calls(job).needed == 1
    work_off(job)
    assert cloud.ledger.units == 2


def test_nothing_is_sent_before_the_owner_has_seen_how_many_calls_it_makes(cloud, keys, admin):
    job = submit_pictures(keys, 1, 2, approved=False)
    work_off(job)
    assert statuses(job) == ["queued", "queued"]
    assert what_job_waits_for(job).code == "approval"
    assert count_calls(job).needed == 2

    approve_job(user=admin, job_id=job.pk)
    work_off(job)
    assert job.status == "done"


def test_a_job_that_turns_out_to_have_one_page_starts_by_itself(cloud, keys):
    job = submit_pictures(keys, 1, approved=False)
    assert job.approved
    work_off(job)
    assert job.status == "done"


def test_a_throttled_page_waits_however_often_and_does_not_fail(cloud, keys, monkeypatch):
    monkeypatch.setattr("ocrportal.usage.rate_limit.PAUSE_SECONDS", (0.0, 0.0))
    job = submit_pictures(keys, 1)
    cloud.faults.fail("APIG.0308", times=cloud_work.MAX_RETRIES + 5)
    work_off(job)
    assert job.status == "done"
    assert job.pages.get().retries == 0
    assert cloud.ledger.units == 1


def test_a_refusal_for_the_number_of_calls_teaches_the_rate(cloud, keys):
    cloud.throttle.allow(1)
    job = submit_pictures(keys, 1, 2)
    work_off(job)
    waiting = what_job_waits_for(job)
    assert (waiting.code, waiting.is_for_user) == ("pace", False)
    assert "at most 1 call per minute" in waiting.message
    pace = RateLimit.objects.get()
    assert pace.calls_per_minute == 1
    assert pace.blocked_until is not None


@pytest.mark.parametrize("kind", ["reset", "truncate", "html", "empty"])
def test_a_transient_error_sends_the_page_again_later(cloud, keys, kind):
    job = submit_pictures(keys, 1)
    cloud.faults.misbehave(kind)
    work_off(job)
    page = job.pages.get()
    assert (page.status, page.retries) == ("queued", 1)
    assert what_job_waits_for(job).code == "transient-error"

    Page.objects.update(not_before=None)  # the pause is over
    work_off(job)
    assert job.status == "done"


def test_repeated_transient_errors_fail_the_page_which_can_be_retried(cloud, keys, admin):
    job = submit_pictures(keys, 1)
    cloud.faults.fail("ModelArts.4403", times=cloud_work.MAX_RETRIES + 1)
    for _ in range(cloud_work.MAX_RETRIES + 1):
        work_off(job)
        Page.objects.update(not_before=None)
    page = job.pages.get()
    assert (page.status, page.error_code) == ("failed", "cloud-fault")
    assert "ModelArts.4403" in page.error_message

    retry_job(user=admin, job_id=job.pk, enqueue=False)
    work_off(job)
    assert job.status == "done"


def test_a_page_that_the_service_refuses_fails_alone(cloud, keys):
    job = submit_pictures(keys, 1, 2)
    cloud.faults.fail("AIS.0104")
    work_off(job)
    assert job.status == "partial"
    assert statuses(job) == ["failed", "done"]
    assert job.pages.get(status="failed").error_code == "cloud-refused"


@side_by_side
def test_a_wrong_key_is_rejected_once_and_the_job_continues_after_its_correction(cloud, admin):
    credential = add_keys(cloud, admin, secret="NotTheSecretKey0123456789abcdefABCDEF012")
    job = submit_pictures(credential, *range(8))
    work_side_by_side_off(job, workers=4)
    assert len(cloud.ledger.refused_signatures) == 1
    assert set(statuses(job)) == {"queued"}
    waiting = what_job_waits_for(job)
    assert (waiting.code, waiting.is_for_user) == ("credential-refused", True)

    change_credential(user=admin, credential=credential, values={"secret": cloud.user.secret_key})
    assert what_job_waits_for(job) is None
    work_off(job)
    assert job.status == "done"
    assert len(cloud.ledger.refused_signatures) == 1


@side_by_side
def test_a_wrong_password_is_sent_once(cloud, admin):
    credential = add_keys(cloud, admin, kind="token", secret="not the password")
    job = submit_pictures(credential, *range(8))
    work_side_by_side_off(job, workers=4)
    assert len(cloud.ledger.failed_sign_ins) == 1
    assert set(statuses(job)) == {"queued"}


@side_by_side
@pytest.mark.parametrize("end", ["expire_tokens", "revoke_tokens"])
def test_a_token_that_ends_in_mid_job_is_renewed_once_for_all_workers(cloud, login, end):
    job = submit_pictures(login, *range(12))
    for _ in range(4):
        recognise_next_cloud_page(job.pk)
    getattr(cloud.iam, end)()
    work_side_by_side_off(job, workers=4)
    assert job.status == "done"
    assert cloud.ledger.failed_sign_ins == []
    assert len(cloud.ledger.sign_ins) == 2
    assert cloud.ledger.billed_twice() == []


@side_by_side
def test_a_password_changed_in_mid_job_pauses_it_until_the_new_one_is_given(cloud, login, admin):
    job = submit_pictures(login, *range(12))
    for _ in range(4):
        recognise_next_cloud_page(job.pk)
    cloud.iam.change_password(cloud.user, "a new password")
    work_side_by_side_off(job, workers=4)
    assert len(cloud.ledger.failed_sign_ins) == 1
    assert statuses(job).count("done") == 4
    assert statuses(job).count("queued") == 8
    assert "credential-refused" in what_job_waits_for(job).code

    change_credential(user=admin, credential=login, values={"secret": "a new password"})
    work_side_by_side_off(job, workers=4)
    assert job.status == "done"
    assert len(cloud.ledger.failed_sign_ins) == 1
    assert cloud.ledger.units == 12


def test_a_service_that_is_not_subscribed_holds_its_own_pages_only(cloud, keys):
    cloud.account.not_subscribed.add("id-card")
    cards, texts = submit_pictures(keys, 1), submit_pictures(keys, 2, service="web-image")
    work_off(cards)
    work_off(texts)
    assert (cards.status, texts.status) == ("running", "done")
    assert what_job_waits_for(cards).code == "service-refused"


def test_one_users_pages_do_not_wait_behind_anothers_hold(cloud, admin, bob):
    held = add_keys(cloud, admin, secret="Wrong")
    stuck = submit_pictures(held, *range(3))
    work_off(stuck)
    admins = add_keys(cloud, admin, name="works")
    admins.shared_users.add(bob)
    job = submit_pictures(admins, 7, user=bob)
    assert recognise_next_cloud_page() is None
    job.refresh_from_db()
    assert job.status == "done"


@side_by_side
def test_the_last_call_of_the_month_is_made_and_the_next_is_not(cloud, keys, admin):
    admin.calls_per_month = 2
    admin.save()
    job = submit_pictures(keys, *range(4))
    work_side_by_side_off(job, workers=4)
    assert cloud.ledger.units == 2
    assert statuses(job).count("done") == 2
    assert what_job_waits_for(job).code == "call-cap-reached"

    admin.calls_per_month = 10
    admin.save()
    work_off(job)
    assert job.status == "done"


def test_what_was_paid_for_is_not_paid_for_again_after_a_cancel(cloud, keys, admin, monkeypatch):
    job = submit_pictures(keys, 1)

    def cancel_meanwhile(**facts) -> None:
        cancel_job(user=admin, job_id=job.pk)
        record(**facts)

    record = cloud_work.record_call
    monkeypatch.setattr(cloud_work, "record_call", cancel_meanwhile)
    work_off(job)
    monkeypatch.undo()
    assert statuses(job) == ["cancelled"]

    retry_job(user=admin, job_id=job.pk, enqueue=False)
    work_off(job)
    assert job.status == "done"
    assert cloud.ledger.units == 1


def test_pages_whose_credential_was_removed_fail_and_say_so(cloud, keys, admin):
    job = submit_pictures(keys, 1)
    remove_credential(user=admin, credential=keys)
    work_off(job)
    assert job.pages.get().error_code == "credential-removed"


def test_a_page_is_read_if_its_credential_is_removed_meanwhile(cloud, keys, admin, monkeypatch):
    def lease_and_remove(page, *, seconds):
        leased = lease(page, seconds=seconds)
        remove_credential(user=admin, credential=keys)
        return leased

    lease = cloud_work.lease
    job = submit_pictures(keys, 1)
    monkeypatch.setattr(cloud_work, "lease", lease_and_remove)
    work_off(job)
    assert job.status == "done"


def test_pages_of_who_lost_the_shared_credential_fail_and_say_so(cloud, keys, bob):
    keys.shared_users.add(bob)
    job = submit_pictures(keys, 1, user=bob)
    keys.shared_users.clear()
    work_off(job)
    assert job.pages.get().error_code == "credential-removed"
    assert cloud.ledger.calls == []


def test_every_turn_is_given_back(cloud, keys):
    job = submit_pictures(keys, 1, 2, 3)
    cloud.faults.fail("AIS.0104")
    cloud.faults.misbehave("reset")
    work_off(job)
    assert not CallSlot.objects.filter(ended=False).exists()


def test_nothing_to_do_is_waited_for_without_end(cloud, keys):
    assert recognise_next_cloud_page().seconds == float("inf")
    Suspension.objects.create(credential=keys, error_code="credential-refused")
    submit_pictures(keys, 1)
    assert recognise_next_cloud_page().seconds == float("inf")


def work_side_by_side_off(job: Job, workers: int) -> None:
    """Work as several workers would, each until it finds nothing more to do."""

    def work() -> None:
        while (wait := recognise_next_cloud_page(job.pk)) is None or wait.seconds <= 1:
            time.sleep(wait.seconds if wait else 0)

    work_side_by_side(work, workers)
    job.refresh_from_db()
