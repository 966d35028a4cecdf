"""What we hold: jobs, their documents, the pages of those, and results.

The files written from results have a module of their own, kept_exports.py.

The rows are the truth about all work. A worker owns a document or a page only while a
claim on its row holds (see jobs/models/traits.py), and every write of a worker repeats that
condition, so that work delivered twice, or after a cancel, changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ocrportal.accounts.models import Credential
from ocrportal.catalogue.spec import Service, services
from ocrportal.exporters.name_pattern import DEFAULT_NAME_PATTERN, MAX_PATTERN
from ocrportal.jobs.models.export import Export  # noqa: F401  # Django finds its table here
from ocrportal.jobs.models.traits import Claimable, Failable
from ocrportal.results import OWN_TEXT, PageResult


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
    """Whose keys a cloud engine uses; null for the embedded one, or once it is removed."""
    options = models.JSONField(default=dict, blank=True)
    fresh = models.BooleanField(default=False)
    """Ask the cloud even for pages it has read before with the same settings."""
    approved = models.BooleanField(default=True)
    """False until its owner has seen how many calls it makes: none is made before."""
    page_range = models.CharField(max_length=200, blank=True)
    preprocessing = models.JSONField(default=dict, blank=True)
    """What happens to pages before they are read: see intake.base.Preprocessing."""
    storage_credential = models.ForeignKey(
        Credential, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """Whose access key reads private objects among the sources; null where none is needed."""
    status = models.CharField(
        _("state"), max_length=10, choices=Status.choices, default=Status.QUEUED
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    """When a worker last took a document of this job: who waited longest is next."""
    served_at = models.DateTimeField(null=True, blank=True)
    """When a worker last took a page of this job: who waited longest is next."""
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


class Document(Failable, Claimable):
    """One source of a job."""

    class Status(models.TextChoices):
        RECEIVING = "receiving", _("Saving")
        QUEUED = "queued", _("Waiting")
        OPENING = "opening", _("Opening")
        OPENED = "opened", _("Opened")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    ACTIVE = (Status.RECEIVING, Status.QUEUED, Status.OPENING)

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="documents")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=255)
    """The name the user gave it: a label, never a path."""
    address = models.TextField(blank=True)
    """Where it was fetched from, if it was not uploaded."""
    archive = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="members"
    )
    """The archive it came in; an archive itself has no pages."""
    file = models.FileField(max_length=255, blank=True)
    converted = models.FileField(max_length=255, blank=True)
    """What the file was converted to where it cannot be cut into pages itself."""
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    """SHA-256 of the file, once it was opened: the same file is known by it."""
    password = models.TextField(blank=True, editable=False)
    """Encrypted: what opens the file; forgotten once all its pages are there."""
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    page_count = models.PositiveIntegerField(null=True, blank=True)
    """Pages the source has, chosen or not; null until it was opened once."""

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


class Page(Failable, Claimable):
    """One page picture of a document: the unit of work."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")  # its picture is not made yet
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Recognising")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    ACTIVE = (Status.WAITING, Status.QUEUED, Status.RUNNING)

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="pages")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    """Its number in the source, from 1."""
    part = models.PositiveSmallIntegerField(default=0)
    """0 for a whole page; 1 and 2 for the left and right one of two facing pages."""
    left = models.PositiveIntegerField(default=0)
    """Where a part begins in the picture of its whole page, in pixels."""
    seconds = models.FloatField(null=True, blank=True)
    """When it is first seen, from the beginning of a video; null for all else."""
    is_blank = models.BooleanField(default=False)
    """Nothing stands on it, so no engine was asked."""
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    image = models.FileField(max_length=255, blank=True)
    thumbnail = models.FileField(max_length=255, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    dpi = models.FloatField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of the picture's file: the same picture is known by it."""
    not_before = models.DateTimeField(null=True, blank=True)
    """After trouble with the cloud it is sent again no earlier than this."""
    retries = models.PositiveSmallIntegerField(default=0)
    """How often it was sent again after such trouble."""
    result = models.OneToOneField(
        "Result", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """The current one of its results."""

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
                fields=["status", "claimed_until"],
                name="page_active",
                condition=Q(status__in=("queued", "running")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id}/{self.number}"


class Result(models.Model):
    """What one run said about a page. Results are added, never changed."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="results")
    service = models.CharField(max_length=60)
    engine = models.CharField(max_length=20)
    created_at = models.DateTimeField(auto_now_add=True)
    confidence = models.FloatField(null=True, blank=True)
    rotation = models.PositiveSmallIntegerField(default=0)
    """Degrees clockwise that set the page picture upright, as in ``data``: thumbnails
    are turned by it without loading that."""
    data = models.JSONField()
    raw = models.JSONField(null=True, blank=True)
    """The engine's own answer, where it gives one."""
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    """What was asked: SHA-256 of picture, service and options. Empty: not to be used again."""
    reused = models.BooleanField(default=False)
    """True if it is an earlier answer to the same question, for which nothing was paid."""

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.page_id} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def page_result(self) -> PageResult:
        data: dict[str, Any] = self.data
        return PageResult.from_dict(data)

    @property
    def is_own_text(self) -> bool:
        return self.engine == OWN_TEXT

    @property
    def with_raw(self) -> PageResult:
        """The result together with the engine's own answer."""
        return replace(self.page_result, raw=self.raw)


class Delivery(Failable, Claimable):
    """The results of a job on their way into a bucket."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    ACTIVE = (Status.QUEUED, Status.RUNNING)

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="deliveries")
    credential = models.ForeignKey(
        Credential, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """Whose access key writes; null once it is removed."""
    bucket = models.CharField(max_length=63)
    prefix = models.TextField(blank=True)
    """What stands before the names of the files: empty, or with ``/`` at its end."""
    formats = models.JSONField(default=list)
    """Keys of exporters.FORMATS."""
    names = models.CharField(max_length=MAX_PATTERN, default=DEFAULT_NAME_PATTERN)
    """The pattern that names the files: see exporters.name_pattern."""
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    position = models.PositiveIntegerField(default=0)
    """Of the last document whose files are written."""
    written = models.PositiveIntegerField(default=0)
    """Files that are."""
    replaced = models.PositiveIntegerField(default=0)
    """Those of them that an earlier delivery of the job had written."""
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
        """Where the files go."""
        return f"obs://{self.bucket}/{self.prefix}"

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE
