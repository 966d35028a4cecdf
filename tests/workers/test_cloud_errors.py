"""Each known error of the cloud: the message, and what happens next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from ocrportal.accounts.models import Suspension, User
from ocrportal.catalogue.spec import KnownError, known_errors
from ocrportal.jobs.models import Job, Page
from ocrportal.submission.waiting import what_job_waits_for
from tests.fakes.cloud import FakeCloud
from tests.workers.cloud_jobs import add_keys, submit_pictures, work_off

OF_THE_SERVICE = [
    error
    for error in known_errors()
    if error.code.startswith(("AIS.", "ModelArts.", "APIG")) and error.next != "none"
]
"""What comes as the answer to a page; IAM's own errors come at the sign-in."""
OF_THE_SIGN_IN = [error for error in known_errors() if error.code.startswith("IAM")]


@pytest.fixture(scope="module")
def running_cloud() -> Iterator[FakeCloud]:
    with FakeCloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(running_cloud: FakeCloud) -> FakeCloud:
    running_cloud.faults.forget()
    return running_cloud


def name_of(error: KnownError) -> str:
    return f"{error.code}-{error.contains}" if error.contains else error.code


def meet(cloud: FakeCloud, admin: User, error: KnownError, times: int = 1) -> Job:
    """A job of one page that is answered with this error, worked off as far as it goes."""
    credential = add_keys(cloud, admin, kind="token")
    job = submit_pictures(credential, 1)
    cloud.faults.fail(error.code, error.message, error.status, times=times)
    work_off(job, pages=1)
    job.refresh_from_db()
    return job


def is_described_by(error: KnownError, message: str, language: str) -> bool:
    """True if the message holds the catalogue's words for the error in this language."""
    with override(language):
        return all(part.rstrip("。.") in message for part in (error.cause, error.remedy) if part)


@pytest.mark.parametrize("error", OF_THE_SERVICE, ids=name_of)
def test_an_error_of_a_service_has_the_consequence_in_the_catalogue(cloud, admin, error):
    job = meet(cloud, admin, error)
    page: Page = job.pages.get()
    match error.next:
        case "fail" | "send-bytes":  # the bytes were sent already
            assert page.status == "failed"
        case "retry":
            assert (page.status, page.retries) == ("queued", 1)
            assert page.not_before is not None
            assert what_job_waits_for(job).code == "transient-error"
        case "throttle":
            assert (page.status, page.retries, page.not_before) == ("queued", 0, None)
        case "renew-token" | "shrink":  # repeated once, which helped
            assert page.status == "done"
        case "suspend-service":
            assert page.status == "queued"
            assert Suspension.objects.get().service == "id-card"
        case "suspend-credential":
            assert page.status == "queued"
            assert Suspension.objects.get().service == ""
        case other:
            pytest.fail(f"nothing is known of {other}")


@pytest.mark.parametrize(
    "error",
    [error for error in OF_THE_SERVICE if error.next in ("renew-token", "shrink")],
    ids=name_of,
)
def test_what_is_repeated_once_is_repeated_no_more(cloud, admin, error):
    job = meet(cloud, admin, error, times=2)
    page: Page = job.pages.get()
    if error.next == "shrink":
        assert page.status == "failed"
    else:
        assert page.status == "queued"
        assert Suspension.objects.get().service == ""


@pytest.mark.parametrize("error", OF_THE_SERVICE, ids=name_of)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_error_of_a_service_is_shown_in_the_language_of_the_user(cloud, admin, error, language):
    job = meet(cloud, admin, error, times=6)
    for _ in range(6):
        Page.objects.update(not_before=None)
        work_off(job, pages=1)
        if error.next == "throttle":
            return  # a page that waits for its turn has nothing to tell
    page: Page = job.pages.get()
    with override(language):
        waiting = what_job_waits_for(job)
        message = page.error_message or (waiting.message if waiting else "")
    assert is_described_by(error, message, language)


@pytest.mark.parametrize("error", OF_THE_SIGN_IN, ids=name_of)
def test_an_error_of_the_sign_in_never_fails_a_page(cloud, admin, error):
    job = meet(cloud, admin, error)
    page: Page = job.pages.get()
    assert page.status == "queued"
    waiting = what_job_waits_for(job)
    if error.next == "retry":
        assert page.retries == 1
    elif error.next != "throttle":
        assert waiting.is_for_user
        if error.next == "renew-token":
            return  # without a token it is reported as a wrong name or password
        for language in ("en", "zh-hans"):
            with override(language):
                assert is_described_by(error, what_job_waits_for(job).message, language)
