"""Engines are made once for all tests, since their models take seconds to load."""

import pytest

from ocrportal.engines.local.engine import LocalEngine


@pytest.fixture(scope="session")
def local_engine() -> LocalEngine:
    return LocalEngine()
