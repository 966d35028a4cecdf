"""What was asked of the cloud, and what keeps the next call waiting."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ocrportal.errors import describe


class Call(models.Model):
    """One call to a cloud service, whatever became of it. Never changed, never deleted."""

    at = models.DateTimeField(_("time"), auto_now_add=True, db_index=True)
    day = models.DateField(default=timezone.localdate, db_index=True)
    """That of ``at`` in the portal's time zone: kept, since to find it anew for each of many
    calls is slow."""
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("user"),
    )
    user_name = models.CharField(max_length=150)
    """Stays when the user goes, as ``credential_name`` does."""
    credential = models.ForeignKey(
        "accounts.Credential",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("credential"),
    )
    credential_name = models.CharField(max_length=100)
    service = models.CharField(_("service"), max_length=60)
    region = models.CharField(_("region"), max_length=60)
    page_id = models.BigIntegerField(null=True)
    """The page it was made for; the page may be gone."""
    status = models.PositiveSmallIntegerField(null=True)
    """HTTP status; null if no answer came."""
    code = models.CharField(max_length=60, blank=True)
    """The error's code; empty for a success."""
    milliseconds = models.PositiveIntegerField()
    bytes_sent = models.PositiveBigIntegerField()
    units = models.PositiveSmallIntegerField(default=0)
    """How many units the cloud bills."""

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ("-at", "-id")
        # With the units, so that adding up a month looks at the index alone.
        indexes = (models.Index(fields=["user", "day", "units"], name="call_of_user"),)

    def __str__(self) -> str:
        return f"{self.service} {self.at:%Y-%m-%d %H:%M}"


class Pace(models.Model):
    """How fast one credential may call one service: what the cloud told last."""

    credential = models.ForeignKey(
        "accounts.Credential", on_delete=models.CASCADE, related_name="paces"
    )
    service = models.CharField(max_length=60)
    calls_per_minute = models.PositiveIntegerField(null=True)
    """What the cloud said it allows when it last refused a call for its number."""
    learned_at = models.DateTimeField(null=True)
    blocked_until = models.DateTimeField(null=True)
    """After such a refusal no call starts before this time."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["credential", "service"], name="one_pace_a_service"),
        )

    def __str__(self) -> str:
        return f"{self.credential_id} {self.service}"


class Turn(models.Model):
    """The right to make one call now. Those of the last minute tell how many were made."""

    pace = models.ForeignKey(Pace, on_delete=models.CASCADE, related_name="turns")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page_id = models.BigIntegerField(null=True, db_index=True)
    """The page it was given for."""
    started_at = models.DateTimeField(db_index=True)
    ends_by = models.DateTimeField()
    """A process that was killed cannot give its turn back: the sweep does, or this time."""
    ended = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.pace_id} {self.started_at:%H:%M:%S}"


class Hold(models.Model):
    """Why no call is made with a credential, or with it to one service, until it is mended."""

    credential = models.ForeignKey(
        "accounts.Credential", on_delete=models.CASCADE, related_name="holds"
    )
    service = models.CharField(max_length=60, blank=True)
    """Empty: all of them."""
    error_code = models.CharField(max_length=60)
    error_params = models.JSONField(default=dict)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["credential", "service"], name="one_hold_a_service"),
        )

    def __str__(self) -> str:
        return f"{self.credential_id} {self.service} {self.error_code}"

    @property
    def message(self) -> str:
        """What is wrong and who can mend it, in the active language."""
        return describe(self.error_code, self.error_params)
