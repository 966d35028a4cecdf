"""The users of all tests: Alice owns rows, Bob must not see them, and there is an administrator."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from ocrportal.accounts.models import Credential, User
from tests.fakes.cloud import FakeCloud
from tests.fakes.objectstore import ObjectStore, object_store

SAMPLES = Path(__file__).parent / "samples"

pytest_plugins = ["tests.job_fixtures"]


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path: Path) -> None:
    """Each test stores its files in a separate folder and uses a fast password hasher."""
    settings.MEDIA_ROOT = tmp_path / "media"
    # Static files are served from static/; tests do not collect them.
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _default_language() -> Iterator[None]:
    """Each test starts in the default language; a request in another one leaves that active."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def samples() -> Path:
    """The folder of sample files; its README names their origins."""
    return SAMPLES


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    """A running test cloud with a valid account and user."""
    with FakeCloud() as running:
        yield running


@pytest.fixture
def buckets(tmp_path: Path) -> Iterator[ObjectStore]:
    """A running object store without buckets."""
    with object_store(tmp_path / "buckets") as running:
        yield running


@pytest.fixture
def alice(db) -> User:
    return User.objects.create_user("alice", password="correct horse battery")


@pytest.fixture
def bob(db) -> User:
    return User.objects.create_user("bob", password="staple of the office")


@pytest.fixture
def admin(db) -> User:
    return User.objects.create_superuser("admin", password="keys to everything")


@pytest.fixture
def as_alice(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def as_bob(bob: User) -> Client:
    client = Client()
    client.force_login(bob)
    return client


@pytest.fixture
def office(alice: User) -> Credential:
    """A credential of Alice, for tests that make no call with it."""
    return Credential.objects.create(
        owner=alice, name="Office", kind="aksk", region="cn-north-4", access_key="AKALICEOFFICE1"
    )
