"""One's own jobs, newest first, found again quickly."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from ocrportal.jobs.models import Document, Job


def names(response) -> list[str]:
    return [job.name for job in response.context["page"]]


@pytest.fixture
def three_jobs(make_job):
    return [
        make_job("done", name="报告.pdf"),
        make_job("failed", name="letter.png", status="failed"),
        make_job("queued", name="Letter 2.png"),
    ]


def test_ones_jobs_are_listed_newest_first(as_alice, three_jobs, make_job, bob):
    make_job("done", owner=bob, name="bob's.png")
    assert names(as_alice.get("/jobs/")) == ["Letter 2.png", "letter.png", "报告.pdf"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name=LETTER", ["Letter 2.png", "letter.png"]),
        ("name=报告", ["报告.pdf"]),
        ("status=failed", ["letter.png"]),
        ("name=letter&status=running", ["Letter 2.png"]),
        ("since=2999-01-01", []),
        ("until=2000-01-01", []),
    ],
)
def test_the_filter_narrows_the_list(as_alice, three_jobs, query, found):
    assert names(as_alice.get(f"/jobs/?{query}")) == found


def test_both_days_of_a_span_are_included(as_alice, make_job):
    job = make_job("done")
    Job.objects.filter(pk=job.pk).update(
        created_at=timezone.make_aware(dt.datetime(2026, 3, 5, 23, 59))
    )
    assert names(as_alice.get("/jobs/?since=2026-03-05&until=2026-03-05")) == [job.name]
    assert names(as_alice.get("/jobs/?since=2026-03-06")) == []


def test_an_invalid_day_shows_an_error_and_does_not_filter(as_alice, three_jobs):
    response = as_alice.get("/jobs/?since=yesterday&status=odd")
    assert len(names(response)) == 3
    assert "Enter a valid date." in response.content.decode()


def test_an_empty_history_leads_to_the_first_job(as_alice):
    page = as_alice.get("/jobs/").content.decode()
    assert "No jobs yet." in page
    assert 'role="search"' not in page


def test_a_filter_without_matches_suggests_what_to_do(as_alice, three_jobs):
    page = as_alice.get("/jobs/?name=nowhere").content.decode()
    assert "No matching jobs." in page
    assert 'value="nowhere"' in page


def test_a_word_file_is_offered_once_a_page_is_done(as_alice, three_jobs):
    page = as_alice.get("/jobs/").content.decode()
    assert re.findall(r"/jobs/(\d+)/export/docx/", page) == [str(three_jobs[0].pk)]


def test_the_list_takes_as_many_queries_for_three_jobs_as_for_one(
    as_alice, make_job, django_assert_num_queries
):
    make_job("done")
    with django_assert_num_queries(4):  # session, user, count, jobs
        as_alice.get("/jobs/")
    make_job("done")
    make_job("failed")
    with django_assert_num_queries(4):
        as_alice.get("/jobs/")


def test_twenty_thousand_jobs_are_paged_by_the_same_queries(
    as_alice, alice, django_assert_num_queries
):
    jobs = Job.objects.bulk_create(
        Job(owner=alice, name=f"{number}.pdf", service="general-text", engine="local")
        for number in range(20_000)
    )
    Document.objects.bulk_create(
        Document(job=job, position=1, name=f"scan of {job.name}") for job in jobs
    )
    with django_assert_num_queries(4):
        first = as_alice.get("/jobs/")
    assert names(first) == [f"{number}.pdf" for number in range(19_999, 19_974, -1)]
    with django_assert_num_queries(4):
        last = as_alice.get("/jobs/?page=800")
    assert names(last) == [f"{number}.pdf" for number in range(24, -1, -1)]
    with django_assert_num_queries(4):
        found = as_alice.get("/jobs/?name=of+1777.")
    assert names(found) == ["1777.pdf"]


def test_the_links_to_other_pages_keep_the_filter(as_alice, alice):
    Job.objects.bulk_create(
        Job(owner=alice, name="a.png", service="general-text", engine="local") for _ in range(26)
    )
    page = as_alice.get("/jobs/?name=a&page=1").content.decode()
    assert 'href="?name=a&amp;page=2"' in page


def test_a_page_beyond_the_last_shows_the_last(as_alice, three_jobs):
    assert len(names(as_alice.get("/jobs/?page=99"))) == 3


def test_without_signing_in_there_is_only_the_sign_in_page(client, db):
    assert client.get("/jobs/?name=a").url == "/login/?next=/jobs/%3Fname%3Da"
