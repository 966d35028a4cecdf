"""What rows of several kinds have in common: that they can fail, and that workers claim them."""

from __future__ import annotations

from django.db import models

from ocrportal.errors import describe


class Failable(models.Model):
    """Something whose failure is kept as code and facts, told in the reader's language."""

    error_code = models.CharField(max_length=60, blank=True)
    error_params = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    @property
    def error_message(self) -> str:
        """What went wrong and what to do; empty if nothing did."""
        return describe(self.error_code, self.error_params) if self.error_code else ""


class Claimable(models.Model):
    """Something one worker at a time works on.

    ``claimed_by`` names the process (see recognition.claims) and ``attempts`` counts the
    claims ever made: together they tell one claim from every other.
    """

    claimed_by = models.CharField(max_length=120, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
