"""Submit and process jobs within the process of the test."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files import File

from ocrportal.accounts.models import User
from ocrportal.jobs.models import Job
from ocrportal.submission.sources import check_source
from ocrportal.submission.submit import submit
from ocrportal.workers.open_document import open_next_document
from ocrportal.workers.read_page import recognise_next_page

Submit = Callable[..., Job]


@pytest.fixture
def submit_files(samples: Path, alice: User) -> Submit:
    """Submit samples by name, by default for Alice and without sending messages to workers."""

    def submit_files(
        *names: str, user: User = alice, pages: str = "", enqueue: bool = False
    ) -> Job:
        files = [File((samples / name).open("rb"), name=name) for name in names]
        try:
            return submit(
                user=user,
                sources=[check_source(name, file) for name, file in zip(names, files, strict=True)],
                service="general-text",
                engine="local",
                page_range=pages,
                enqueue=enqueue,
            )
        finally:
            for file in files:
                file.close()

    return submit_files


@pytest.fixture
def open_all() -> Callable[[], int]:
    """Open all queued documents and return the number of pages that became ready."""

    def open_all() -> int:
        ready: list[None] = []
        while Job.objects.filter(documents__status="queued", status__in=Job.ACTIVE).exists():
            open_next_document(page_ready=lambda job: ready.append(None))
        return len(ready)

    return open_all


@pytest.fixture
def work_off(open_all: Callable[[], int]) -> Callable[[], None]:
    """Process all queued documents and pages."""

    def work_off() -> None:
        open_all()
        while recognise_next_page():
            pass

    return work_off


@pytest.fixture
def exited_worker() -> str:
    """The owner name of an exited process of this machine."""
    code = "from ocrportal.jobs.lease_owner import lease_owner; print(lease_owner())"
    code = "import django; django.setup(); " + code
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "ocrportal.settings"}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return run.stdout.strip()
