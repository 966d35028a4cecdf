"""A document laid out as a stream of pages: one pass, and one layout per page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from ocrportal.layout.headers_footers import (
    as_text,
    mark_headers_and_footers,
    without_headers_and_footers,
)
from ocrportal.layout.laid_out_page import LaidOutPage
from ocrportal.layout.page import lay_out_page
from ocrportal.layout.page_breaks import join_paragraphs
from ocrportal.layout.source import RecognisedDocument, RecognisedPage
from ocrportal.layout.table_breaks.joining import join_tables


def ignore_page(page: object) -> None:
    """Do nothing with a page: the default observer."""


@dataclass(frozen=True, slots=True)
class LaidOutDocument:
    """One file's content: a recognised document, or several that become one file.

    Pages are streamed: each is laid out when it is read and released once it is written.
    """

    title: str
    documents: tuple[RecognisedDocument, ...]
    is_merged: bool = False
    """Whether several documents become one file, each with its title in it."""
    first_index: int = 0
    """Index of the first page within the whole file."""
    on_read: Callable[[RecognisedPage], None] = ignore_page
    """Called with each page once the consumer asks for the next one."""
    on_laid_out: Callable[[LaidOutPage], None] = ignore_page
    """Called with each laid-out page before the consumer gets it."""

    @property
    def page_count(self) -> int:
        """Number of recognised pages of all documents."""
        return sum(document.page_count for document in self.documents)

    def only(self, start: int, stop: int) -> LaidOutDocument:
        """The documents from ``start`` up to ``stop`` as a part of the same file."""
        passed = sum(document.page_count for document in self.documents[:start])
        return replace(
            self, documents=self.documents[start:stop], first_index=self.first_index + passed
        )

    def recognised_pages(self) -> Iterator[tuple[str, RecognisedPage]]:
        """The pages before the layout, each with the title of its document."""
        for document in self.documents:
            for page in self._read(document):
                yield document.title, page

    def pages(self) -> Iterator[LaidOutPage]:
        """The pages, each laid out by itself."""
        return self._observed(
            self._laid_out(document, number) for number, document in enumerate(self.documents)
        )

    def flowing_pages(
        self, *, headers_footers: bool = True, join: bool = True
    ) -> Iterator[LaidOutPage]:
        """The pages as continuous text, with headers and footers marked or left out.

        ``join`` joins paragraphs and tables that continue on the next page of the same document.
        The frames of a video have no headers and page numbers, and nothing of them is joined.
        """
        return self._observed(
            _flowing(self._laid_out(document, number), headers_footers=headers_footers, join=join)
            for number, document in enumerate(self.documents)
        )

    def _read(self, document: RecognisedDocument) -> Iterator[RecognisedPage]:
        for page in document.iter_pages():
            yield page
            self.on_read(page)

    def _laid_out(self, document: RecognisedDocument, number: int) -> Iterator[LaidOutPage]:
        for position, page in enumerate(self._read(document)):
            laid_out = lay_out_page(page)
            if self.is_merged:
                laid_out = replace(
                    laid_out,
                    document_title=document.title,
                    document_index=number,
                    starts_document=position == 0,
                )
            yield laid_out

    def _observed(self, documents: Iterator[Iterator[LaidOutPage]]) -> Iterator[LaidOutPage]:
        for index, page in enumerate(chain.from_iterable(documents), self.first_index):
            numbered = replace(page, index=index)
            self.on_laid_out(numbered)
            yield numbered


def _flowing(
    pages: Iterator[LaidOutPage], *, headers_footers: bool, join: bool
) -> Iterator[LaidOutPage]:
    first = next(pages, None)
    if first is None:
        return
    pages = chain([first], pages)
    if first.source.seconds is not None:
        yield from map(as_text, pages)
        return
    pages = mark_headers_and_footers(pages)
    if join:
        pages = join_paragraphs(join_tables(pages))
    yield from pages if headers_footers else map(without_headers_and_footers, pages)
