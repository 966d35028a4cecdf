"""The work on one page."""

import io

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from numpy.typing import NDArray
from PIL import Image

from bench.transforms import photographed, turned
from ocrportal.engines import engine_for
from ocrportal.errors.engine import EngineError
from ocrportal.geometry import Quad
from ocrportal.jobs.leases import MAX_ATTEMPTS
from ocrportal.jobs.models import Job, Page, Result
from ocrportal.submission.cancel import cancel_job
from ocrportal.workers import read_page
from ocrportal.workers.read_page import recognise_next_page
from tests.exporters.pages import joined_text

pytestmark = pytest.mark.django_db


class Interruption:
    """The real engine, but something happens while it reads."""

    key = "local"

    def __init__(self, happens):
        self.happens = happens

    def recognise(self, image, service, options):
        self.happens()
        return engine_for("local").recognise(image, service, options)


def during_recognition(monkeypatch, happens) -> None:
    engine = Interruption(happens)
    monkeypatch.setattr(read_page, "engine_for", lambda key, threads: engine)


def test_a_real_page_is_read_and_kept_as_its_current_result(submit_files, work_off, samples):
    job = submit_files("page_en.tif")

    work_off()

    page = job.pages.get()
    assert page.status == Page.Status.DONE
    assert page.result == Result.objects.get()
    text = joined_text(page.result.page_result)
    assert "quick brown dog jumped over the lazy fox" in text.replace("\n", " ")
    job.refresh_from_db()
    assert (job.status, job.pages_done, job.pages_failed) == (Job.Status.DONE, 1, 0)
    assert job.finished_at is not None


def test_without_queued_pages_no_page_is_recognised(db):
    assert recognise_next_page() is False


def test_pages_of_two_jobs_are_read_in_turn(submit_files, open_all, bob):
    long = submit_files("scans.pdf")
    short = submit_files("page_en.tif", user=bob)
    open_all()

    recognise_next_page()
    recognise_next_page()

    assert long.pages.filter(status=Page.Status.DONE).count() == 1
    assert short.pages.get().status == Page.Status.DONE


def test_a_page_that_the_engine_cannot_read_fails_and_the_rest_goes_on(
    submit_files, open_all, monkeypatch
):
    job = submit_files("frames.tif", "page_en.tif")
    open_all()

    def fail() -> None:
        raise EngineError

    with monkeypatch.context() as patch:
        during_recognition(patch, fail)
        recognise_next_page()
    while recognise_next_page():
        pass

    failed = job.pages.get(status=Page.Status.FAILED)
    assert (failed.document.name, failed.number) == ("frames.tif", 1)
    assert failed.error_message == (
        "The page could not be recognised. Retry it. If that fails too, scan it again."
    )
    job.refresh_from_db()
    assert job.status == Job.Status.PARTIAL


def test_a_page_without_its_image_fails(submit_files, open_all):
    job = submit_files("page_en.tif")
    open_all()
    page = job.pages.get()
    default_storage.delete(page.image.name)

    recognise_next_page()

    page.refresh_from_db()
    assert (page.status, page.error_code) == (Page.Status.FAILED, "engine-failed")
    job.refresh_from_db()
    assert job.status == Job.Status.FAILED


def test_a_result_that_comes_after_the_cancel_is_dropped(
    submit_files, open_all, alice, monkeypatch
):
    job = submit_files("page_en.tif")
    open_all()
    during_recognition(monkeypatch, lambda: cancel_job(user=alice, job_id=job.pk))

    recognise_next_page()

    page = job.pages.get()
    assert (page.status, page.result) == (Page.Status.CANCELLED, None)
    assert Result.objects.count() == 0


def test_a_result_that_comes_after_the_job_was_deleted_is_dropped(
    submit_files, open_all, monkeypatch
):
    job = submit_files("page_en.tif")
    open_all()
    during_recognition(monkeypatch, lambda: Job.objects.all().delete())

    recognise_next_page()

    assert not Job.objects.filter(pk=job.pk).exists()
    assert Result.objects.count() == 0


def test_a_worker_that_lost_its_lease_does_not_overwrite_the_result_of_the_next(
    submit_files, open_all, monkeypatch
):
    job = submit_files("page_en.tif")
    open_all()

    def another_worker_leases_it() -> None:
        monkeypatch.undo()
        job.pages.update(status=Page.Status.QUEUED)
        recognise_next_page()

    during_recognition(monkeypatch, another_worker_leases_it)
    recognise_next_page()

    assert job.pages.get().result == Result.objects.get()


def test_a_page_whose_workers_keep_dying_fails_instead_of_killing_more(submit_files, open_all):
    job = submit_files("page_en.tif")
    open_all()
    job.pages.update(attempts=MAX_ATTEMPTS)

    recognise_next_page()

    page = job.pages.get()
    assert (page.status, page.error_code) == (Page.Status.FAILED, "page-abandoned")


def show_instead(page: Page, image: Image.Image) -> None:
    """Put another picture in the place of a page's own."""
    file = io.BytesIO()
    image.save(file, "PNG")
    page.image.save("other.png", ContentFile(file.getvalue()))


def share_within(box: Quad, ink: NDArray[np.bool_]) -> float:
    """How much of a box is ink, looked at in a grid of places."""
    start, end, _, below = np.array(box)
    steps = np.mgrid[0:1:61j, 0:1:10j].reshape(2, -1).T
    places = start + steps[:, :1] * (end - start) + steps[:, 1:] * (below - start)
    columns, rows = places.astype(int).T
    return float(ink[rows, columns].mean())


@pytest.mark.parametrize("correct_perspective", [True, False])
def test_boxes_of_a_page_photographed_from_an_angle_match_its_ink(
    submit_files, open_all, samples, correct_perspective
):
    job = submit_files("page_en.tif")
    open_all()
    photo = photographed(Image.open(samples / "page_en.tif").resize((1280, 960)), busy=False)
    show_instead(job.pages.get(), photo)
    Job.objects.update(preprocessing={"correct_perspective": correct_perspective})

    recognise_next_page()

    result = job.pages.get().result.page_result
    assert (result.width, result.height) == photo.size
    text = " ".join(line.text for line in result.lines)
    assert "quick brown dog jumped over the lazy fox" in text
    assert len(result.lines) == 8
    ink = np.asarray(photo.convert("L")) < 110
    assert all(0.08 < share_within(line.box, ink) < 0.5 for line in result.lines)


def test_a_rotated_page_is_turned_only_with_that_step(submit_files, open_all, samples):
    texts = []
    for auto_rotate in (True, False):
        job = submit_files("page_en.tif")
        open_all()
        show_instead(job.pages.get(), turned(Image.open(samples / "page_en.tif"), 180))
        Job.objects.filter(pk=job.pk).update(preprocessing={"auto_rotate": auto_rotate})
        recognise_next_page(job.pk)
        result = job.pages.get().result.page_result
        texts.append((result.rotation, "quick" in str([line.text for line in result.lines])))
    assert texts == [(180, True), (0, False)]
