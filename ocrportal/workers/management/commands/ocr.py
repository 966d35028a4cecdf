"""Recognise files at once, without a running server."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
import time
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseFailure
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from tqdm import tqdm

from ocrportal.accounts.models import User
from ocrportal.engines import ENGINES, is_cloud_engine
from ocrportal.errors.base import PortalError
from ocrportal.errors.export import ExportError, NothingToExport
from ocrportal.exporters.file_names import unique_names
from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.options import ExportOptions, declared_options, read_options
from ocrportal.jobs.export_names import labels_in_job
from ocrportal.jobs.exporting import (
    WrittenFile,
    export_document,
    export_format,
    export_job,
    suiting_formats,
)
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.jobs.retention import delete_job
from ocrportal.submission.cancel import cancel_job
from ocrportal.submission.preprocessing_form import STEPS
from ocrportal.submission.submit import submit
from ocrportal.submission.submit_form import SubmitForm
from ocrportal.submission.waiting import what_job_waits_for
from ocrportal.workers.open_document import open_next_document
from ocrportal.workers.pending_migrations import has_pending_migrations
from ocrportal.workers.read_cloud_page import recognise_next_cloud_page
from ocrportal.workers.read_page import recognise_next_page
from ocrportal.workers.recover import recover

COMMAND_LINE_USER = "command-line"

PAUSE_SECONDS = 0.02
MAX_PAUSE_SECONDS = 1.0
"""While a page waits for the cloud, other documents may become ready to open."""

THREADS = os.cpu_count() or 1
"""The machine is the command's alone."""

ADDRESS = re.compile(r"(https?|obs|s3)://", re.IGNORECASE)

SOME_PAGE_FAILED = 1
UNREADABLE = 2


class Command(BaseCommand):
    help = "Recognise files and write the results into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "sources",
            nargs="*",
            metavar="SOURCE",
            help="a picture, PDF, OFD, Office file, video or ZIP, or an https:// or obs:// address",
        )
        parser.add_argument("--output", required=True, metavar="DIR", type=Path)
        parser.add_argument("--format", default="docx", metavar=",".join(FORMATS))
        for option in declared_options():
            parser.add_argument(
                f"--{option.key.replace('_', '-')}",
                default="",
                metavar="|".join(option.choices) or "PATTERN",
                help=option.summary,
            )
        parser.add_argument("--service", default="")
        parser.add_argument("--engine", default="", metavar="|".join(ENGINES))
        parser.add_argument(
            "--credential", default="", metavar="NAME", help="of the user given with --user"
        )
        parser.add_argument(
            "--storage-credential",
            default="",
            metavar="NAME",
            help="of the same user: its access key reads obs:// and s3:// addresses",
        )
        parser.add_argument(
            "--option", action="append", default=[], metavar="KEY=VALUE", help="of the service"
        )
        parser.add_argument(
            "--bypass-cache",
            action="store_true",
            help="call the cloud even for pages that have an earlier result; they are billed again",
        )
        parser.add_argument("--pages", default="", metavar="1-3,7")
        parser.add_argument(
            "--password",
            default="",
            help="opens the protected ones among the sources; other users of this machine can "
            "see it in the list of processes",
        )
        parser.add_argument(
            "--preprocess",
            action="append",
            default=[],
            metavar="STEP=on|off",
            help=f"preprocessing of the pages; STEP is one of {', '.join(STEPS)}",
        )
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
        # Log lines would interrupt the progress bar and the list of files.
        logging.getLogger("ocrportal").setLevel(logging.WARNING)
        keys = [key.strip() for key in format.split(",")]
        try:
            for key in keys:
                export_format(key)
            export_options = read_options(options)
        except PortalError as error:
            raise CommandError(str(error), returncode=UNREADABLE) from error
        self._check_database()
        owner = self._owner(user)
        with ExitStack() as stack:
            addresses = [source for source in sources if ADDRESS.match(source)]
            paths = [Path(source) for source in sources if source not in addresses]
            files, missing = self._open(paths, stack)
            if missing and not files and not addresses:
                raise CommandError(_("None of the sources can be read."), returncode=UNREADABLE)
            chosen = self._check(owner, files, addresses, options)
            self._make_folder(output)
            job = submit(user=owner, enqueue=False, **chosen)
        try:
            held = self._work(job)
            self._write(job, keys, export_options, output, paths)
            if held:
                raise CommandError(held, returncode=UNREADABLE)
            self._conclude(job, missing)
        finally:
            if not user:
                delete_job(user=owner, job_id=job.pk)

    def _check_database(self) -> None:
        try:
            if not has_pending_migrations():
                return
        except DatabaseFailure as error:
            message = _("The database cannot be opened: %(reason)s") % {"reason": error}
            raise CommandError(message, returncode=UNREADABLE) from error
        raise CommandError(
            _("The tables of the database are not up to date. Run: python manage.py migrate"),
            returncode=UNREADABLE,
        )

    def _owner(self, name: str) -> User:
        if not name:
            # This user cannot sign in: the password is unusable.
            return User.objects.get_or_create(
                username=COMMAND_LINE_USER, defaults={"is_active": False, "password": "!"}
            )[0]
        try:
            return User.objects.get(username=name)
        except User.DoesNotExist as error:
            raise CommandError(
                _("There is no user “%(name)s”.") % {"name": name}, returncode=UNREADABLE
            ) from error

    def _open(self, paths: list[Path], stack: ExitStack) -> tuple[list[File[bytes]], int]:
        files, missing = [], 0
        for path in paths:
            try:
                file = stack.enter_context(path.open("rb"))
            except OSError as error:
                self.stderr.write(f"{path}: {error.strerror}")
                missing += 1
            else:
                files.append(File(file, name=path.name))
        return files, missing

    def _check(
        self, owner: User, files: list[File[bytes]], addresses: list[str], options: dict[str, Any]
    ) -> dict[str, Any]:
        names = (
            *("service", "engine", "credential", "storage_credential"),
            *("bypass_cache", "pages", "password"),
        )
        form = SubmitForm(
            data={
                "urls": "\n".join(addresses),
                "preprocessing": self._typed(options["preprocess"]),
                **{name: options[name] for name in names},
            },
            files=MultiValueDict({"files": files}),
            user=owner,
            typed_options=self._typed(options["option"]),
        )
        if not form.is_valid():
            messages = [str(message) for field in form.errors.values() for message in field]
            raise CommandError("\n".join(messages), returncode=UNREADABLE)
        for note in form.notes:
            self.stderr.write(note)
        return form.chosen

    def _typed(self, pairs: list[str]) -> dict[str, str]:
        for pair in pairs:
            if "=" not in pair:
                message = _("Write options as KEY=VALUE, not “%(text)s”.") % {"text": pair}
                raise CommandError(message, returncode=UNREADABLE)
        return {name.strip(): value for name, _sign, value in (p.partition("=") for p in pairs)}

    def _make_folder(self, output: Path) -> None:
        try:
            output.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}", returncode=UNREADABLE) from error

    def _work(self, job: Job) -> str:
        """Process the job; the reason if it cannot continue, else empty.

        All processors work on one page at a time.
        """
        with tqdm(unit="page", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
            while job.is_active:
                pause = self._do_next(job)
                if pause:
                    if held := self._give_up_if_held(job):
                        return held
                    # A worker of the portal may have leased some of it and exited.
                    recover()
                    time.sleep(pause)
                job.refresh_from_db()
                bar.total, bar.n = job.pages_total, job.pages_ended
                bar.refresh()
        return ""

    def _do_next(self, job: Job) -> float:
        """Do one unit of work; the seconds to wait if none is ready yet."""
        pause = PAUSE_SECONDS
        if is_cloud_engine(job.engine):
            wait = recognise_next_cloud_page(job.pk)
            if wait is None:
                return 0.0
            pause = min(max(wait.seconds, PAUSE_SECONDS), MAX_PAUSE_SECONDS)
        elif recognise_next_page(job.pk, THREADS):
            return 0.0
        opened = open_next_document(page_ready=lambda job: None, job_id=job.pk, threads=THREADS)
        return 0.0 if opened else pause

    def _give_up_if_held(self, job: Job) -> str:
        """Cancel a job that waits for an action of the user; the reason, or empty if it goes on."""
        waiting = what_job_waits_for(job)
        if waiting is None or not waiting.is_for_user:
            return ""
        cancel_job(user=job.owner, job_id=job.pk)
        return waiting.message

    def _write(
        self,
        job: Job,
        keys: list[str],
        options: ExportOptions,
        output: Path,
        sources: list[Path],
    ) -> None:
        """Write one file per document and format, without overwriting a source.

        Merged exports are one file per format; formats of single documents become a ZIP.
        """
        fresh_name = unique_names()
        for source in sources:
            if source.parent.resolve() == output.resolve():
                fresh_name(source.name)
        if options.merged and job.document_count > 1:
            for key in keys:
                try:
                    export = export_job(job, key, options)
                except NothingToExport:
                    return
                except ExportError as error:
                    raise CommandError(str(error), returncode=UNREADABLE) from error
                self._save(export, output / fresh_name(export.name))
            return
        paths = labels_in_job(job, options.names)
        for document in Document.objects.filter(job=job):
            suiting = [kind.key for kind in suiting_formats(document)]
            # If none suits, the export raises the reason.
            chosen = [key for key in keys if key in suiting] or keys
            try:
                exports = [export_document(document, key, options) for key in chosen]
            except NothingToExport:
                continue
            except ExportError as error:
                message = f"{document.name}: {error}"
                raise CommandError(message, returncode=UNREADABLE) from error
            for export in exports:
                path = paths[document.pk].parent / export.name
                self._save(export, output / fresh_name(str(path)))

    def _save(self, export: WrittenFile, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
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
        self._print_doubts(job)
        if missing or unreadable:
            sys.exit(UNREADABLE)
        if failed:
            sys.exit(SOME_PAGE_FAILED)

    def _print_doubts(self, job: Job) -> None:
        """Print a line for everything that deserves a look."""
        pages = Page.objects.filter(job=job).exclude(result__doubts=[])
        rows = pages.select_related("document", "result").defer("result__data", "result__raw")
        for page in rows.order_by("document__position", "number", "part"):
            place = _("page %(number)s") % {"number": page.number}
            for doubt in page.result.known_doubts if page.result else ():
                self.stderr.write(f"{page.document.name}, {place}: {doubt.message}")
