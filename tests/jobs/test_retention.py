"""Deleting a job."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.utils import timezone

from ocrportal.accounts.models import User
from ocrportal.jobs import retention
from ocrportal.jobs.models import Document, Job, Page, Result
from ocrportal.jobs.models.export import Export
from ocrportal.jobs.retention import delete_expired_exports, delete_job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(alice: User) -> Page:
    """A page in work, of a job with a stored original."""
    job = Job.objects.create(owner=alice, name="scan", service="general-text", engine="local")
    document = Document.objects.create(job=job, position=1, name="scan.png")
    default_storage.save(f"jobs/{job.pk}/{document.pk}/source.png", ContentFile(b"content"))
    return Page.objects.create(job=job, document=document, number=1, status=Page.Status.RUNNING)


def test_rows_and_files_go(alice, page):
    Result.objects.create(page=page, service="general-text", engine="local", data={})

    delete_job(user=alice, job_id=page.job_id)

    assert not any(rows.objects.exists() for rows in (Job, Document, Page, Result))
    assert default_storage.listdir("jobs") == ([], [])


def test_a_strangers_job_stays(bob, page):
    with pytest.raises(Http404):
        delete_job(user=bob, job_id=page.job_id)
    assert Job.objects.exists()
    assert default_storage.listdir("jobs") == ([str(page.job_id)], [])


def test_a_result_that_is_being_added_goes_too(alice, page):
    with deletion_meanwhile(lambda: delete_job(user=alice, job_id=page.job_id)):
        Page.objects.select_for_update().get()
        result = Result.objects.create(page=page, service="general-text", engine="local", data={})
        Page.objects.update(result=result, status=Page.Status.DONE)
    assert not Job.objects.exists()
    assert not Result.objects.exists()


def test_pages_that_are_being_added_go_too(alice, page):
    with deletion_meanwhile(lambda: delete_job(user=alice, job_id=page.job_id)):
        document = Document.objects.select_for_update().get()
        Page.objects.create(job_id=page.job_id, document=document, number=2)
    assert not Job.objects.exists()
    assert not Page.objects.exists()


@contextmanager
def deletion_meanwhile(delete: Callable[[], None]) -> Iterator[None]:
    """Delete while another transaction, the block, has written and not yet committed.

    SQLite lets only one write at a time: there the deletion begins after it.
    """
    failures: list[DatabaseError] = []

    def run() -> None:
        try:
            delete()
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    deletion = threading.Thread(target=run)
    with transaction.atomic():
        yield
        if connection.features.has_select_for_update:
            deletion.start()
            while deletion.is_alive() and not _a_session_waits_for_a_lock():
                time.sleep(0.01)
    if deletion.ident is None:
        deletion.start()
    deletion.join()
    assert failures == []


def _a_session_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
        return cursor.fetchone() is not None


def test_an_export_stays_until_the_storage_lets_its_file_go(page, monkeypatch):
    """Its row leads to the file; other work goes on meanwhile."""
    long_ago = timezone.now() - timedelta(days=90)
    Export.objects.create(job=page.job, format="txt", status="done", finished_at=long_ago)

    def out_of_reach(*_ids: int) -> None:
        raise OSError("no route to the store")

    with monkeypatch.context() as patch:
        patch.setattr(retention, "delete_export_files", out_of_reach)
        delete_expired_exports()
    assert Export.objects.count() == 1
    delete_expired_exports()
    assert not Export.objects.exists()
