"""What the documents and pages of a job make of it."""

import pytest

from ocrportal.jobs import job_status
from ocrportal.jobs.job_status import refresh_job_status
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.submission.cancel import cancel_job
from ocrportal.submission.retry import retry_job
from ocrportal.submission.supply_password import supply_password

pytestmark = pytest.mark.django_db


def test_a_password_for_one_document_of_a_cancelled_job_brings_that_to_an_end(
    submit_files, open_all, work_off, alice
):
    job = submit_files("password_abc.pdf", "page_en.tif")
    open_all()
    cancel_job(user=alice, job_id=job.pk)
    protected = job.documents.get(status=Document.Status.FAILED)

    supply_password(user=alice, document_id=protected.pk, password="abc")
    work_off()

    job.refresh_from_db()
    assert job.status == Job.Status.PARTIAL, "the other document is cancelled still"
    assert (job.pages_done, job.pages_failed, job.pages_total) == (1, 0, 2)
    retry_job(user=alice, job_id=job.pk, enqueue=False)
    work_off()
    job.refresh_from_db()
    assert (job.status, job.pages_done) == (Job.Status.DONE, 2)


def test_a_page_that_ends_while_its_job_is_counted_is_not_missed(
    submit_files, work_off, monkeypatch
):
    job = submit_files("page_en.tif")
    work_off()
    Job.objects.filter(pk=job.pk).update(status=Job.Status.RUNNING)
    Page.objects.filter(job=job).update(status=Page.Status.RUNNING)

    def ends_meanwhile(job: Job) -> list[str]:
        fields = counted(job)
        Page.objects.filter(job=job).update(status=Page.Status.DONE)
        return fields

    counted = job_status.count_pages
    monkeypatch.setattr(job_status, "count_pages", ends_meanwhile)
    refresh_job_status(job.pk)

    job.refresh_from_db()
    assert job.status == Job.Status.RUNNING, "the worker of the page refreshes it again"
