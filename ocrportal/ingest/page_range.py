"""Page ranges such as ``1-3,7``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ocrportal.errors.ingest import BadPageRange, PagesOutOfRange


@dataclass(frozen=True, slots=True)
class PageRange:
    """A page range as entered by a user, before the number of pages is known."""

    text: str
    """As it was entered."""
    spans: tuple[tuple[int, int | None], ...]
    """First and last page of each part, from 1; None as last page means to the end."""

    def select(self, page_count: int) -> Sequence[int]:
        """Return the chosen page numbers of a file with ``page_count`` pages, ascending.

        Pages beyond the end are ignored. Raises PagesOutOfRange if no page is left.
        """
        clipped = [
            range(first, min(last or page_count, page_count) + 1) for first, last in self.spans
        ]
        chosen = [span for span in clipped if span]
        if not chosen:
            raise PagesOutOfRange(pages=page_count, text=self.text)
        if len(chosen) == 1:
            return chosen[0]
        return sorted(set().union(*chosen))


_ALL = ((1, None),)
_DASHES = re.compile("[‐-―−~〜至到]")
_COMMAS = re.compile("[、;]")
_PART = re.compile(r"([1-9][0-9]{0,8})(-([1-9][0-9]{0,8})?)?")
_MAX_TEXT = 500


def parse_page_range(text: str) -> PageRange:
    """Read a range such as ``1-3,7`` or ``5-``; an empty text means every page.

    Full-width digits and signs, Chinese commas and spaces are accepted, since Chinese
    keyboards write them. Raises BadPageRange.
    """
    # NFKC replaces full-width digits, commas, dashes and tildes with ASCII.
    plain = "".join(unicodedata.normalize("NFKC", text[: _MAX_TEXT + 1]).split())
    plain = _COMMAS.sub(",", _DASHES.sub("-", plain)).strip(",")
    if not plain:
        return PageRange(text="", spans=_ALL)
    shown = text.strip()[:50]
    if len(plain) > _MAX_TEXT:
        raise BadPageRange(text=shown)
    spans = []
    for part in plain.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise BadPageRange(text=shown)
        first = int(match[1])
        last = first if match[2] is None else int(match[3]) if match[3] else None
        if last is not None and last < first:
            raise BadPageRange(text=shown)
        spans.append((first, last))
    return PageRange(text=shown, spans=tuple(spans))
