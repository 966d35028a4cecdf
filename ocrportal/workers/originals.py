"""Stored files as files on this machine's disk, for readers that need a path."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db.models.fields.files import FieldFile

from ocrportal.workers.scratch import scratch_folder


@contextmanager
def on_disk(stored: FieldFile) -> Iterator[Path]:
    """The path of a stored file, or of a copy if it is stored in a bucket.

    Raises FileNotFoundError if it is missing.
    """
    try:
        path = Path(stored.path)
    except NotImplementedError:  # so storages say that their files have no path
        with scratch_folder() as folder:
            path = folder / "source"
            with stored.open("rb") as source, path.open("wb") as target:
                shutil.copyfileobj(source, target)
            yield path
        return
    yield path


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
