"""Jobs as the screens find them: rows and small results, without the work."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from ocrportal.accounts.models import User
from ocrportal.catalogue.spec import services
from ocrportal.engines.huawei.parsing.response import parse_response
from ocrportal.jobs.models import Document, Job, Page, Result
from ocrportal.results import Char, Line, PageResult
from tests.conftest import SAMPLES

MakeJob = Callable[..., Job]
WIDTH, HEIGHT = 200, 100


@pytest.fixture
def make_job(alice: User) -> MakeJob:
    """Make a job of one document, by default Alice's, with one page for each status."""

    def make_job(
        *statuses: str, owner: User = alice, name: str = "信函.png", rotation: int = 0, **fields
    ) -> Job:
        ended = not set(statuses) & set(Page.ACTIVE)
        fields.setdefault("status", Job.Status.DONE if ended else Job.Status.RUNNING)
        fields = {"service": "general-text", "engine": "local"} | fields
        job = Job.objects.create(
            owner=owner,
            name=name,
            document_count=1,
            pages_total=len(statuses),
            pages_done=statuses.count("done"),
            pages_failed=statuses.count("failed"),
            started_at=timezone.now(),
            **fields,
        )
        add_document(job, statuses, name=name, rotation=rotation)
        return job

    return make_job


def add_document(
    job: Job, statuses: tuple[str, ...], *, name: str = "信函.png", rotation: int = 0
) -> Document:
    """Add an opened document to the job, with its file and pages."""
    document = Document.objects.create(
        job=job,
        position=job.documents.count() + 1,
        name=name,
        media_type="image/png",
        status=Document.Status.OPENED,
        page_count=len(statuses),
    )
    document.file.save(f"jobs/{job.pk}/{document.pk}/source.png", ContentFile(picture()))
    for number, status in enumerate(statuses, start=1):
        page = Page.objects.create(
            job=job, document=document, number=number, status=status, width=WIDTH, height=HEIGHT
        )
        if status != "waiting":
            page.image.save(f"jobs/{job.pk}/{document.pk}/p{number}.png", ContentFile(picture()))
            page.thumbnail.save(
                f"jobs/{job.pk}/{document.pk}/t{number}.png", ContentFile(picture())
            )
        if status == "failed":
            page.error_code = "engine-failed"
        if status == "done":
            page.result = add_result(page, rotation)
        page.save()
    return document


def add_result(page: Page, rotation: int = 0) -> Result:
    """Two lines that make one paragraph; the engine doubts the 世."""
    result = PageResult(
        width=WIDTH,
        height=HEIGHT,
        lines=(
            Line(
                text="你好世",
                box=((10, 10), (190, 10), (190, 40), (10, 40)),
                confidence=0.9,
                chars=(
                    Char("你", 0, 0.33, 0.99),
                    Char("好", 0.33, 0.66, 0.98),
                    Char("世", 0.66, 1, 0.41),
                ),
            ),
            Line(
                text="界 <b>",
                box=((10, 50), (120, 50), (120, 80), (10, 80)),
                confidence=0.95,
                chars=(),
            ),
        ),
        rotation=rotation,
    )
    return Result.objects.create(
        page=page,
        service="general-text",
        engine="local",
        confidence=result.confidence,
        rotation=rotation,
        data=result.to_dict(),
    )


def picture() -> bytes:
    """A white PNG picture of one page's size."""
    out = BytesIO()
    Image.new("L", (WIDTH, HEIGHT), 255).save(out, "PNG")
    return out.getvalue()


def answered(page: Page, service: str, variant: str = "", **fields) -> Result:
    """Give a page what the cloud answers to this service in the samples."""
    name = f"{service}.{variant}.json" if variant else f"{service}.json"
    raw = json.loads((SAMPLES / "cloud" / name).read_text("utf-8"))
    # Their places are those on pictures of up to 5000 pixels.
    result = parse_response(
        services()[service], raw, width=WIDTH, height=HEIGHT, scale_x=0.02, scale_y=0.02
    )
    result = replace(result, details={"region": "cn-north-4"})
    page.result = Result.objects.create(
        page=page, service=service, engine="huawei", data=result.to_dict(), raw=raw, **fields
    )
    page.save()
    return page.result
