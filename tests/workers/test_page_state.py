"""The end of the lease on a page, also after it was cancelled or deleted."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from ocrportal.errors.engine import EngineError
from ocrportal.ingest.convert.word_text import Passage
from ocrportal.jobs.leases import lease
from ocrportal.jobs.models import Job, Page, Result
from ocrportal.results import Char, Line, PageResult
from ocrportal.workers.embedded_text.passages import store_passages, with_passages
from ocrportal.workers.page_state import fail, requeue, store_result

ANSWER = PageResult(width=20, height=10, lines=(), raw={"result": {"words": "hello"}})


@pytest.fixture
def page(alice) -> Page:
    """A page that this thread has leased."""
    job = Job.objects.create(
        owner=alice, name="card", service="id-card", engine="huawei", status="running"
    )
    document = job.documents.create(position=1, name="card.jpg", status="opened")
    page = Page.objects.create(job=job, document=document, number=1, status="queued")
    leased = lease(page, seconds=60)
    assert leased is not None
    return leased


def cancel(page: Page) -> None:
    Page.objects.filter(pk=page.pk).update(status="cancelled")


def test_a_stored_result_becomes_the_current_one(page):
    store_result(page, ANSWER, digest="abc")
    page.refresh_from_db()
    assert page.status == "done"
    assert page.result.raw == {"result": {"words": "hello"}}
    assert (page.result.digest, page.result.reused) == ("abc", False)


def test_doubts_are_found_when_a_result_is_stored(page):
    store_result(page, ANSWER)
    page.refresh_from_db()
    assert [doubt.code for doubt in page.result.known_doubts] == ["no-text"]


@pytest.fixture
def passages(page) -> list[str]:
    """What the file of the page contains and its pages do not show."""
    page.document.converted = "converted.pdf"
    page.document.notes = ["text-added"]
    page.document.save()
    texts = ["the end of a text box", "a second one"]
    store_passages("converted.pdf", [Passage(1, text) for text in texts])
    return texts


def added(page: Page) -> list[str]:
    page.refresh_from_db()
    return [block.text for block in page.result.page_result.blocks]


def test_a_reused_result_has_the_added_text_of_its_own_document_once(page, passages):
    earlier = with_passages(page, ANSWER)
    store_result(page, earlier, digest="abc", reused=True)
    assert added(page) == passages


def test_a_reused_result_has_no_added_text_of_another_document(page, passages):
    earlier = with_passages(page, ANSWER)
    page.document.notes = []
    store_result(page, earlier, digest="abc", reused=True)
    assert added(page) == []


@pytest.mark.parametrize(("part", "has_text"), [(0, True), (1, False), (2, True)])
def test_the_second_half_of_a_page_has_its_added_text(page, passages, part, has_text):
    page.part = part
    store_result(page, ANSWER)
    assert added(page) == (passages if has_text else [])


def test_characters_that_a_database_cannot_store_are_removed_from_a_result(page):
    chars = (Char("a\0", 0, 0.5, 1.0), Char("\ud800", 0.5, 1, 1.0))
    line = Line("a\0\ud800", ((0, 0), (9, 0), (9, 9), (0, 9)), 1.0, chars)
    store_result(
        page, replace(ANSWER, lines=(line,), details={"model": "v\0"}, raw={"words\0": "\udfff"})
    )
    page.refresh_from_db()
    (kept,) = page.result.page_result.lines
    assert kept.text == "".join(char.text for char in kept.chars) == "a?"
    assert page.result.data["details"] == {"model": "v"}
    assert page.result.raw == {"words": "?"}


def test_a_billed_result_is_stored_even_if_the_page_was_cancelled(page):
    cancel(page)
    store_result(page, ANSWER, digest="abc")
    page.refresh_from_db()
    assert (page.status, page.result) == ("cancelled", None)
    assert Result.objects.get().digest == "abc"


@pytest.mark.parametrize("answer", [{"digest": ""}, {"digest": "abc", "reused": True}])
def test_an_unbilled_result_of_a_cancelled_page_is_dropped(page, answer):
    cancel(page)
    store_result(page, ANSWER, **answer)
    assert not Result.objects.exists()


def test_a_result_of_a_deleted_page_is_dropped(page):
    Job.objects.all().delete()
    store_result(page, ANSWER, digest="abc")
    assert not Result.objects.exists()


def test_a_failed_page_has_an_error_code(page):
    fail(page, EngineError())
    page.refresh_from_db()
    assert (page.status, page.error_code) == ("failed", "engine-failed")


def test_a_requeued_page_waits_without_attempts(page):
    before = timezone.now()
    requeue(page, after_seconds=30, retries=2)
    page.refresh_from_db()
    assert (page.status, page.attempts, page.retries) == ("queued", 0, 2)
    assert page.not_before >= before + dt.timedelta(seconds=30)


def test_a_requeued_page_keeps_the_number_of_its_retries(page):
    page.retries = 3
    page.save()
    requeue(page)
    page.refresh_from_db()
    assert (page.status, page.retries, page.not_before) == ("queued", 3, None)


@pytest.mark.parametrize("end", [lambda page: fail(page, EngineError()), requeue])
def test_a_page_that_was_cancelled_stays_cancelled(page, end):
    cancel(page)
    end(page)
    page.refresh_from_db()
    assert page.status == "cancelled"
