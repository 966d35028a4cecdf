"""Leases of the four kinds of work: taken once, written only by the owner, requeued after it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ocrportal.errors.ingest import IngestError
from ocrportal.jobs import leases
from ocrportal.jobs.leases import MAX_ATTEMPTS
from ocrportal.jobs.models import Delivery, Document, Export, Leased, Page

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[Document, Page, Delivery, Export])
def row(request, alice) -> Leased:
    """A queued row of each kind."""
    job = alice.jobs.create(name="a", service="general-text", engine="local")
    if request.param is Delivery:
        return job.deliveries.create(bucket="scans")
    if request.param is Export:
        return job.exports.create(format="txt", language="en", made_from="")
    document = job.documents.create(position=1, name="a")
    return (
        document
        if request.param is Document
        else document.pages.create(job=job, number=1, status="queued")
    )


def stored(row: Leased) -> Leased:
    return type(row).objects.get(pk=row.pk)


def test_a_row_is_leased_once(row):
    leased = leases.lease(row, seconds=60)
    assert (leased.status, leased.attempts) == (row.LEASED, 1)
    assert leased.lease_expires_at > timezone.now() + timedelta(seconds=50)
    assert leases.lease(row, seconds=60) is None


def test_the_first_queued_row_is_leased(row):
    queued = type(row).objects.filter(status="queued").order_by("pk")
    assert leases.lease_next(queued, seconds=60) == row
    assert leases.lease_next(queued, seconds=60) is None


def test_a_row_leased_by_another_worker_meanwhile_is_skipped(row, monkeypatch):
    lease = leases.lease

    def other_worker_is_faster(candidate, *, seconds):
        lease(candidate, seconds=seconds)
        return lease(candidate, seconds=seconds)

    monkeypatch.setattr(leases, "lease", other_worker_is_faster)
    queued = type(row).objects.filter(status="queued").order_by("pk")
    assert leases.lease_next(queued, seconds=60) is None


def test_a_deleted_row_is_not_leased(row):
    type(row).objects.all().delete()
    assert leases.lease(row, seconds=60) is None


def test_a_released_row_is_queued_without_attempts(row):
    assert leases.release(leases.lease(row, seconds=60))
    assert (stored(row).status, stored(row).attempts) == ("queued", 0)
    assert stored(row).lease_expires_at is None


def test_a_failed_row_has_the_error(row):
    assert leases.fail(leases.lease(row, seconds=60), IngestError())
    assert (stored(row).status, stored(row).error_code) == ("failed", IngestError.code)


def test_a_renewed_lease_expires_later(row):
    leased = leases.lease(row, seconds=60)
    assert leases.renew(leased, seconds=600)
    assert stored(row).lease_expires_at > leased.lease_expires_at


@pytest.mark.parametrize(
    "write",
    [
        leases.release,
        leases.update_owned,
        lambda row: leases.fail(row, IngestError()),
        lambda row: leases.end(row, "done"),
        lambda row: leases.renew(row, seconds=60),
    ],
    ids=["release", "update", "fail", "end", "renew"],
)
def test_a_replaced_lease_writes_nothing(row, write):
    replaced = leases.lease(row, seconds=60)
    type(row).objects.update(status="queued")
    leases.lease(row, seconds=60)
    before = type(row).objects.values().get()
    assert not write(replaced)
    assert type(row).objects.values().get() == before


def test_a_row_of_an_exited_worker_is_requeued_with_its_attempts(row, exited_worker):
    leases.lease(row, seconds=60)
    assert leases.requeue_stale(type(row)) == []
    type(row).objects.update(lease_owner=exited_worker)
    assert leases.requeue_stale(type(row)) == [row]
    assert (stored(row).status, stored(row).attempts) == ("queued", 1)


def test_an_expired_lease_is_requeued(row):
    leases.lease(row, seconds=-1)
    assert leases.requeue_stale(type(row)) == [row]


def test_too_many_attempts_raise_the_error_of_the_kind(row):
    type(row).objects.update(attempts=MAX_ATTEMPTS)
    with pytest.raises(row.ABANDONED):
        leases.check_attempts(leases.lease(row, seconds=60))
