"""Cancelling a job."""

import pytest
from django.http import Http404

from ocrportal.errors.request import JobNotActive
from ocrportal.jobs.models import Job, Page
from ocrportal.submission.cancel import cancel_job
from ocrportal.submission.retry import retry_job

pytestmark = pytest.mark.django_db


def test_cancel_ends_a_job_immediately_and_keeps_finished_pages(submit_files, open_all, alice):
    job = submit_files("scans.pdf")
    open_all()
    first = job.pages.first()
    Page.objects.filter(pk=first.pk).update(status=Page.Status.DONE)

    job = cancel_job(user=alice, job_id=job.pk)

    assert job.status == Job.Status.CANCELLED
    assert job.finished_at is not None
    assert list(job.pages.values_list("status", flat=True)) == ["done"] + ["cancelled"] * 4
    # The worker of the first page had not refreshed the job yet.
    assert (job.pages_done, job.pages_total) == (1, 5)


def test_a_job_that_has_ended_cannot_be_cancelled(submit_files, alice):
    job = submit_files("empty.jpg")
    with pytest.raises(JobNotActive):
        cancel_job(user=alice, job_id=job.pk)


def test_a_job_of_another_user_does_not_exist(submit_files, bob):
    job = submit_files("page_en.tif")
    with pytest.raises(Http404):
        cancel_job(user=bob, job_id=job.pk)
    with pytest.raises(Http404):
        retry_job(user=bob, job_id=job.pk)
    job.refresh_from_db()
    assert job.status == Job.Status.QUEUED
