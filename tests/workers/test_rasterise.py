"""One page's picture: queued, ended at once, or cut in two."""

import io
from dataclasses import replace

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from ocrportal.errors.engine import EngineUnavailable
from ocrportal.ingest.base import Preprocessing
from ocrportal.ingest.readers.image import ImagePages
from ocrportal.ingest.sniff.file_type import sniff
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.results import Line, PageResult
from ocrportal.submission.retry import retry_job
from ocrportal.submission.sources import check_source
from ocrportal.submission.submit import submit
from ocrportal.workers.embedded_text import own_text
from ocrportal.workers.open_document import limits
from ocrportal.workers.rasterise import rasterise_page
from tests.ingest.pdfs import with_map

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload(alice):
    def upload(data: bytes, service: str = "general-text", **preprocessing: bool) -> Job:
        return submit(
            user=alice,
            sources=[check_source("scan", ContentFile(data, "scan"))],
            service=service,
            engine="local",
            preprocessing=preprocessing,
            enqueue=False,
        )

    return upload


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", dpi=(200, 200))
    return buffer.getvalue()


@pytest.fixture
def blank() -> bytes:
    return png(Image.new("L", (1200, 1600), 250))


@pytest.fixture
def spread(samples) -> bytes:
    """Two facing pages in one picture."""
    with Image.open(samples / "page_zh.png") as page:
        page = page.convert("L")
        both = Image.new("L", (2 * page.width, page.height), 255)
        both.paste(page, (0, 0))
        both.paste(page, (page.width, 0))
    return png(both)


def test_a_blank_page_is_done_without_an_engine(upload, open_all, blank):
    job = upload(blank)
    assert open_all() == 0
    page = job.pages.get()
    assert (page.status, page.is_blank) == (Page.Status.DONE, True)
    assert page.result.page_result.lines == ()
    job.refresh_from_db()
    assert job.status == Job.Status.DONE


def test_a_blank_page_is_read_without_the_step_that_skips_it(upload, open_all, blank):
    job = upload(blank, skip_blank=False)
    assert open_all() == 1
    assert job.pages.get().is_blank is False


def test_the_text_layer_of_a_page_is_used(upload, open_all, samples):
    job = upload((samples / "born_digital_zh.pdf").read_bytes())
    assert open_all() == 0
    page = job.pages.get()
    assert (page.status, page.result.engine) == (Page.Status.DONE, "pdf")
    assert "".join(line.text for line in page.result.page_result.lines) != ""


def test_the_text_layer_of_a_page_is_not_used_without_that_step(upload, open_all, samples):
    job = upload((samples / "born_digital_zh.pdf").read_bytes(), text_layer=False)
    assert open_all() == 1
    assert job.pages.get().status == Page.Status.QUEUED


def test_a_page_whose_text_layer_is_wrong_is_queued_with_a_note(upload, open_all):
    shifted = with_map(b"Payment of this invoice is due", b"<20> <20> <0020> <41> <7a> <0042>")
    job = upload(shifted)
    assert open_all() == 1
    page = job.pages.get()
    assert (page.status, page.notes) == (Page.Status.QUEUED, ["text-differs"])


def test_a_page_whose_text_is_not_used_has_a_note(upload, open_all, samples):
    private_use = with_map(b"Payment", b"<00> <ff> <e000>")
    upload(private_use)
    upload(private_use, text_layer=False)
    upload((samples / "scans.pdf").read_bytes())
    open_all()
    pages = Page.objects.filter(number=1).order_by("document_id")
    assert [page.notes for page in pages] == [["text-unreadable"], [], []]


def test_a_page_whose_text_cannot_be_checked_fails(upload, open_all, samples, monkeypatch):
    def no_engine(threads):
        raise EngineUnavailable

    monkeypatch.setattr(own_text, "line_reader", no_engine)
    job = upload((samples / "born_digital_zh.pdf").read_bytes())
    open_all()
    page = job.pages.get()
    assert (page.status, page.error_code) == (Page.Status.FAILED, EngineUnavailable.code)


def test_a_spread_is_split_into_two_pages(upload, open_all, spread):
    job = upload(spread, split=True)
    assert open_all() == 2
    left, right = job.pages.all()
    assert [(p.number, p.part, p.status) for p in (left, right)] == [
        (1, 1, Page.Status.QUEUED),
        (1, 2, Page.Status.QUEUED),
    ]
    assert left.left == 0
    assert right.left == left.width
    with right.image.open("rb") as file, Image.open(file) as picture:
        assert picture.size == (right.width, right.height)
    assert left.image.name != right.image.name


def test_a_spread_is_noted_but_not_split_by_default(upload, open_all, spread):
    job = upload(spread, split=False)
    open_all()
    page = job.pages.get()
    assert (page.part, page.notes) == (0, ["spread"])


def test_a_service_that_looks_for_more_than_text_reads_the_page_itself(
    office, alice, open_all, samples
):
    data = (samples / "born_digital_zh.pdf").read_bytes()
    job = submit(
        user=alice,
        sources=[check_source("invoice", ContentFile(data, "invoice"))],
        service="vat-invoice",
        engine="huawei",
        credential=office,
        preprocessing=Preprocessing().to_dict(),
        enqueue=False,
    )
    assert open_all() == 1
    assert job.pages.get().status == Page.Status.QUEUED


def test_facing_pages_stay_two_when_their_document_is_opened_again(upload, open_all, spread, alice):
    job = upload(spread, split=True)
    open_all()
    job.documents.update(status=Document.Status.FAILED, page_count=None)

    retry_job(user=alice, job_id=job.pk, enqueue=False)
    open_all()

    assert [(page.number, page.part) for page in job.pages.all()] == [(1, 1), (1, 2)]
    assert job.documents.get().status == Document.Status.OPENED


def test_text_that_does_not_answer_a_service_keeps_no_page_from_being_cut(office, alice, spread):
    job = submit(
        user=alice,
        sources=[check_source("book", ContentFile(spread, "book"))],
        service="general-table",
        engine="huawei",
        credential=office,
        preprocessing={"split": True},
        enqueue=False,
    )
    page = Page.objects.create(job=job, document=job.documents.get(), number=1)

    class WithText(ImagePages):
        def read_page(self, number):
            picture = super().read_page(number)
            return replace(picture, own_text=PageResult(picture.width, picture.height, ()))

    file = io.BytesIO(spread)
    with WithText(file, sniff(file), limits()) as source:
        assert rasterise_page(page, source) == 2
    assert [page.part for page in job.pages.all()] == [1, 2]


def test_characters_that_a_database_cannot_store_are_removed_from_own_text(upload, blank):
    job = upload(blank)
    page = Page.objects.create(job=job, document=job.documents.get(), number=1)
    box = ((0, 0), (9, 0), (9, 9), (0, 9))

    class WithText(ImagePages):
        def read_page(self, number):
            picture = super().read_page(number)
            own = PageResult(picture.width, picture.height, (Line("a\0\ud800", box, 1.0),))
            return replace(picture, own_text=own)

    file = io.BytesIO(blank)
    with WithText(file, sniff(file), limits()) as source:
        assert rasterise_page(page, source) == 0
    page.refresh_from_db()
    assert [line.text for line in page.result.page_result.lines] == ["a?"]
