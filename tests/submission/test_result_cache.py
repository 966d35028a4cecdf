"""Equal requests of pages, and the results that they may reuse."""

import hashlib
import json

import pytest

from ocrportal.jobs.models import Job, Page, Result
from ocrportal.results import PageResult
from ocrportal.submission.result_cache import cached_result, count_answered, request_fingerprint


@pytest.fixture
def ask(alice):
    """Make a page of a cloud job, with the picture of this digest."""

    def ask(picture: str, owner=alice, **fields) -> Page:
        settings = {"service": "id-card", "engine": "huawei", "status": "running", **fields}
        job = Job.objects.create(owner=owner, name="card", **settings)
        document = job.documents.create(position=1, name="card.jpg", status="opened")
        return Page.objects.create(
            job=job, document=document, number=1, status="queued", digest=picture
        )

    return ask


def answer(page: Page) -> Result:
    result = PageResult(width=20, height=10, lines=(), engine="huawei")
    return Result.objects.create(
        page=page,
        service=page.job.service,
        engine=page.job.engine,
        data=result.to_dict(),
        raw={"result": {"number": page.pk}},
        digest=request_fingerprint(page, page.job),
    )


def test_an_equal_request_reuses_the_earlier_result(ask):
    first = ask("a")
    answer(first)
    again = ask("a")
    assert cached_result(again.job, request_fingerprint(again, again.job)).raw == {
        "result": {"number": first.pk}
    }


@pytest.mark.parametrize(
    "other",
    [
        {"picture": "b"},
        {"picture": "a", "service": "passport"},
        {"picture": "a", "options": {"side": "back"}},
        *(
            {"picture": "a", "preprocessing": {step: True}}
            for step in ("correct_perspective", "deskew", "downscale", "enhance_contrast")
        ),
    ],
)
def test_another_image_service_or_option_is_another_request(ask, other):
    answer(ask("a"))
    page = ask(**other)
    assert cached_result(page.job, request_fingerprint(page, page.job)) is None


def test_steps_before_the_stored_image_do_not_change_the_fingerprint(ask):
    one = ask("a", preprocessing={"skip_blank": True, "split": False, "deskew": False})
    other = ask("a", preprocessing={"skip_blank": False, "split": True, "deskew": False})
    assert request_fingerprint(one, one.job) == request_fingerprint(other, other.job)


def test_fingerprints_of_stored_results_stay_valid(ask):
    steps = ("correct_perspective", "deskew", "downscale", "enhance_contrast")
    page = ask("a", preprocessing=dict.fromkeys(steps, True))
    asked = [page.digest, "huawei", page.job.service, page.job.options]
    asked.append(["straighten", "level", "shrink", "contrast"])  # the steps' names in digests
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    assert request_fingerprint(page, page.job) == digest


def test_the_order_of_options_does_not_matter(ask):
    one = ask("a", options={"side": "front", "detect_copy": True})
    other = ask("a", options={"detect_copy": True, "side": "front"})
    assert request_fingerprint(one, one.job) == request_fingerprint(other, other.job)


def test_results_of_other_users_are_not_reused(ask, bob):
    answer(ask("a", owner=bob))
    page = ask("a")
    assert cached_result(page.job, request_fingerprint(page, page.job)) is None


def test_who_asks_for_a_fresh_run_gets_one(ask):
    answer(ask("a"))
    page = ask("a", bypass_cache=True)
    assert cached_result(page.job, request_fingerprint(page, page.job)) is None
    assert count_answered(page.job, page.job.pages.all()) == 0


def test_pages_that_are_answered_already_are_counted(ask):
    answer(ask("a"))
    page = ask("a")
    Page.objects.create(job=page.job, document=page.document, number=2, digest="b")
    assert count_answered(page.job, page.job.pages.all()) == 1


def test_of_pages_that_are_there_twice_one_is_asked_about(ask):
    page = ask("a")
    for number in (2, 3):
        Page.objects.create(job=page.job, document=page.document, number=number, digest="a")
    assert count_answered(page.job, page.job.pages.all()) == 2
