"""The result screen: a page's picture beside its text."""

import re

import pytest

from ocrportal.jobs.models import Page
from tests.web.conftest import add_document

HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(make_job) -> Page:
    make_job("done")
    return Page.objects.get()


def texts(html: str) -> str:
    found = re.search(r'<script id="texts" type="application/json">(.*?)</script>', html)
    assert found
    return found[1]


def test_lines_of_text_and_outlines_on_the_picture_belong_together(as_alice, page):
    html = as_alice.get(f"/pages/{page.pk}/").content.decode()
    assert re.findall(r'<polygon class="outline" data-index="(\d)"', html) == ["0", "1"]
    assert re.findall(r'<span class="line" data-indices="(\d)"', html) == ["0", "1"]
    assert f'<image href="/pages/{page.pk}/image/" width="200" height="100"/>' in html


def test_doubtful_characters_are_marked_with_how_sure_the_engine_is(as_alice, page):
    html = as_alice.get(f"/pages/{page.pk}/").content.decode()
    assert '你好<mark title="41 % sure">世</mark></span>' in html
    assert "less than 80 % sure" in html


def test_recognised_text_is_text_and_never_markup(as_alice, page):
    html = as_alice.get(f"/pages/{page.pk}/").content.decode()
    assert "界 &lt;b&gt;</span>" in html
    assert "<b>" not in html


def test_both_ways_of_copying_are_on_the_page(as_alice, page):
    html = as_alice.get(f"/pages/{page.pk}/").content.decode()
    assert texts(html) == (
        r'{"joined": "\u4f60\u597d\u4e16\u754c \u003Cb\u003E", '
        r'"kept": "\u4f60\u597d\u4e16\n\u754c \u003Cb\u003E"}'
    )


def test_pages_are_turned_over_all_documents_of_the_job(as_alice, make_job):
    job = make_job("done", "done")
    add_document(job, ("done",), name="二.png")
    first, second, third = Page.objects.order_by("pk")
    html = as_alice.get(f"/pages/{second.pk}/").content.decode()
    assert f'id="previous" rel="prev" href="/pages/{first.pk}/"' in html
    assert f'id="next" rel="next" href="/pages/{third.pk}/"' in html
    assert 'max="3" value="2"' in html


@pytest.mark.parametrize(("number", "place"), [("2", 1), ("3", 2), ("99", 2), ("-1", 0)])
def test_a_page_is_reached_by_its_number_in_the_job(as_alice, make_job, number, place):
    job = make_job("done", "done")
    add_document(job, ("done",))
    pages = list(Page.objects.order_by("pk"))
    response = as_alice.get(f"/jobs/{job.pk}/pages/?n={number}")
    assert response.url == f"/pages/{pages[place].pk}/"


def test_a_number_that_is_none_leads_back_to_the_job(as_alice, make_job):
    job = make_job("done")
    assert as_alice.get(f"/jobs/{job.pk}/pages/?n=two").url == f"/jobs/{job.pk}/"


def test_a_job_without_pages_has_no_page_to_go_to(as_alice, make_job):
    job = make_job(status="running")
    assert as_alice.get(f"/jobs/{job.pk}/pages/?n=1").url == f"/jobs/{job.pk}/"


def test_a_page_still_in_work_shows_its_picture_and_asks_again(as_alice, make_job):
    make_job("running")
    page = Page.objects.get()
    html = as_alice.get(f"/pages/{page.pk}/").content.decode()
    assert f'hx-get="/pages/{page.pk}/?status=running"' in html
    assert f"/pages/{page.pk}/image/" in html
    quiet = as_alice.get(f"/pages/{page.pk}/?status=running", headers=HTMX)
    assert quiet.status_code == 204
    Page.objects.update(status="done")
    news = as_alice.get(f"/pages/{page.pk}/?status=running", headers=HTMX)
    assert news["HX-Refresh"] == "true"


def test_a_page_that_failed_says_why_and_offers_to_retry(as_alice, make_job):
    job = make_job("failed", status="failed")
    html = as_alice.get(f"/pages/{Page.objects.get().pk}/").content.decode()
    assert "The page could not be recognised." in html
    assert "There is no picture of this page." not in html
    assert f'action="/jobs/{job.pk}/retry/"' in html
    assert "hx-get" not in html


def test_a_page_without_picture_says_whether_one_will_come(as_alice, make_job):
    make_job("waiting")
    address = f"/pages/{Page.objects.get().pk}/"
    assert "The picture of this page is not made yet." in as_alice.get(address).content.decode()
    Page.objects.update(status="failed", error_code="file-damaged")
    assert "There is no picture of this page." in as_alice.get(address).content.decode()


def test_a_page_without_text_says_so(as_alice, page):
    page.result.data["lines"] = []
    page.result.save()
    html = as_alice.get(f"/pages/{page.pk}/").content.decode()
    assert "No text was found on this page." in html


def test_a_page_takes_as_many_queries_in_a_long_job_as_in_a_short_one(
    as_alice, make_job, django_assert_num_queries
):
    make_job("done")
    page = Page.objects.get()
    with django_assert_num_queries(8):  # session, user, page, place, count, previous, next, text
        as_alice.get(f"/pages/{page.pk}/")
    add_document(page.job, ("done",) * 3)
    with django_assert_num_queries(8):
        as_alice.get(f"/pages/{page.pk}/")


@pytest.mark.parametrize("address", ["/pages/{page}/", "/jobs/{job}/pages/?n=1"])
def test_for_bob_alices_page_does_not_exist(as_bob, client, page, address):
    address = address.format(page=page.pk, job=page.job_id)
    assert as_bob.get(address).status_code == 404
    assert client.get(address).url.startswith("/login/")
