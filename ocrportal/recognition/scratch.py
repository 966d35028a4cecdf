"""Folders for what a process needs only while it works, gone with it at the latest.

A process that is killed cannot tidy up. So its name is part of the folder's, and the sweep
removes those of processes that are gone.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from django.conf import settings

from ocrportal.recognition.claims import is_gone, own_name

_PREFIX, _SUFFIX = "work~", "~"
_UPLOAD = "*.upload*"
"""How Django names a file that is still on its way in."""
_UPLOAD_SECONDS = 24 * 3600
"""No upload takes that long: whoever received it was killed."""


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder of this thread's, removed in the end with all that is in it."""
    name = _PREFIX + own_name().replace("/", "~") + _SUFFIX
    folder = Path(mkdtemp(prefix=name, dir=settings.FILE_UPLOAD_TEMP_DIR))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def clear_abandoned() -> None:
    """Remove what processes that were killed left behind."""
    place = Path(settings.FILE_UPLOAD_TEMP_DIR)
    for folder in place.glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).rpartition(_SUFFIX)[0]
        if is_gone(owner.replace("~", "/")):
            # Another worker's sweep may be removing it too.
            shutil.rmtree(folder, ignore_errors=True)
    for upload in place.glob(_UPLOAD):
        try:
            if time.time() - upload.stat().st_mtime > _UPLOAD_SECONDS:
                upload.unlink()
        except FileNotFoundError:  # the same
            continue
