"""The format of a ZIP file, from the names in its central directory."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import BinaryIO

from ocrportal.errors.ingest import DamagedFile
from ocrportal.ingest.bounded_reader import BoundedReader, ReadLimitExceeded

_MAX_DIRECTORY_BYTES = 1_900_000
"""Some 20,000 names. The entries of such a directory take about 25 MB of memory."""
_MAX_MIME_TYPE_BYTES = 200
_OPEN_DOCUMENT = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}
_OFFICE_OPEN_XML = {"word": "docx", "xl": "xlsx", "ppt": "pptx"}
_DAMAGE = (zipfile.BadZipFile, struct.error, zlib.error, ValueError, OverflowError, EOFError)


def kind_of_zip(file: BinaryIO) -> str:
    """Return ``docx``, ``xlsx``, ``pptx``, ``odt``, ``ods``, ``odp``, ``ofd`` or ``zip``.

    A file whose directory is too large for a document is a ``zip``. Raises DamagedFile if the
    directory is missing or malformed.
    """
    try:
        with zipfile.ZipFile(BoundedReader(file, _MAX_DIRECTORY_BYTES)) as archive:
            # Some Windows programs write backslashes as separators.
            names = {name.replace("\\", "/") for name in archive.namelist()}
            mime_type = _mime_type(archive)
    except (ReadLimitExceeded, NotImplementedError):  # as is a ZIP of an unknown version
        return "zip"
    except _DAMAGE as error:
        raise DamagedFile from error
    for subtype, key in _OPEN_DOCUMENT.items():
        if mime_type.startswith(f"application/vnd.oasis.opendocument.{subtype}"):
            return key
    if "[Content_Types].xml" in names:
        folders = {name.partition("/")[0] for name in names}
        for folder, key in _OFFICE_OPEN_XML.items():
            if folder in folders:
                return key
    return "ofd" if "OFD.xml" in names else "zip"


def _mime_type(archive: zipfile.ZipFile) -> str:
    """The start of the member ``mimetype``; empty if it is missing or cannot be read in steps."""
    try:
        entry = archive.getinfo("mimetype")
    except KeyError:
        return ""
    encrypted = entry.flag_bits & 1
    if encrypted or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return ""
    with archive.open(entry) as member:
        return member.read(_MAX_MIME_TYPE_BYTES).decode("ascii", "replace")
