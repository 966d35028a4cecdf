"""Rows that can fail."""

from __future__ import annotations

from django.db import models

from ocrportal.errors import describe


class Failable(models.Model):
    """A row that stores its failure as code and parameters; the message is made when it is read."""

    error_code = models.CharField(max_length=60, blank=True)
    error_params = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    @property
    def error_message(self) -> str:
        """The cause and the remedy in the active language; empty without an error."""
        return describe(self.error_code, self.error_params) if self.error_code else ""
