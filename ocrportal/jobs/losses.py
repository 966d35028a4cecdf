"""Structure that is lost in a format: tables in plain text, or pictures in a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from ocrportal.exporters.formats import FORMATS, Structure
from ocrportal.jobs.models import Export, Job, Page
from ocrportal.results import PageResult


@dataclass(frozen=True, slots=True)
class Loss:
    """One kind of structure that a format does not hold, and the pages that have it."""

    structure: Structure
    pages: tuple[Page, ...]

    @property
    def message(self) -> str:
        """The loss in the active language."""
        match self.structure:
            case "tables":
                return gettext("Tables become lines of text")
            case "figures":
                return gettext("Pictures are left out")


def structure_of(result: PageResult) -> list[Structure]:
    """What a result contains besides text; stored with it, so that no result is read for it."""
    found: list[Structure] = []
    if result.tables:
        found.append("tables")
    if any(area.is_picture for area in result.blocks):
        found.append("figures")
    return found


def losses_in(pages: Iterable[Page], key: str) -> list[Loss]:
    """What the pages lose in the format with this key; nothing in an archive of all formats.

    Pages whose structure is unknown are left out.
    """
    kind = FORMATS.get(key)
    if kind is None:
        return []
    pages = list(pages)
    losses = []
    for structure in kind.lacks:
        found = tuple(p for p in pages if p.result and structure in (p.result.structure or ()))
        if found:
            losses.append(Loss(structure, found))
    return losses


def pages_with_structure(job: Job) -> list[Page]:
    """The pages of a job that have more than text, in order, in one query."""
    pages = Page.objects.filter(job=job, result__structure__isnull=False)
    pages = pages.exclude(result__structure=[])
    rows = pages.select_related("result", "document").defer("result__data", "result__raw")
    return list(rows.order_by("document__position", "number", "part"))


def losses_of(export: Export, pages: Iterable[Page]) -> list[Loss]:
    """What an export has lost of these pages of its job."""
    of_it = (p for p in pages if export.document_id in (None, p.document_id))
    return losses_in(of_it, export.format)
