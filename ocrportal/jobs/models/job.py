"""Jobs: the submissions of a user."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ocrportal.accounts.models import Credential
from ocrportal.catalogue.spec import Service, services


class Job(models.Model):
    """One submission: sources, service, engine and options."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        PARTIAL = "partial", _("Partly done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    ACTIVE = (Status.QUEUED, Status.RUNNING)

    # A user who has jobs cannot be deleted, since the jobs' files would stay behind.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="jobs",
        verbose_name=_("user"),
    )
    name = models.CharField(_("name"), max_length=255)
    service = models.CharField(_("service"), max_length=60)
    engine = models.CharField(_("engine"), max_length=20)
    credential = models.ForeignKey(
        Credential, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """The credential of a cloud engine; null for the built-in engine, or once it is removed."""
    options = models.JSONField(default=dict, blank=True)
    bypass_cache = models.BooleanField(default=False)
    """Call the cloud even for pages whose image and settings have an earlier result."""
    approved = models.BooleanField(default=True)
    """False until the owner has confirmed the number of calls; no call is made before."""
    page_range = models.CharField(max_length=200, blank=True)
    preprocessing = models.JSONField(default=dict, blank=True)
    """The preprocessing steps: see ingest.base.Preprocessing."""
    storage_credential = models.ForeignKey(
        Credential, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """The credential that reads private objects among the sources; null if none is needed."""
    status = models.CharField(
        _("state"), max_length=10, choices=Status.choices, default=Status.QUEUED
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    """When a worker last leased a document of this job: the least recently opened is next."""
    served_at = models.DateTimeField(null=True, blank=True)
    """When a worker last leased a page of this job: the least recently served is next."""
    document_count = models.PositiveIntegerField(default=0)
    pages_total = models.PositiveIntegerField(_("pages"), default=0)
    pages_done = models.PositiveIntegerField(default=0)
    pages_failed = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=["owner", "-created_at", "-id"], name="job_history"),
            models.Index(
                fields=["id"], name="job_active", condition=Q(status__in=("queued", "running"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.name}"

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE

    @property
    def pages_ended(self) -> int:
        return self.pages_done + self.pages_failed

    @property
    def service_entry(self) -> Service | None:
        """The service's catalogue entry; None once the catalogue has dropped it."""
        return services().get(self.service)
