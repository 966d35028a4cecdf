"""Pages: the images of a document, each a unit of work."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ocrportal.errors.engine import PageAbandoned
from ocrportal.jobs.models.failable import Failable
from ocrportal.jobs.models.leased import Leased
from ocrportal.jobs.models.noted import Noted


class Page(Failable, Leased, Noted):
    """One page image of a document: the unit of work."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")  # its image does not exist yet
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Recognising")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    ACTIVE = (Status.WAITING, Status.QUEUED, Status.RUNNING)
    ABANDONED = PageAbandoned
    RELATED = ("job__owner", "job__credential", "document")

    job = models.ForeignKey("jobs.Job", on_delete=models.CASCADE, related_name="pages")
    document = models.ForeignKey("jobs.Document", on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    """Its number in the source, from 1."""
    part = models.PositiveSmallIntegerField(default=0)
    """0 for a whole page; 1 and 2 for the left and right page of a spread."""
    left = models.PositiveIntegerField(default=0)
    """The left edge of a part in the image of the whole page, in pixels."""
    seconds = models.FloatField(null=True, blank=True)
    """The time of its first frame from the start of a video; null for other sources."""
    is_blank = models.BooleanField(default=False)
    """True if it is empty, so that no engine was called."""
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    image = models.FileField(max_length=255, blank=True)
    thumbnail = models.FileField(max_length=255, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    dpi = models.FloatField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of the image file, which identifies equal images."""
    not_before = models.DateTimeField(null=True, blank=True)
    """The earliest time of the next call after a transient error; null without one."""
    retries = models.PositiveSmallIntegerField(default=0)
    """How often it was sent again after transient errors."""
    result = models.OneToOneField(
        "Result", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """Its current result."""

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ("document__position", "number", "part")
        constraints = (
            models.UniqueConstraint(fields=["document", "number", "part"], name="page_number"),
        )
        indexes = (
            models.Index(fields=["job", "status"], name="page_job_status"),
            models.Index(
                fields=["status", "lease_expires_at"],
                name="page_active",
                condition=Q(status__in=("queued", "running")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id}/{self.number}"
