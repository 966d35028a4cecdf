"""Results: what the runs and corrections of a page recognised."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from ocrportal.jobs.doubts import Doubt, read_doubts
from ocrportal.results import OWN_TEXT, PageResult


class Result(models.Model):
    """The outcome of one run of a page. Results are added, never changed."""

    page = models.ForeignKey("jobs.Page", on_delete=models.CASCADE, related_name="results")
    service = models.CharField(max_length=60)
    engine = models.CharField(max_length=20)
    created_at = models.DateTimeField(auto_now_add=True)
    confidence = models.FloatField(null=True, blank=True)
    rotation = models.PositiveSmallIntegerField(default=0)
    """Degrees clockwise that turn the page image upright. A copy of the value in ``data``, so that
    thumbnails are turned without loading that."""
    doubts = models.JSONField(null=True, blank=True)
    """What deserves a look: see jobs.doubts.stored_doubts. Null if it was stored before doubts were
    searched for."""
    structure = models.JSONField(null=True, blank=True)
    """What it has besides text: see jobs.losses.structure_of. Null if it was stored before that was
    noted."""
    data = models.JSONField()
    raw = models.JSONField(null=True, blank=True)
    """The raw response of the engine; null if it has none."""
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    """The request fingerprint: see submission.result_cache. Empty: never reused."""
    reused = models.BooleanField(default=False)
    """True if it is a copy of an earlier result, so that no call was made."""

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
    def known_doubts(self) -> list[Doubt]:
        return read_doubts(self.doubts)

    @property
    def is_own_text(self) -> bool:
        return self.engine == OWN_TEXT

    @property
    def with_raw(self) -> PageResult:
        """The result together with the raw response of the engine."""
        return replace(self.page_result, raw=self.raw)
