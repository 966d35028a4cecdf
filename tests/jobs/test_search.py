"""Finding one's jobs again."""

import datetime as dt

import pytest
from django.utils import timezone

from ocrportal.jobs.models import Document, Job
from ocrportal.jobs.search import find_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_job(alice):
    def make_job(*names: str, status: str = "done", day: str = "2026-03-05 12:00") -> Job:
        job = Job.objects.create(
            owner=alice, name=names[0], service="general-text", engine="local", status=status
        )
        for position, name in enumerate(names, start=1):
            Document.objects.create(job=job, position=position, name=name)
        created = timezone.make_aware(dt.datetime.fromisoformat(day))
        Job.objects.filter(pk=job.pk).update(created_at=created)
        return job

    return make_job


def test_newest_first(make_job):
    old = make_job("old.pdf", day="2026-03-01")
    new = make_job("new.pdf", day="2026-03-09")
    assert list(find_jobs(Job.objects.all())) == [new, old]


def test_a_name_is_found_in_any_case_and_in_any_document(make_job):
    contract = make_job("cover.png", "合同 Final.PDF")
    make_job("other.png")
    assert list(find_jobs(Job.objects.all(), name="final")) == [contract]
    assert list(find_jobs(Job.objects.all(), name="合同")) == [contract]
    assert list(find_jobs(Job.objects.all(), name="cover")) == [contract]


def test_a_job_with_two_fitting_documents_is_listed_once(make_job):
    job = make_job("scan 1.png", "scan 2.png")
    assert list(find_jobs(Job.objects.all(), name="scan")) == [job]


def test_state(make_job):
    make_job("a.png")
    failed = make_job("b.png", status="failed")
    assert list(find_jobs(Job.objects.all(), status="failed")) == [failed]


def test_both_days_of_a_span_count_from_midnight_to_midnight_here(make_job):
    first = make_job("first.png", day="2026-03-05 00:00")
    last = make_job("last.png", day="2026-03-06 23:59")
    make_job("before.png", day="2026-03-04 23:59")
    make_job("after.png", day="2026-03-07 00:00")
    span = {"since": dt.date(2026, 3, 5), "until": dt.date(2026, 3, 6)}
    assert list(find_jobs(Job.objects.all(), **span)) == [last, first]


def test_a_day_at_the_end_of_the_calendar_is_a_day(make_job):
    job = make_job("scan.png")
    assert list(find_jobs(Job.objects.all(), since=dt.date.min, until=dt.date.max)) == [job]
    assert not find_jobs(Job.objects.all(), since=dt.date.max)
    assert not find_jobs(Job.objects.all(), until=dt.date.min)


def test_a_character_that_the_database_refuses_finds_nothing(make_job):
    make_job("scan.png")
    assert not find_jobs(Job.objects.all(), name="\0")
    assert not find_jobs(Job.objects.all(), status="\0")
