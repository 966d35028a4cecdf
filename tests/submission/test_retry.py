"""Retrying failed and cancelled work."""

import pytest

from ocrportal.errors.request import NothingToRetry
from ocrportal.jobs.models import Job, Page
from ocrportal.submission.cancel import cancel_job
from ocrportal.submission.retry import retry_job

pytestmark = pytest.mark.django_db


def test_retry_queues_failed_pages_only(submit_files, work_off, alice):
    job = submit_files("frames.tif")
    work_off()
    results = set(job.pages.values_list("result", flat=True))
    failed = job.pages.order_by("number").last()
    Page.objects.filter(pk=failed.pk).update(
        status=Page.Status.FAILED, error_code="engine-failed", attempts=3
    )
    Job.objects.filter(pk=job.pk).update(status=Job.Status.PARTIAL)

    job = retry_job(user=alice, job_id=job.pk, enqueue=False)
    assert (job.status, job.pages_failed) == (Job.Status.RUNNING, 0)
    work_off()

    job.refresh_from_db()
    failed.refresh_from_db()
    assert job.status == Job.Status.DONE
    assert (failed.status, failed.error_code) == (Page.Status.DONE, "")
    assert len(results & set(job.pages.values_list("result", flat=True))) == len(results) - 1


def test_retry_continues_a_cancelled_job(submit_files, work_off, alice):
    job = submit_files("frames.tif", "page_en.tif")
    cancel_job(user=alice, job_id=job.pk)

    retry_job(user=alice, job_id=job.pk, enqueue=False)
    work_off()

    job.refresh_from_db()
    assert job.status == Job.Status.DONE
    assert job.pages_done == job.pages_total > 1


def test_a_document_that_failed_is_opened_again(submit_files, work_off, alice):
    job = submit_files("scans.pdf", pages="8")
    work_off()
    Job.objects.filter(pk=job.pk).update(page_range="5")

    retry_job(user=alice, job_id=job.pk, enqueue=False)
    work_off()

    job.refresh_from_db()
    assert job.status == Job.Status.DONE
    assert job.pages.get().number == 5


def test_a_finished_job_has_nothing_to_retry(submit_files, work_off, alice):
    job = submit_files("page_en.tif")
    work_off()
    with pytest.raises(NothingToRetry):
        retry_job(user=alice, job_id=job.pk)


def test_a_source_rejected_by_the_form_is_not_retried(submit_files, alice):
    job = submit_files("empty.jpg")
    with pytest.raises(NothingToRetry):
        retry_job(user=alice, job_id=job.pk)
