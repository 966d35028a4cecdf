"""Documents: the sources of a job."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ocrportal.errors.ingest import OpeningAbandoned
from ocrportal.jobs.models.failable import Failable
from ocrportal.jobs.models.leased import Leased
from ocrportal.jobs.models.noted import Noted


class Document(Failable, Leased, Noted):
    """One source of a job."""

    class Status(models.TextChoices):
        RECEIVING = "receiving", _("Saving")
        QUEUED = "queued", _("Waiting")
        OPENING = "opening", _("Opening")
        OPENED = "opened", _("Opened")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    ACTIVE = (Status.RECEIVING, Status.QUEUED, Status.OPENING)
    LEASED = Status.OPENING
    ABANDONED = OpeningAbandoned

    job = models.ForeignKey("jobs.Job", on_delete=models.CASCADE, related_name="documents")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=255)
    """The name given by the user: a label, never a path."""
    address = models.TextField(blank=True)
    """The address it is fetched from; empty for an upload."""
    archive = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="members"
    )
    """The archive that contains it; an archive itself has no pages."""
    file = models.FileField(max_length=255, blank=True)
    converted = models.FileField(max_length=255, blank=True)
    """The converted file, for formats that have no pages themselves."""
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    """SHA-256 of the file once it was opened, which identifies equal files."""
    password = models.TextField(blank=True, editable=False)
    """The encrypted password of the file; deleted once all its pages exist."""
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    page_count = models.PositiveIntegerField(null=True, blank=True)
    """The number of pages of the source, selected or not; null until it was opened."""

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=["job", "position"], name="document_position"),
        )
        indexes = (
            models.Index(
                fields=["id"],
                name="document_active",
                condition=Q(status__in=("receiving", "queued", "opening")),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_video(self) -> bool:
        """Whether its pages have times."""
        return self.media_type.startswith("video/")
