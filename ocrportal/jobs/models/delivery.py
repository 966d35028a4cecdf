"""Deliveries: exports of a job that are written into a bucket."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ocrportal.accounts.models import Credential
from ocrportal.errors.export import DeliveryAbandoned
from ocrportal.exporters.name_pattern import DEFAULT_NAME_PATTERN, MAX_PATTERN
from ocrportal.jobs.models.failable import Failable
from ocrportal.jobs.models.leased import Leased


class Delivery(Failable, Leased):
    """A request to write the results of a job into a bucket."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    ACTIVE = (Status.QUEUED, Status.RUNNING)
    ABANDONED = DeliveryAbandoned
    RELATED = ("job__owner", "credential")

    job = models.ForeignKey("jobs.Job", on_delete=models.CASCADE, related_name="deliveries")
    credential = models.ForeignKey(
        Credential, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """The credential whose access key writes; null once it is removed."""
    bucket = models.CharField(max_length=63)
    prefix = models.TextField(blank=True)
    """The prefix of the object keys: empty, or ending with ``/``."""
    formats = models.JSONField(default=list)
    """Keys of exporters.FORMATS."""
    names = models.CharField(max_length=MAX_PATTERN, default=DEFAULT_NAME_PATTERN)
    """The pattern that names the files: see exporters.name_pattern."""
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    position = models.PositiveIntegerField(default=0)
    """The position of the last document whose files are written."""
    written = models.PositiveIntegerField(default=0)
    """The number of files written."""
    replaced = models.PositiveIntegerField(default=0)
    """The number of those files that replaced files of an earlier delivery."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("id",)
        indexes = (
            models.Index(
                fields=["id"],
                name="delivery_active",
                condition=Q(status__in=("queued", "running")),
            ),
        )

    def __str__(self) -> str:
        return self.place

    @property
    def place(self) -> str:
        """The address below which the files are written."""
        return f"obs://{self.bucket}/{self.prefix}"

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE
