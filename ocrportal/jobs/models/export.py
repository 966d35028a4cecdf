"""Exports: files written from results and stored for a limited time."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ocrportal.errors.export import ExportAbandoned, ExportError, ExportNotReady
from ocrportal.exporters.formats import FORMATS
from ocrportal.exporters.verification import PROBLEMS
from ocrportal.jobs.models.failable import Failable
from ocrportal.jobs.models.leased import Leased

ALL_FORMATS = "zip"
"""Used in place of a format: every suitable format, as one archive."""


class Export(Failable, Leased):
    """A file written from the results of a job, or of one of its documents."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Being created")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    ACTIVE = (Status.QUEUED, Status.RUNNING)
    ABANDONED = ExportAbandoned
    RELATED = ("job", "document")

    job = models.ForeignKey("jobs.Job", on_delete=models.CASCADE, related_name="exports")
    document = models.ForeignKey(
        "jobs.Document", on_delete=models.CASCADE, null=True, blank=True, related_name="exports"
    )
    """Null for the whole job."""
    format = models.CharField(max_length=10)
    """A key of exporters.FORMATS, or ``ALL_FORMATS``."""
    options = models.JSONField(default=dict)
    """The options as exporters.options.as_words returns them."""
    language = models.CharField(max_length=10)
    """The language of the labels in the file: that of the request."""
    made_from = models.CharField(max_length=64)
    """A digest of the results in the file: see state_of."""
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    pages_total = models.PositiveIntegerField(default=0)
    """Pages to write; a page counts once for each format."""
    pages_written = models.PositiveIntegerField(default=0)
    file = models.FileField(max_length=255, blank=True)
    name = models.CharField(max_length=255, blank=True)
    """The file name of the download."""
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    score = models.JSONField(null=True, blank=True)
    """The worst exporters.verification.Score of its files; null if none was verified."""
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=["id"], name="export_active", condition=Q(status__in=("queued", "running"))
            ),
            models.Index(fields=["finished_at"], name="export_finished"),
        )

    def __str__(self) -> str:
        return f"{self.job_id} {self.format}"

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE

    @property
    def is_ready(self) -> bool:
        return self.status == self.Status.DONE

    def opened(self) -> FieldFile:
        """Its file; raises ExportNotReady until it is written, ExportError if it is missing."""
        if not self.is_ready:
            raise ExportNotReady
        try:
            self.file.open("rb")
        except FileNotFoundError as error:
            raise ExportError from error
        return self.file

    @property
    def shown_name(self) -> str:
        """Its name; until it has one, the name of its document or job."""
        return self.name or (self.document.name if self.document else self.job.name)

    @property
    def format_label(self) -> str | Promise:
        """The label of its format in menus."""
        entry = FORMATS.get(self.format)
        return entry.label if entry else _("All formats as ZIP")

    @property
    def kept_until(self) -> dt.datetime | None:
        """When it will be deleted; None while it is active."""
        return self.finished_at and self.finished_at + kept_for()

    @property
    def problems(self) -> list[str | Promise]:
        """The problems that the verification found, as messages."""
        score: dict[str, Any] = self.score or {}
        return [PROBLEMS[code] for code in score.get("problems", ()) if code in PROBLEMS]


def kept_for() -> dt.timedelta:
    """How long an export is stored after it has ended."""
    return dt.timedelta(hours=settings.EXPORT_KEPT_HOURS)


def state_of(results: Iterable[tuple[int, int]]) -> str:
    """A digest of pages and their current results, in order of the pages' ids.

    Results are added and never changed, so their ids tell whether a file is still up to date.
    """
    digest = hashlib.sha256()
    for page_id, result_id in results:
        digest.update(b"%d:%d," % (page_id, result_id))
    return digest.hexdigest()
