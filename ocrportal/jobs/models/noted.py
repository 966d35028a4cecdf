"""Rows with notes for users."""

from __future__ import annotations

from django.db import models

from ocrportal.ingest.notes import Note


class Noted(models.Model):
    """A row that stores its notes as codes; the messages are made when they are read."""

    notes = models.JSONField(default=list, blank=True)
    """Values of :class:`ocrportal.ingest.notes.Note`."""

    class Meta:
        abstract = True

    @property
    def read_notes(self) -> list[Note]:
        """The notes that this version of the portal knows."""
        return [note for note in Note if note.value in self.notes]
