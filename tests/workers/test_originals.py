"""Stored files as paths."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage

from ocrportal.jobs.models import Document
from ocrportal.workers.originals import digest_of, on_disk


class Bucket(Storage):
    """Files without a path, as those in a bucket are."""

    def __init__(self):
        self.files: dict[str, bytes] = {}

    def _save(self, name, content):
        self.files[name] = content.read()
        return name

    def _open(self, name, mode="rb"):
        if name not in self.files:
            raise FileNotFoundError(name)
        return ContentFile(self.files[name])

    def exists(self, name):
        return name in self.files

    def delete(self, name):
        del self.files[name]


def stored(storage, data: bytes):
    file = Document().file
    file.storage = storage
    file.name = storage.save("a", ContentFile(data))
    return file


def test_a_file_in_a_folder_is_used_in_place(tmp_path, settings):
    document = Document()
    document.file.name = document.file.storage.save("a", ContentFile(b"scan"))
    with on_disk(document.file) as path:
        assert path == settings.MEDIA_ROOT / "a"


def test_a_file_in_a_bucket_is_brought_here_and_removed_again(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    with on_disk(stored(Bucket(), b"scan")) as path:
        assert path.read_bytes() == b"scan"
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_raises(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    file = stored(Bucket(), b"scan")
    file.storage.delete(file.name)
    with pytest.raises(FileNotFoundError), on_disk(file):
        pass


def test_the_digest_is_that_of_the_bytes(samples):
    path = samples / "page_zh.png"
    assert digest_of(path) == hashlib.sha256(path.read_bytes()).hexdigest()
