"""What deserves a look, on the page of a job."""

import re

import pytest

from ocrportal.jobs.doubts import Doubt, stored_doubts
from ocrportal.jobs.models import Job, Page, Result
from ocrportal.web.views.job.doubts import SHOWN
from tests.web.conftest import add_document
from tests.web.markup import compact

HTMX = {"HX-Request": "true"}


def doubt(page: Page, *doubts: Doubt) -> None:
    Result.objects.filter(page=page).update(doubts=stored_doubts(doubts))


def listed(html: str) -> list[tuple[str, str]]:
    """The addresses and texts of the links in the list."""
    section = re.search(r'<section class="doubts".*?</section>', html, re.DOTALL)
    return re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', section[0]) if section else []


@pytest.fixture
def job(make_job) -> Job:
    """A job of three recognised pages, of results without doubts."""
    job = make_job("done", "done", "done", name="book.pdf")
    Result.objects.update(doubts=[])
    return job


def test_the_worst_page_is_first_and_each_doubt_links_to_its_place(as_alice, job):
    first, _, third = job.pages.order_by("number")
    doubt(first, Doubt("doubtful-text", 5, 100, "7"))
    doubt(third, Doubt("unread", 2, 0, "area-1"), Doubt("doubtful-table", 3, 60, "cell-0-4"))
    html = compact(as_alice.get(f"/jobs/{job.pk}/"))
    assert "2 pages deserve a look" in html
    assert "Other pages may contain errors too." in html
    assert listed(html) == [
        (f"/pages/{third.pk}/#place-area-1", "2 places were not read"),
        (f"/pages/{third.pk}/#place-cell-0-4", "Table: 3 of 60 cells are uncertain"),
        (f"/pages/{first.pk}/#place-7", "5% of the characters are uncertain"),
    ]
    assert f'id="doubtful-{third.pk}">Page 3</span>' in html


def test_a_job_without_doubts_has_no_list(as_alice, job):
    assert "deserve" not in as_alice.get(f"/jobs/{job.pk}/").content.decode()


def test_results_of_earlier_versions_have_no_list(as_alice, make_job):
    job = make_job("done")
    assert Result.objects.get().doubts is None
    assert "deserve" not in as_alice.get(f"/jobs/{job.pk}/").content.decode()


def test_the_list_appears_when_the_job_ends(as_alice, job):
    doubt(job.pages.first(), Doubt("no-text"))
    Job.objects.update(status="running")
    assert "deserves" not in as_alice.get(f"/jobs/{job.pk}/").content.decode()
    Job.objects.update(status="done")
    address = f"/jobs/{job.pk}/changes/?since=0-4"
    html = compact(as_alice.get(address, headers=HTMX))
    assert '<div id="doubts" hx-swap-oob="outerMorph">' in html
    assert "1 page deserves a look" in html


def test_a_long_list_shows_the_worst_pages_and_unfolds(as_alice, make_job):
    job = make_job(*["done"] * (SHOWN + 3))
    for page in job.pages.all():
        doubt(page, Doubt("doubtful-text", page.number, 100, "0"))
    html = compact(as_alice.get(f"/jobs/{job.pk}/"))
    shown, folded = html.split("<details><summary>3 more pages</summary>")
    assert [text.split("%")[0] for _, text in listed(shown + "</section>")] == [
        str(number) for number in range(SHOWN + 3, 3, -1)
    ]
    assert folded.count("of the characters are uncertain") == 3


def test_pages_of_several_documents_are_named_by_their_document(as_alice, job):
    other = add_document(job, ("done",), name="letter.png")
    Job.objects.update(document_count=2)
    doubt(job.pages.order_by("pk").first(), Doubt("no-text"))
    doubt(other.pages.get(), Doubt("no-text"))
    html = compact(as_alice.get(f"/jobs/{job.pk}/"))
    assert ">book.pdf · Page 1</span>" in html
    assert ">letter.png</span>" in html


def test_blank_pages_are_listed_apart(as_alice, job):
    page = job.pages.order_by("number")[1]
    Page.objects.filter(pk=page.pk).update(is_blank=True)
    html = compact(as_alice.get(f"/jobs/{job.pk}/"))
    assert f'1 blank page was not recognised:<a href="/pages/{page.pk}/">Page 2</a>' in html
    assert "deserve" not in html


def test_the_list_needs_no_query_and_no_result(as_alice, make_job, django_assert_num_queries):
    job = make_job("done", "done", "done")
    with django_assert_num_queries(7):
        as_alice.get(f"/jobs/{job.pk}/")
    for page in job.pages.all():
        doubt(page, Doubt("no-text"))
    with django_assert_num_queries(7):
        response = as_alice.get(f"/jobs/{job.pk}/")
    shown = response.context["doubtful_pages"][0].page.result
    assert {"data", "raw"} <= shown.get_deferred_fields()
