"""Recovering the work of exited workers and lost messages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ocrportal.accounts.models import Credential
from ocrportal.jobs.lease_owner import lease_owner
from ocrportal.jobs.models import Document, Page
from ocrportal.usage.rate_limit import acquire_slot
from ocrportal.workers import recover as recovery
from ocrportal.workers.recover import Idle, recover

pytestmark = pytest.mark.django_db


def long_ago(rows) -> None:
    rows.update(updated_at=timezone.now() - timedelta(minutes=1))


def test_an_upload_of_an_exited_process_fails(submit_files, open_all, exited_worker):
    job = submit_files("page_en.tif", "png.jpg")
    job.documents.filter(position=2).update(
        status=Document.Status.RECEIVING, lease_owner=lease_owner(), lease_expires_at=timezone.now()
    )
    open_all()
    lost = job.documents.filter(status=Document.Status.RECEIVING)
    lost.update(lease_expires_at=timezone.now() + timedelta(minutes=5))
    recover()
    assert lost.exists(), "they are still being stored"

    lost.update(lease_owner=exited_worker)
    recover()

    assert [(d.status, d.error_code) for d in job.documents.all()] == [
        (Document.Status.OPENED, ""),
        (Document.Status.FAILED, "upload-interrupted"),
    ]


def test_a_page_of_an_exited_worker_is_requeued(submit_files, open_all, exited_worker):
    job = submit_files("page_en.tif")
    open_all()
    job.pages.update(
        status=Page.Status.RUNNING,
        lease_owner=exited_worker,
        lease_expires_at=timezone.now() + timedelta(hours=1),
    )

    recover()

    assert job.pages.get().status == Page.Status.QUEUED


def test_a_page_of_a_running_worker_is_requeued_only_after_its_lease(submit_files, open_all):
    job = submit_files("page_en.tif")
    open_all()
    job.pages.update(
        status=Page.Status.RUNNING,
        lease_owner=lease_owner(),
        lease_expires_at=timezone.now() + timedelta(hours=1),
    )
    recover()
    assert job.pages.get().status == Page.Status.RUNNING

    job.pages.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    recover()
    assert job.pages.get().status == Page.Status.QUEUED


def test_a_document_of_an_exited_worker_is_requeued(submit_files, exited_worker):
    job = submit_files("scans.pdf")
    job.documents.update(
        status=Document.Status.OPENING,
        lease_owner=exited_worker,
        lease_expires_at=timezone.now() + timedelta(hours=1),
    )

    recover()

    assert job.documents.get().status == Document.Status.QUEUED


def test_a_job_whose_worker_exited_after_the_last_page_ends(submit_files, work_off):
    job = submit_files("page_en.tif")
    work_off()
    job.status, job.pages_done, job.finished_at = job.Status.RUNNING, 0, None
    job.save()

    recover()

    job.refresh_from_db()
    assert (job.status, job.pages_done) == (job.Status.DONE, 1)
    assert job.finished_at is not None


def test_a_job_with_a_leased_page_continues(submit_files, open_all):
    job = submit_files("page_en.tif")
    open_all()
    job.pages.update(
        status=Page.Status.RUNNING,
        lease_owner=lease_owner(),
        lease_expires_at=timezone.now() + timedelta(hours=1),
    )

    recover()

    job.refresh_from_db()
    assert job.status == job.Status.RUNNING


def test_queued_rows_without_recent_changes_are_idle(submit_files, open_all):
    job = submit_files("scans.pdf")
    open_all()
    waiting = submit_files("page_en.tif", "page_zh.png")
    assert recover() == Idle(documents=0, pages=0)  # all rows changed recently

    long_ago(job.pages)
    long_ago(waiting.documents)
    long_ago(job.documents)

    assert recover() == Idle(documents=2, pages=5)


def test_nothing_is_idle_while_pages_change(submit_files, open_all):
    job = submit_files("scans.pdf")
    open_all()
    long_ago(job.pages)
    job.pages.filter(number=1).update(status=Page.Status.DONE, updated_at=timezone.now())

    assert recover().pages == 0


def test_a_slow_page_causes_no_messages_for_other_pages(submit_files, open_all):
    job = submit_files("scans.pdf")
    open_all()
    job.pages.filter(number=1).update(
        status=Page.Status.RUNNING,
        lease_owner=lease_owner(),
        lease_expires_at=timezone.now() + timedelta(hours=1),
    )
    long_ago(job.pages)

    assert recover().pages == 0


def test_pages_of_a_cancelled_job_are_not_idle(submit_files, open_all):
    job = submit_files("scans.pdf")
    open_all()
    long_ago(job.pages)
    job.status = job.Status.CANCELLED
    job.save()

    assert recover().pages == 0


@pytest.fixture
def cloud_page(alice):
    """Make a page that waits for the cloud, in a job with a credential of its own."""

    def cloud_page(name: str, **fields) -> Page:
        keys = Credential.objects.create(
            owner=alice, name=name, kind="aksk", region="cn-north-4", verified_at=timezone.now()
        )
        job = alice.jobs.create(name=name, service="id-card", engine="huawei", credential=keys)
        document = job.documents.create(position=1, name=name, status=Document.Status.OPENED)
        return document.pages.create(job=job, number=1, **{"status": Page.Status.QUEUED, **fields})

    return cloud_page


def test_cloud_pages_are_idle_by_credential(cloud_page):
    slow = cloud_page("slow", status=Page.Status.RUNNING, lease_owner=lease_owner())
    cloud_page("quiet")
    Page.objects.update(lease_expires_at=timezone.now() + timedelta(hours=1))
    Document.objects.create(job=slow.job, position=2, name="more").pages.create(
        job=slow.job, number=1, status=Page.Status.QUEUED
    )
    assert recover().cloud_pages == 0  # all rows changed recently

    long_ago(Page.objects)
    assert recover().cloud_pages == 1


def test_no_worker_is_woken_for_pages_of_a_user_without_remaining_calls(cloud_page, alice):
    cloud_page("office")
    long_ago(Page.objects)
    alice.calls_per_month = 0
    alice.save()
    assert recover().cloud_pages == 0

    alice.calls_per_month = 1
    alice.save()
    assert recover().cloud_pages == 1


def test_a_page_is_not_requeued_before_its_calls_end(cloud_page, exited_worker, monkeypatch):
    def fail(page_id: int) -> None:
        raise InterruptedError

    page = cloud_page("office", status=Page.Status.RUNNING, lease_owner=exited_worker)
    monkeypatch.setattr(recovery, "end_calls_for", fail)
    with pytest.raises(InterruptedError):
        recover()
    page.refresh_from_db()
    assert page.status == Page.Status.RUNNING


def test_the_call_slot_of_an_exited_worker_ends_with_its_lease(cloud_page, exited_worker):
    page = cloud_page("office", status=Page.Status.RUNNING, lease_owner=exited_worker)
    turn = acquire_slot(
        credential=page.job.credential,
        service="id-card",
        user=page.job.owner,
        lasts_seconds=3600,
        page_id=page.pk,
    )
    recover()
    turn.refresh_from_db()
    assert turn.ended
