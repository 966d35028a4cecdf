"""Saving the results of a job to a bucket, from its page."""

from __future__ import annotations

import pytest

from ocrportal.jobs.models import Delivery, Document, Job, Page, Result
from ocrportal.results import PageResult
from ocrportal.workers.deliver import deliver_next
from tests.workers.test_fetch_source import key_of

pytestmark = pytest.mark.django_db
CHOSEN = {"bucket": "results", "prefix": "/2026//a", "formats": ["txt"]}


@pytest.fixture
def job(alice) -> Job:
    job = Job.objects.create(
        owner=alice, name="a.png", service="general-text", engine="local", status="done"
    )
    document = Document.objects.create(job=job, position=1, name="a.png")
    page = Page.objects.create(job=job, document=document, number=1, status="done")
    page.result = Result.objects.create(
        page=page, data=PageResult(10, 10, lines=(), engine="local").to_dict()
    )
    page.save()
    return job


@pytest.fixture
def key(alice, buckets, settings):
    settings.INTERNAL_HOSTS = ["127.0.0.1"]
    (buckets.folder / "results").mkdir()
    return key_of(alice, buckets)


def test_a_delivery_is_started_and_shown_on_the_job_page(as_alice, job, key, buckets):
    assert f"/jobs/{job.pk}/deliver/" in as_alice.get(f"/jobs/{job.pk}/").content.decode()
    form = as_alice.get(f"/jobs/{job.pk}/deliver/").content.decode()
    assert f'value="job-{job.pk}"' in form

    answer = as_alice.post(f"/jobs/{job.pk}/deliver/", CHOSEN | {"credential": key.pk})

    assert answer.headers["Location"] == f"/jobs/{job.pk}/"
    waiting = as_alice.get(f"/jobs/{job.pk}/").content.decode()
    assert f'hx-get="/jobs/{job.pk}/deliveries/"' in waiting
    deliver_next()
    shown = as_alice.get(f"/jobs/{job.pk}/deliveries/").content.decode()
    assert "obs://results/2026/a/" in shown
    assert "1 file written" in shown
    assert "hx-get" not in shown
    assert (buckets.folder / "results/2026/a/a.txt").exists()
    again = as_alice.get(f"/jobs/{job.pk}/deliver/").content.decode()
    assert 'value="2026/a/"' in again
    assert 'name="names" value="{name}"' in again


def test_an_unknown_placeholder_in_names_is_refused(as_alice, job, key):
    chosen = CHOSEN | {"credential": key.pk, "names": "{titel}"}
    answer = as_alice.post(f"/jobs/{job.pk}/deliver/", chosen)
    assert answer.status_code == 422
    assert "“{titel}”" in answer.content.decode()


def test_subtitles_are_offered_for_videos_alone(as_alice, job, key):
    address = f"/jobs/{job.pk}/deliver/"
    assert "Subtitles (SRT)" not in as_alice.get(address).content.decode()
    Document.objects.update(media_type="video/mp4")
    assert "Subtitles (SRT)" in as_alice.get(address).content.decode()


def test_what_went_wrong_is_a_sentence_on_the_page(as_alice, job, key):
    wrong = CHOSEN | {"credential": key.pk, "bucket": "nowhere"}
    as_alice.post(f"/jobs/{job.pk}/deliver/", wrong)
    deliver_next()
    assert "There is no bucket “nowhere”" in as_alice.get(f"/jobs/{job.pk}/").content.decode()


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"bucket": "A"}, "A bucket name has 3 to 63 lower-case letters"),
        ({"prefix": "a/../b"}, "A folder name cannot be"),
        ({"formats": ["exe"]}, "exe is not one of the available choices"),
        ({"credential": "0"}, "No credential “0” is available"),
    ],
)
def test_an_invalid_value_is_reported_at_its_field(as_alice, job, key, changes, shown):
    chosen = CHOSEN | {"credential": key.pk} | changes
    answer = as_alice.post(f"/jobs/{job.pk}/deliver/", chosen)
    assert answer.status_code == 422
    assert shown in answer.content.decode()
    assert not Delivery.objects.exists()


def test_a_job_under_way_is_not_saved_yet(as_alice, job, key):
    Job.objects.update(status="running")
    chosen = CHOSEN | {"credential": key.pk}
    page = as_alice.post(f"/jobs/{job.pk}/deliver/", chosen, follow=True).content.decode()
    assert "This job is still running." in page


def test_without_an_access_key_one_is_offered_to_be_added(as_alice, job):
    page = as_alice.get(f"/jobs/{job.pk}/deliver/").content.decode()
    assert "Add an access key" in page


def test_jobs_of_other_users_do_not_exist(client, as_bob, job):
    for address in (f"/jobs/{job.pk}/deliver/", f"/jobs/{job.pk}/deliveries/"):
        assert as_bob.get(address).status_code == 404
        assert client.get(address).status_code == 302
    assert as_bob.post(f"/jobs/{job.pk}/deliver/", CHOSEN).status_code == 404
