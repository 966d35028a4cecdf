"""Recognise files at once, without a running server."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import time
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from tqdm import tqdm

from ocrportal.accounts.models import User
from ocrportal.errors import ExportError, NothingToExport, PortalError
from ocrportal.exporters.archive import unique_names
from ocrportal.jobs.exporting import Export, export_document, export_format
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.jobs.retention import delete_job
from ocrportal.recognition.forms import SubmitForm
from ocrportal.recognition.opening import open_next_document
from ocrportal.recognition.pipeline import recognise_next_page
from ocrportal.recognition.submission import submit
from ocrportal.recognition.sweeping import find_idle_work

COMMAND_LINE_USER = "command-line"

PAUSE_SECONDS = 0.02

SOME_PAGE_FAILED = 1
UNREADABLE = 2


class Command(BaseCommand):
    help = "Recognise files and write the results into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sources", nargs="+", metavar="SOURCE", help="a picture or PDF file")
        parser.add_argument("--output", required=True, metavar="DIR", type=Path)
        parser.add_argument("--format", default="docx", metavar="docx,txt,pdf")
        parser.add_argument("--service", default="")
        parser.add_argument("--engine", default="")
        parser.add_argument("--pages", default="", metavar="1-3,7")
        parser.add_argument(
            "--user",
            default="",
            metavar="NAME",
            help="keep the job in this user's history; without it nothing is kept",
        )

    def handle(
        self,
        *,
        sources: list[str],
        output: Path,
        format: str,  # noqa: A002  # the name of the option
        user: str,
        **options: Any,
    ) -> None:
        # The bar and the names of the files say how it goes; the log would tear them apart.
        logging.getLogger("ocrportal").setLevel(logging.WARNING)
        keys = [key.strip() for key in format.split(",")]
        try:
            for key in keys:
                export_format(key)
        except PortalError as error:
            raise CommandError(str(error), returncode=UNREADABLE) from error
        owner = self._owner(user)
        with ExitStack() as stack:
            files, missing = self._open(sources, stack)
            chosen = self._check(files, options)
            self._make_folder(output)
            job = submit(
                user=owner,
                sources=chosen["sources"],
                service=chosen["service"],
                engine=chosen["engine"],
                page_range=chosen["pages"],
                enqueue=False,
            )
        try:
            self._work(job)
            self._write(job, keys, output, [Path(source) for source in sources])
            self._conclude(job, missing)
        finally:
            if not user:
                delete_job(user=owner, job_id=job.pk)

    def _owner(self, name: str) -> User:
        if not name:
            # Nobody signs in as this user: it has no password that could be given.
            return User.objects.get_or_create(
                username=COMMAND_LINE_USER, defaults={"is_active": False, "password": "!"}
            )[0]
        try:
            return User.objects.get(username=name)
        except User.DoesNotExist as error:
            raise CommandError(
                _("There is no user “%(name)s”.") % {"name": name}, returncode=UNREADABLE
            ) from error

    def _open(self, sources: list[str], stack: ExitStack) -> tuple[list[File[bytes]], int]:
        files, missing = [], 0
        for source in sources:
            path = Path(source)
            try:
                file = stack.enter_context(path.open("rb"))
            except OSError as error:
                self.stderr.write(f"{source}: {error.strerror}")
                missing += 1
            else:
                files.append(File(file, name=path.name))
        if not files:
            raise CommandError(_("None of the sources can be read."), returncode=UNREADABLE)
        return files, missing

    def _check(self, files: list[File[bytes]], options: dict[str, Any]) -> dict[str, Any]:
        form = SubmitForm(
            data={name: options[name] for name in ("service", "engine", "pages")},
            files=MultiValueDict({"files": files}),
        )
        if not form.is_valid():
            messages = [str(message) for field in form.errors.values() for message in field]
            raise CommandError("\n".join(messages), returncode=UNREADABLE)
        return form.cleaned_data

    def _make_folder(self, output: Path) -> None:
        try:
            output.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}", returncode=UNREADABLE) from error

    def _work(self, job: Job) -> None:
        """Do the job in this process, with all processors on one page at a time."""
        threads = os.cpu_count() or 1
        with tqdm(unit="page", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
            while job.is_active:
                if not recognise_next_page(job.pk, threads) and not open_next_document(
                    page_ready=lambda job: None, job_id=job.pk
                ):
                    # A worker of the portal may have come for some of it, and even died.
                    find_idle_work()
                    time.sleep(PAUSE_SECONDS)
                job.refresh_from_db()
                bar.total, bar.n = job.pages_total, job.pages_ended
                bar.refresh()

    def _write(self, job: Job, keys: list[str], output: Path, sources: list[Path]) -> None:
        """Write one file per document and format, none of them over a source."""
        fresh_name = unique_names()
        for source in sources:
            if source.parent.resolve() == output.resolve():
                fresh_name(source.name)
        for document in Document.objects.filter(job=job):
            try:
                exports = [export_document(document, key) for key in keys]
            except NothingToExport:
                continue
            except ExportError as error:
                told = f"{document.name}: {error}"
                raise CommandError(told, returncode=UNREADABLE) from error
            for export in exports:
                self._save(export, output / fresh_name(export.name))

    def _save(self, export: Export, path: Path) -> None:
        try:
            with export.file, path.open("wb") as target:
                shutil.copyfileobj(export.file, target)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=UNREADABLE) from error
        self.stdout.write(str(path))

    def _conclude(self, job: Job, missing: int) -> None:
        unreadable = Document.objects.filter(job=job, status=Document.Status.FAILED)
        for document in unreadable:
            self.stderr.write(f"{document.name}: {document.error_message}")
        failed = Page.objects.filter(job=job, status=Page.Status.FAILED)
        for page in failed.select_related("document"):
            place = _("page %(number)s") % {"number": page.number}
            self.stderr.write(f"{page.document.name}, {place}: {page.error_message}")
        if missing or unreadable:
            sys.exit(UNREADABLE)
        if failed:
            sys.exit(SOME_PAGE_FAILED)
