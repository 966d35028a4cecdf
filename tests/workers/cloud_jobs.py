"""Jobs for the cloud, against a cloud of the test's own, worked off in the test's process."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import connection
from PIL import Image, ImageDraw

from ocrportal.accounts.credential_changes import add_credential
from ocrportal.accounts.models import Credential, User
from ocrportal.ingest.sniff.file_type import sniff
from ocrportal.jobs.models import Job
from ocrportal.submission.sources import Source
from ocrportal.submission.submit import submit
from ocrportal.workers.open_document import open_next_document
from ocrportal.workers.read_cloud_page import recognise_next_cloud_page
from tests.fakes.cloud import FakeCloud

REGION = "cn-north-4"
SIZE = (2400, 1800)
"""Pixels of the images, which contain the boxes of the recorded responses."""


def add_keys(cloud: FakeCloud, owner: User, **changes) -> Credential:
    """A credential of the test cloud's user, with an access key or (``kind``) a password."""
    values = {
        "name": "office",
        "region": REGION,
        "ocr_endpoint": cloud.url,
        "iam_endpoint": cloud.url,
        "read_seconds": 5,
        **changes,
    }
    kind = values.pop("kind", "aksk")
    if kind == "token":
        keys = {
            "iam_user": cloud.user.name,
            "domain": cloud.account.name,
            "secret": cloud.user.password,
        }
    else:
        keys = {"access_key": cloud.user.access_key, "secret": cloud.user.secret_key}
    return add_credential(user=owner, owner=owner, kind=kind, values=keys | values)


def picture(number: int) -> bytes:
    """A PNG image that is unique to its number, and not blank."""
    image = Image.new("L", SIZE, 255)
    ImageDraw.Draw(image).text((300, 300), f"No. {number}", fill=0, font_size=200)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def submit_pictures(
    credential: Credential, *numbers: int, service: str = "id-card", **changes
) -> Job:
    """A job of one page for each number, opened: its pages wait for the cloud."""
    files = [ContentFile(picture(number), name=f"{number}.png") for number in numbers]
    return submit_files(credential, *files, service=service, **changes)


def submit_files(credential: Credential, *files: File[bytes], service: str, **changes) -> Job:
    """A job of these files, opened: its pages wait for the cloud."""
    job = submit(
        user=changes.pop("user", credential.owner),
        sources=[
            Source(name=file.name or "", file=file, format=sniff(file.open())) for file in files
        ],
        service=service,
        engine="huawei",
        credential=credential,
        enqueue=False,
        **changes,
    )
    while open_next_document(page_ready=lambda job: None, job_id=job.pk) or (
        job.documents.filter(status="queued").exists()
    ):
        pass
    job.refresh_from_db()
    return job


def work_off(job: Job, pages: int = 1000) -> None:
    """Work as one worker would, until nothing is left that may be done at once."""
    for _ in range(pages):
        wait = recognise_next_cloud_page(job.pk)
        if wait is not None and wait.seconds:
            break
    job.refresh_from_db()


def work_side_by_side(work: Callable[[], None], workers: int) -> None:
    """Run ``work`` in so many threads, each with its own connection to the database."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        for future in [pool.submit(run) for _ in range(workers)]:
            future.result()
