"""Temporary folders that are deleted after their process has exited."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ocrportal.jobs.lease_owner import lease_owner
from ocrportal.workers.scratch import clear_abandoned, scratch_folder


@pytest.fixture(autouse=True)
def place(settings, tmp_path: Path) -> Path:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    return tmp_path


def test_a_folder_is_deleted_at_the_end_even_after_an_error(place):
    with pytest.raises(FileNotFoundError), scratch_folder() as folder:
        (folder / "missing" / "file").read_bytes()
    assert list(place.iterdir()) == []


def test_a_folder_in_use_is_left_alone():
    with scratch_folder() as folder:
        clear_abandoned()
        assert folder.is_dir()


def test_the_folder_of_a_killed_process_is_deleted(place):
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    stat = Path(f"/proc/{child.pid}/stat").read_text()
    started = stat.rpartition(")")[2].split()[19]
    host, _pid, _start, thread = lease_owner().rsplit("/", 3)
    name = f"{host}/{child.pid}/{started}/{thread}".replace("/", "~")
    folder = place / f"work~{name}~abc"
    (folder / "profile").mkdir(parents=True)

    clear_abandoned()
    assert folder.is_dir(), "it still runs"

    child.kill()
    child.communicate()
    clear_abandoned()
    assert not folder.exists()


def test_old_incomplete_uploads_are_deleted(place):
    fresh, old = place / "a.upload.pdf", place / "b.upload.pdf"
    for path in (fresh, old):
        path.write_bytes(b"1")
    yesterday = time.time() - 25 * 3600
    os.utime(old, (yesterday, yesterday))

    clear_abandoned()

    assert list(place.iterdir()) == [fresh]


def test_a_folder_of_another_container_is_deleted_after_a_day(place):
    host, pid, start, thread = lease_owner().rsplit("/", 3)
    name = f"elsewhere-{host}/{pid}/{start}/{thread}".replace("/", "~")
    folder = place / f"work~{name}~abc"
    folder.mkdir()
    (folder / "source").write_bytes(b"1")

    clear_abandoned()
    assert folder.is_dir(), "it may still be at work there"

    yesterday = time.time() - 25 * 3600
    os.utime(folder, (yesterday, yesterday))
    clear_abandoned()
    assert not folder.exists()
