"""Temporary folders that are deleted at the latest after their process has exited.

A killed process cannot delete its folder. The name of the folder therefore contains the owner,
and the recovery deletes the folders of exited processes.
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
"""The name that Django gives to a file while it is uploaded."""
_MAX_SECONDS = 24 * 3600
"""Longer than any upload or task takes. Older files belong to a killed process, possibly of a
container that does not exist any more and whose processes cannot be looked up."""


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder of this thread, which is deleted at the end with its content."""
    name = _PREFIX + lease_owner().replace("/", "~") + _SUFFIX
    folder = Path(mkdtemp(prefix=name, dir=settings.FILE_UPLOAD_TEMP_DIR))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def clear_abandoned() -> None:
    """Delete the folders and uploads of killed processes."""
    place = Path(settings.FILE_UPLOAD_TEMP_DIR)
    for folder in place.glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).rpartition(_SUFFIX)[0]
        if has_exited(owner.replace("~", "/")) or _is_old(folder):
            # Another worker may delete it at the same time.
            shutil.rmtree(folder, ignore_errors=True)
    for upload in place.glob(_UPLOAD):
        if _is_old(upload):
            upload.unlink(missing_ok=True)  # see above


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > _MAX_SECONDS
    except FileNotFoundError:  # see above
        return False
