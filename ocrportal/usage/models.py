"""Calls to cloud services, and the limits on starting the next one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Call(models.Model):
    """One call to a cloud service, successful or not. Never changed, never deleted."""

    at = models.DateTimeField(_("time"), auto_now_add=True, db_index=True)
    day = models.DateField(_("day"), default=timezone.localdate, db_index=True)
    """The date of ``at`` in the portal's time zone: stored, because computing it for each of
    many calls is slow."""
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("user"),
    )
    user_name = models.CharField(_("user name"), max_length=150)
    """Kept when the user is deleted, like ``credential_name``."""
    credential = models.ForeignKey(
        "accounts.Credential",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("credential"),
    )
    credential_name = models.CharField(_("name of the credential"), max_length=100)
    service = models.CharField(_("service"), max_length=60)
    region = models.CharField(_("region"), max_length=60)
    page_id = models.BigIntegerField(_("page ID"), null=True)
    """The page it was made for; the page may have been deleted."""
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    """HTTP status; null if no response arrived."""
    code = models.CharField(_("error code"), max_length=60, blank=True)
    """The error's code; empty for a success."""
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    bytes_sent = models.PositiveBigIntegerField(_("bytes sent"))
    units = models.PositiveSmallIntegerField(_("billed units"), default=0)
    """How many units the cloud bills."""

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ("-at", "-id")
        # Includes the units, so that the sum of a month reads the index alone.
        indexes = (models.Index(fields=["user", "day", "units"], name="call_of_user"),)

    def __str__(self) -> str:
        return f"{self.service} {self.at:%Y-%m-%d %H:%M}"


class RateLimit(models.Model):
    """How fast one credential may call one service: what the cloud stated last."""

    credential = models.ForeignKey(
        "accounts.Credential", on_delete=models.CASCADE, related_name="rate_limits"
    )
    service = models.CharField(max_length=60)
    calls_per_minute = models.PositiveIntegerField(null=True)
    """The limit that the cloud stated when it last throttled a call."""
    stated_at = models.DateTimeField(null=True)
    """When it stated ``calls_per_minute``."""
    blocked_until = models.DateTimeField(null=True)
    """After a throttled call, no call starts before this time."""

    class Meta:
        verbose_name = _("rate limit")
        verbose_name_plural = _("rate limits")
        constraints = (
            models.UniqueConstraint(
                fields=["credential", "service"], name="one_rate_limit_per_service"
            ),
        )

    def __str__(self) -> str:
        return f"{self.credential_id} {self.service}"


class CallSlot(models.Model):
    """The right to make one call now. The slots of the last minute count its calls."""

    rate_limit = models.ForeignKey(RateLimit, on_delete=models.CASCADE, related_name="slots")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page_id = models.BigIntegerField(null=True, db_index=True)
    """The page it was acquired for."""
    started_at = models.DateTimeField(db_index=True)
    ends_by = models.DateTimeField()
    """A process that was killed cannot end its call: recovery does, or this time passes."""
    ended = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("call slot")
        verbose_name_plural = _("call slots")

    def __str__(self) -> str:
        return f"{self.rate_limit_id} {self.started_at:%H:%M:%S}"
