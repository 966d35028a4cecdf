"""Results written into a bucket."""

from __future__ import annotations

import pytest

from ocrportal.accounts.models import Credential
from ocrportal.errors.export import NoAnswers, NothingToExport, NoTimeCodes
from ocrportal.errors.request import JobStillActive
from ocrportal.jobs import leases
from ocrportal.jobs.leases import MAX_ATTEMPTS
from ocrportal.jobs.models import Delivery, Document, Job, Page, Result
from ocrportal.results import PageResult
from ocrportal.submission.deliver import deliver_job
from ocrportal.workers import deliver as delivering
from ocrportal.workers.deliver import deliver_next
from ocrportal.workers.recover import recover
from tests.fakes.objectstore import way_to
from tests.workers.test_fetch_source import key_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _settings(settings, monkeypatch):
    settings.INTERNAL_HOSTS = ["127.0.0.1"]
    settings.SWEEP_SECONDS = 0
    # On a busy machine the first DOCX file alone may take longer than a slice.
    monkeypatch.setattr(delivering, "SLICE_SECONDS", 600)


@pytest.fixture
def job(alice) -> Job:
    """An ended job of Alice's with two documents of one name."""
    job = Job.objects.create(
        owner=alice, name="合同.pdf", service="general-text", engine="local", status="done"
    )
    for position in (1, 2):
        document = Document.objects.create(job=job, position=position, name="合同.pdf")
        page = Page.objects.create(job=job, document=document, number=1, status="done")
        page.result = Result.objects.create(
            page=page, data=PageResult(10, 10, lines=(), engine="local").to_dict()
        )
        page.save()
    return job


@pytest.fixture
def deliver(alice, job, buckets):
    (buckets.folder / "results").mkdir()
    credential = key_of(alice, buckets)

    def deliver(**changes) -> Delivery:
        chosen = {"bucket": "results", "prefix": "2026/", "formats": ["txt"], **changes}
        if endpoint := chosen.pop("endpoint", ""):
            type(credential).objects.update(obs_endpoint=endpoint)
        return deliver_job(user=alice, job_id=job.pk, credential=credential, **chosen)

    return deliver


def written(buckets) -> list[str]:
    root = buckets.folder / "results"
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_each_document_is_written_in_each_format(deliver, buckets):
    delivery = deliver(formats=["txt", "docx"])
    assert deliver_next() is False
    delivery.refresh_from_db()
    assert (delivery.status, delivery.error_message) == ("done", "")
    assert (delivery.written, delivery.replaced) == (4, 0)
    assert written(buckets) == [
        "2026/合同 (2).docx",
        "2026/合同 (2).txt",
        "2026/合同.docx",
        "2026/合同.txt",
    ]
    assert deliver_next() is False


def test_files_are_named_by_the_pattern(deliver, buckets):
    deliver(names="{number}. {name}")
    deliver_next()
    assert written(buckets) == ["2026/1. 合同.txt", "2026/2. 合同.txt"]


def test_subtitles_are_written_of_videos_alone(deliver, buckets):
    Document.objects.filter(position=2).update(media_type="video/mp4")
    Page.objects.filter(document__position=2).update(seconds=1.5)
    delivery = deliver(formats=["txt", "srt"])
    deliver_next()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.written) == ("done", 3)
    assert written(buckets) == ["2026/合同 (2).srt", "2026/合同 (2).txt", "2026/合同.txt"]


def test_subtitles_of_no_video_are_refused_before_anything_is_written(deliver):
    with pytest.raises(NoTimeCodes):
        deliver(formats=["srt"])
    assert not Delivery.objects.exists()


def test_answers_of_a_cloud_that_was_not_asked_are_refused_before_anything_is_written(deliver):
    with pytest.raises(NoAnswers):
        deliver(formats=["raw"])
    assert not Delivery.objects.exists()


def test_files_of_an_earlier_delivery_are_overwritten_and_counted(deliver, buckets):
    deliver()
    deliver_next()
    again = deliver()
    deliver_next()
    again.refresh_from_db()
    assert (again.status, again.written, again.replaced) == ("done", 2, 2)
    assert len(written(buckets)) == 2


def test_other_objects_are_not_overwritten(deliver, buckets):
    buckets.put("results/2026/合同.txt", b"mine")
    delivery = deliver()
    deliver_next()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.error_code) == ("failed", "object-exists")
    assert "was not overwritten" in delivery.error_message
    assert (buckets.folder / "results/2026/合同.txt").read_bytes() == b"mine"


def test_a_long_delivery_is_written_in_slices(deliver, buckets, monkeypatch):
    monkeypatch.setattr(delivering, "SLICE_SECONDS", 0)
    delivery = deliver()
    assert deliver_next() is True
    delivery.refresh_from_db()
    assert (delivery.status, delivery.written) == ("queued", 1)
    while deliver_next():
        pass
    delivery.refresh_from_db()
    assert (delivery.status, delivery.written) == ("done", 2)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bucket": "nowhere"}, "bucket-unknown"),
        ({"endpoint": "http://127.0.0.1:9"}, "store-unreachable"),
    ],
)
def test_a_failed_delivery_has_an_error_code(deliver, changes, code):
    delivery = deliver(**changes)
    deliver_next()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.error_code, delivery.written) == ("failed", code, 0)


def test_a_store_with_an_internal_address_is_rejected(deliver, settings):
    settings.INTERNAL_HOSTS = []
    delivery = deliver()
    assert deliver_next() is False
    delivery.refresh_from_db()
    assert (delivery.status, delivery.error_code) == ("failed", "address-refused")


def test_a_connection_cut_again_and_again_is_tried_three_times(deliver, buckets):
    with way_to(buckets.port, cut_after=1) as way:
        delivery = deliver(endpoint=way.url)
        deliver_next()
    delivery.refresh_from_db()
    assert delivery.error_code == "store-unreachable"
    assert 1 <= way.requests <= 3


def test_a_missing_credential_fails_the_delivery(deliver):
    delivery = deliver()
    delivery.credential.delete()
    deliver_next()
    delivery.refresh_from_db()
    assert delivery.error_code == "store-credential-missing"


def test_a_delivery_is_written_if_its_credential_is_removed_meanwhile(deliver, monkeypatch):
    def lease_and_remove(*args, **kwargs):
        leased = lease_next(*args, **kwargs)
        Credential.objects.all().delete()
        return leased

    lease_next = leases.lease_next
    delivery = deliver()
    monkeypatch.setattr(leases, "lease_next", lease_and_remove)
    deliver_next()
    delivery.refresh_from_db()
    assert delivery.status == "done"


def test_a_delivery_of_an_exited_worker_is_repeated_and_fails_at_last(deliver, buckets):
    delivery = deliver()
    dead = {"status": "running", "lease_owner": "elsewhere/1/1/1", "lease_expires_at": None}
    Delivery.objects.update(**dead)
    assert recover().deliveries == 1
    deliver_next()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.written) == ("done", 2)

    Delivery.objects.update(attempts=MAX_ATTEMPTS, status="queued")
    deliver_next()
    delivery.refresh_from_db()
    assert delivery.error_code == "delivery-abandoned"


def test_a_delivery_taken_over_meanwhile_is_left_to_the_other(deliver, monkeypatch):
    delivery = deliver()
    write = delivering._write_document

    def slow(*args) -> int:
        Delivery.objects.update(attempts=7)
        return write(*args)

    monkeypatch.setattr(delivering, "_write_document", slow)
    assert deliver_next() is False
    delivery.refresh_from_db()
    assert (delivery.status, delivery.written) == ("running", 0)


def test_only_an_ended_job_with_results_is_delivered(deliver, job):
    Job.objects.update(status="running")
    with pytest.raises(JobStillActive):
        deliver()
    Job.objects.update(status="failed")
    Page.objects.update(result=None)
    with pytest.raises(NothingToExport):
        deliver()
    assert not Delivery.objects.exists()
