"""Writes a document in one of the declared formats, and creates its verification.

Writers and verifications are imported when needed, so that a process only imports the libraries
of the formats that it writes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, cast

from django.utils.module_loading import import_string

from ocrportal.exporters.formats import ExportFormat
from ocrportal.exporters.options import DEFAULT_OPTIONS, ExportOptions
from ocrportal.exporters.verification import Verification
from ocrportal.layout.document import LaidOutDocument
from ocrportal.pictures import PictureFolder

_PACKAGE = "ocrportal.exporters"


Writer = Callable[[LaidOutDocument, BinaryIO, ExportOptions], None]
PlainWriter = Callable[[LaidOutDocument, BinaryIO], None]
"""Writers write to a stream, front to back; the stream need not be seekable."""


def write_document(
    document: LaidOutDocument,
    kind: ExportFormat,
    out: BinaryIO,
    options: ExportOptions = DEFAULT_OPTIONS,
    folder: PictureFolder | None = None,
) -> None:
    """Write a document in this format; raises ExportError.

    ``folder`` is for the pictures of a format with ``has_picture_folder``, in an archive.
    """
    write = import_string(f"{_PACKAGE}.{kind.writer}")
    if folder is not None:
        write(document, out, options, folder)
    elif kind.options:
        cast("Writer", write)(document, out, options)
    else:
        cast("PlainWriter", write)(document, out)


def new_verification(kind: ExportFormat, page_count: int) -> Verification | None:
    """The verification of a file of so many pages; None if the format has none."""
    if not kind.verification:
        return None
    verification = cast("type[Verification]", import_string(f"{_PACKAGE}.{kind.verification}"))
    return verification(page_count)
