"""Rows of work that workers lease."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from ocrportal.errors.base import PortalError


class Leased(models.Model):
    """A row of work; at most one worker owns it at a time. See jobs/leases.py.

    A model has a ``status`` field with the values ``QUEUED``, ``LEASED`` and ``"failed"``.
    ``lease_owner`` and ``attempts``, the number of leases so far, identify a lease.
    """

    QUEUED: ClassVar = "queued"
    LEASED: ClassVar = "running"
    """The status while a worker owns the row."""
    ABANDONED: ClassVar[type[PortalError]]
    """The error of a row whose workers exited during too many leases."""
    RELATED: ClassVar[tuple[str, ...]] = ("job",)
    """The foreign keys that are loaded together with a leased row, so that its work does not stop
    with an unexpected error if a credential is deleted during the lease."""

    lease_owner = models.CharField(max_length=120, blank=True)
    """The thread that took the last lease: see jobs/lease_owner.py."""
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    """Null unless a worker owns the row."""
    attempts = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
