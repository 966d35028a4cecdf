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

from ocrportal.jobs.lease_owner import has_exited, lease_owner

_PREFIX, _SUFFIX = "work~", "~"
_UPLOAD = "*.upload*"
"""How Django names a file that is still on its way in."""
_MAX_SECONDS = 24 * 3600
"""No upload and no task takes that long: whoever did it was killed, maybe in a container that
is no more, of whose processes nothing can be known."""


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder of this thread's, removed in the end with all that is in it."""
    name = _PREFIX + lease_owner().replace("/", "~") + _SUFFIX
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
        if has_exited(owner.replace("~", "/")) or _is_old(folder):
            # Another worker's sweep may be removing it too.
            shutil.rmtree(folder, ignore_errors=True)
    for upload in place.glob(_UPLOAD):
        if _is_old(upload):
            upload.unlink(missing_ok=True)  # the same


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > _MAX_SECONDS
    except FileNotFoundError:  # the same
        return False
