"""The cast of all tests: Alice owns things, Bob must not see them, the admin runs it all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from ocrportal.accounts.models import Credential, User
from tests.fakes.cloud import FakeCloud
from tests.fakes.objectstore import ObjectStore, object_store

SAMPLES = Path(__file__).parent / "samples"

pytest_plugins = ["tests.job_fixtures"]


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path: Path) -> None:
    """Each test stores its files in a folder of its own, and hashes passwords quickly."""
    settings.MEDIA_ROOT = tmp_path / "media"
    # Static files are served as they lie in static/: nothing is collected for a test.
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def samples() -> Path:
    """The folder of real files; its README says where each comes from."""
    return SAMPLES


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    """A cloud that answers as recorded, with an account and a user that are in order."""
    with FakeCloud() as running:
        yield running


@pytest.fixture
def buckets(tmp_path: Path) -> Iterator[ObjectStore]:
    """An object store without any bucket as yet."""
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
    """A credential of Alice's, for tests in which nobody is called with it."""
    return Credential.objects.create(
        owner=alice, name="Office", kind="aksk", region="cn-north-4", access_key="AKALICEOFFICE1"
    )
