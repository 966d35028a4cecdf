"""From a stored source to page rows with pictures."""

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from ocrportal.errors.ingest import DamagedFile
from ocrportal.ingest.base import PageImage
from ocrportal.ingest.sandbox.isolation import IsolatedPages
from ocrportal.jobs.leases import MAX_ATTEMPTS
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.jobs.retention import delete_job
from ocrportal.submission.cancel import cancel_job
from ocrportal.submission.retry import retry_job
from ocrportal.submission.sources import check_address
from ocrportal.submission.submit import submit
from ocrportal.workers import open_document
from ocrportal.workers.open_document import open_next_document
from tests.website import page as answer
from tests.website import raw, website

pytestmark = pytest.mark.django_db


def test_each_page_of_a_pdf_becomes_a_queued_page_with_a_picture_and_a_thumbnail(
    submit_files, open_all
):
    job = submit_files("scans.pdf")

    assert open_all() == 5

    pages = list(job.pages.order_by("number"))
    assert [page.number for page in pages] == [1, 2, 3, 4, 5]
    assert {page.status for page in pages} == {Page.Status.QUEUED}
    for page in pages:
        with page.image.open("rb") as file, Image.open(file) as picture:
            assert picture.size == (page.width, page.height)
        with page.thumbnail.open("rb") as file, Image.open(file) as thumbnail:
            assert thumbnail.format == "JPEG"
    job.refresh_from_db()
    assert (job.status, job.pages_total) == (Job.Status.RUNNING, 5)
    assert job.documents.get().page_count == 5


def test_only_the_pages_of_the_range_are_made(submit_files, open_all):
    job = submit_files("scans.pdf", pages="2-3,5")
    open_all()
    assert list(job.pages.values_list("number", flat=True)) == [2, 3, 5]


def test_the_range_does_not_apply_to_single_pictures_beside_a_document(submit_files, open_all):
    job = submit_files("scans.pdf", "page_zh.png", pages="2-3")
    open_all()
    assert list(job.pages.values_list("document__name", "number")) == [
        ("scans.pdf", 2),
        ("scans.pdf", 3),
        ("page_zh.png", 1),
    ]


def test_a_range_beyond_the_end_fails_the_document_with_the_number_of_its_pages(
    submit_files, open_all
):
    job = submit_files("scans.pdf", pages="8-9")
    open_all()
    document = job.documents.get()
    assert document.status == Document.Status.FAILED
    assert document.error_code == "page-range-empty"
    assert document.error_message == (
        "The file has 5 pages, none of them in “8-9”. Change the page range."
    )
    job.refresh_from_db()
    assert job.status == Job.Status.FAILED


def test_more_pages_than_the_limit_fail_the_document(submit_files, open_all, settings):
    settings.MAX_PAGES_PER_FILE = 4
    job = submit_files("scans.pdf")
    open_all()
    assert job.documents.get().error_code == "too-many-pages"
    assert job.pages.count() == 0


def test_more_pages_than_the_limit_are_fine_if_few_are_chosen(submit_files, open_all, settings):
    settings.MAX_PAGES_PER_FILE = 4
    job = submit_files("scans.pdf", pages="1-4")
    open_all()
    assert job.pages.count() == 4


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("pixel_bomb.png", "picture-too-large"),
        ("password_abc.pdf", "password-needed"),
        ("no_pages.pdf", "no-pages"),
    ],
)
def test_a_source_that_cannot_be_opened_fails_alone(submit_files, open_all, name, code):
    job = submit_files(name, "page_en.tif")
    open_all()
    bad, good = job.documents.all()
    assert (bad.status, bad.error_code) == (Document.Status.FAILED, code)
    assert good.status == Document.Status.OPENED
    assert good.pages.get().status == Page.Status.QUEUED


def test_a_document_without_its_original_fails(submit_files, open_all):
    job = submit_files("scans.pdf")
    default_storage.delete(job.documents.get().file.name)
    open_all()
    document = job.documents.get()
    assert (document.status, document.error_code) == (Document.Status.FAILED, "intake-failed")
    job.refresh_from_db()
    assert job.status == Job.Status.FAILED


def test_a_page_that_cannot_be_made_fails_alone_with_its_reason(submit_files, open_all):
    job = submit_files("truncated.jpg", "page_en.tif")
    open_all()
    assert list(job.pages.values_list("document__name", "status", "error_code")) == [
        ("truncated.jpg", Page.Status.FAILED, "file-damaged"),
        ("page_en.tif", Page.Status.QUEUED, ""),
    ]


def test_a_long_document_is_opened_in_slices_and_none_of_its_pages_is_made_twice(
    submit_files, monkeypatch
):
    monkeypatch.setattr(open_document, "SLICE_SECONDS", 0)
    job = submit_files("scans.pdf")
    document = job.documents.get()

    slices = 0
    while open_next_document(page_ready=lambda job: None):
        slices += 1
        document.refresh_from_db()
        assert document.status == Document.Status.QUEUED
        assert job.pages.filter(status=Page.Status.QUEUED).count() == slices

    document.refresh_from_db()
    assert document.status == Document.Status.OPENED
    assert slices == 5  # even a slice without time makes a page
    assert job.pages.filter(status=Page.Status.QUEUED).count() == 5
    _, files = default_storage.listdir(f"jobs/{job.pk}/{document.pk}")
    assert len([name for name in files if name.startswith("p")]) == 5


def test_jobs_take_turns_so_that_a_picture_does_not_wait_for_a_long_document(
    submit_files, bob, monkeypatch
):
    monkeypatch.setattr(open_document, "SLICE_SECONDS", 0)
    submit_files("scans.pdf")
    open_next_document(page_ready=lambda job: None)
    short = submit_files("page_en.tif", user=bob)

    monkeypatch.setattr(open_document, "SLICE_SECONDS", 10)
    open_next_document(page_ready=lambda job: None)

    assert short.documents.get().status == Document.Status.OPENED


def test_cancelling_in_the_middle_stops_the_opening_at_the_next_page(submit_files, alice):
    job = submit_files("scans.pdf")

    def cancel_after_the_first_page(job: Job) -> None:
        cancel_job(user=alice, job_id=job.pk)

    assert not open_next_document(page_ready=cancel_after_the_first_page)

    document = job.documents.get()
    assert document.status == Document.Status.CANCELLED
    assert set(job.pages.values_list("status", flat=True)) == {Page.Status.CANCELLED}
    _, files = default_storage.listdir(f"jobs/{job.pk}/{document.pk}")
    assert sorted(files) == ["p00001.jpg", "source.pdf", "t00001.jpg"]


def test_deleting_a_job_while_a_picture_of_it_is_made_leaves_no_file_behind(
    submit_files, alice, monkeypatch, django_capture_on_commit_callbacks
):
    job = submit_files("page_en.tif")

    def delete_and_read(source: IsolatedPages, number: int) -> PageImage:
        with django_capture_on_commit_callbacks(execute=True):
            delete_job(user=alice, job_id=job.pk)
        return read_page(source, number)

    read_page = IsolatedPages.read_page
    monkeypatch.setattr(IsolatedPages, "read_page", delete_and_read)

    assert not open_next_document(page_ready=lambda job: None)

    assert default_storage.listdir("jobs") == ([], [])


def before_planning(monkeypatch, happens) -> None:
    """Let something happen once a document is leased, before its pages are known."""

    def open_late(*args, **kwargs):
        monkeypatch.undo()
        happens()
        return open_document.open_isolated(*args, **kwargs)

    monkeypatch.setattr(open_document, "open_isolated", open_late)


def test_a_job_cancelled_before_its_pages_are_known_gets_none(submit_files, alice, monkeypatch):
    job = submit_files("scans.pdf")
    before_planning(monkeypatch, lambda: cancel_job(user=alice, job_id=job.pk))

    assert not open_next_document(page_ready=lambda job: None)

    assert job.documents.get().status == Document.Status.CANCELLED
    assert not job.pages.exists()


def test_a_job_deleted_before_its_pages_are_known_stays_deleted(submit_files, alice, monkeypatch):
    job = submit_files("scans.pdf")
    before_planning(monkeypatch, lambda: delete_job(user=alice, job_id=job.pk))

    assert not open_next_document(page_ready=lambda job: None)

    assert not Page.objects.exists()


def test_a_failing_worker_that_lost_its_lease_deletes_no_page_of_the_next(
    submit_files, monkeypatch
):
    job = submit_files("scans.pdf")

    def another_worker_leases_it() -> None:
        job.documents.update(status=Document.Status.QUEUED)
        with monkeypatch.context() as patch:
            patch.setattr(open_document, "SLICE_SECONDS", 0)
            open_next_document(page_ready=lambda job: None)
        raise DamagedFile

    before_planning(monkeypatch, another_worker_leases_it)
    open_next_document(page_ready=lambda job: None)

    assert job.documents.get().status == Document.Status.QUEUED
    assert job.pages.filter(status=Page.Status.QUEUED).count() == 1
    assert job.pages.filter(status=Page.Status.WAITING).count() == 4


def test_a_document_whose_workers_keep_dying_fails_with_what_to_do(submit_files, open_all):
    job = submit_files("scans.pdf", "page_en.tif")
    job.documents.filter(position=1).update(attempts=MAX_ATTEMPTS)

    open_all()

    deadly, harmless = job.documents.all()
    assert (deadly.status, deadly.error_code) == (Document.Status.FAILED, "opening-abandoned")
    assert deadly.error_message == (
        "Opening this file was interrupted 5 times (out of memory or time). Split it, "
        "or reduce its size, and try again."
    )
    assert harmless.status == Document.Status.OPENED


class TestAddresses:
    """Sources that are not uploaded but fetched."""

    @pytest.fixture
    def site(self, settings):
        settings.INTERNAL_HOSTS = ["127.0.0.2"]
        with website("127.0.0.2") as site:
            yield site

    @pytest.fixture
    def submit_address(self, alice, site):
        def submit_address(path: str = "/scans.pdf") -> Job:
            sources = [check_address(site.address(path))]
            return submit(
                user=alice, sources=sources, service="general-text", engine="local", enqueue=False
            )

        return submit_address

    def test_the_file_is_fetched_and_kept_as_the_original(
        self, submit_address, site, samples, open_all
    ):
        scans = (samples / "scans.pdf").read_bytes()
        site.answers["/1"] = answer(scans, "Content-Disposition: attachment; filename=扫描.pdf")
        job = submit_address("/1?signature=abc")
        assert site.visits == 0  # the submission does not wait for it

        assert open_all() == 5

        document = job.documents.get()
        assert (document.status, document.name) == (Document.Status.OPENED, "扫描.pdf")
        assert document.address == site.address("/1?signature=abc")
        assert (document.media_type, document.size) == ("application/pdf", len(scans))
        with document.file.open("rb") as file:
            assert file.read() == scans
        assert site.visits == 1

    def test_fetching_and_opening_are_two_slices(self, submit_address, site, samples):
        site.answers["/scans.pdf"] = answer((samples / "scans.pdf").read_bytes())
        job = submit_address()

        assert open_next_document(page_ready=lambda job: None)

        document = job.documents.get()
        assert (document.status, document.attempts) == (Document.Status.QUEUED, 0)
        assert document.file
        assert not job.pages.exists()

    def test_a_failed_fetch_is_reported_and_a_retry_fetches_again(
        self, submit_address, site, samples, open_all, alice
    ):
        site.answers["/scans.pdf"] = answer((samples / "html.jpg").read_bytes())
        job = submit_address()
        open_all()
        document = job.documents.get()
        assert (document.status, document.error_code) == (
            Document.Status.FAILED,
            "address-gives-nothing",
        )
        assert not document.file

        site.answers["/scans.pdf"] = answer((samples / "scans.pdf").read_bytes())
        retry_job(user=alice, job_id=job.pk, enqueue=False)
        assert open_all() == 5
        assert job.documents.get().error_code == ""

    def test_a_file_that_breaks_off_fails_and_is_not_kept(self, submit_address, site, open_all):
        site.answers["/scans.pdf"] = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n%PDF-")
        job = submit_address()
        open_all()
        assert job.documents.get().error_code == "address-unreachable"
        assert not default_storage.exists(f"jobs/{job.pk}")

    def test_more_than_the_limit_fails(self, submit_address, site, samples, open_all, settings):
        settings.MAX_FILE_MB = 0
        site.answers["/scans.pdf"] = answer((samples / "scans.pdf").read_bytes())
        job = submit_address()
        open_all()
        assert job.documents.get().error_code == "file-too-large"

    @pytest.mark.parametrize("end", [cancel_job, delete_job])
    def test_a_job_ended_while_its_file_comes_leaves_no_file_behind(
        self, submit_address, site, samples, alice, monkeypatch, settings, tmp_path, end
    ):
        def fetch_and_end(*args, **kwargs):
            fetched = fetch(*args, **kwargs)
            end(user=alice, job_id=job.pk)
            return fetched

        fetch = open_document.fetch_source
        monkeypatch.setattr(open_document, "fetch_source", fetch_and_end)
        settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
        settings.FILE_UPLOAD_TEMP_DIR.mkdir()
        site.answers["/scans.pdf"] = answer((samples / "scans.pdf").read_bytes())
        job = submit_address()

        assert not open_next_document(page_ready=lambda job: None)

        stored = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert stored == []
        assert set(job.documents.values_list("status", "file")) <= {("cancelled", "")}

    def test_what_no_longer_may_be_reached_is_not_fetched(
        self, submit_address, site, open_all, settings
    ):
        job = submit_address()
        settings.INTERNAL_HOSTS = []
        open_all()
        assert job.documents.get().error_code == "address-refused"
        assert site.visits == 0
