"""The remaining time of a job, shown only when it is known."""

import datetime as dt

import pytest
from django.utils import timezone

from ocrportal.jobs.models import Job, Page
from ocrportal.web.views.job.progress import job_seconds_left, seconds_left


def test_what_remains_takes_as_long_per_page_as_what_ended():
    assert seconds_left(elapsed=60, ended=20, remaining=100) == 300


def test_nothing_remains_takes_no_time():
    assert seconds_left(elapsed=60, ended=20, remaining=0) == 0


@pytest.mark.parametrize(("elapsed", "ended"), [(60, 0), (60, 1), (0, 5)])
def test_too_little_is_known_at_the_start(elapsed: float, ended: int):
    assert seconds_left(elapsed=elapsed, ended=ended, remaining=10) is None


@pytest.mark.parametrize("status", ["queued", "done", "cancelled"])
def test_a_job_that_does_not_run_has_no_time_left(status: str, make_job):
    job = make_job("done", "done", "queued", status=status)
    assert job_seconds_left(job, timezone.now()) is None


def test_a_retried_job_is_judged_by_what_ended_since(make_job):
    job = make_job("done", "done", "done", "done", "queued", "queued")
    job.started_at = timezone.now()
    before = Page.objects.filter(number__in=(1, 2))
    before.update(updated_at=job.started_at - dt.timedelta(hours=1))
    Page.objects.filter(number__in=(3, 4)).update(updated_at=job.started_at)
    later = job.started_at + dt.timedelta(seconds=10)
    assert job.status == Job.Status.RUNNING
    assert job_seconds_left(job, later) == 10
