"""A cloud with scripted responses, which records its requests."""

from collections.abc import Iterator

import pytest

from ocrportal.engines.cloud import CallReport, CloudAccess
from tests.engines.huawei.scripted import MemoryTokens, ScriptedCloud


@pytest.fixture
def cloud() -> Iterator[ScriptedCloud]:
    with ScriptedCloud() as running:
        yield running


@pytest.fixture
def by_token(cloud: ScriptedCloud) -> CloudAccess:
    """A credential with a password; both services are played by ``cloud``."""
    return CloudAccess(
        kind="token",
        region="cn-north-4",
        secret="the password",
        iam_user="clerk",
        domain="office",
        ocr_endpoint=cloud.url,
        iam_endpoint=cloud.url,
        read_seconds=5,
    )


@pytest.fixture
def by_keys(cloud: ScriptedCloud) -> CloudAccess:
    """A credential with AK and SK and a known project."""
    return CloudAccess(
        kind="aksk",
        region="cn-north-4",
        secret="TheSecretKey",
        access_key="THEACCESSKEY",
        project_id="project-of-keys",
        ocr_endpoint=cloud.url,
        iam_endpoint=cloud.url,
        read_seconds=5,
    )


@pytest.fixture
def tokens() -> MemoryTokens:
    return MemoryTokens()


@pytest.fixture
def reports() -> list[CallReport]:
    """The reported calls; pass its ``append`` as ``report``."""
    return []
