from importlib import import_module

import pytest
from django.apps import apps

from ocrportal.accounts.models import User
from ocrportal.usage.statistics import Failure
from tests.usage.calls import make_call

error_codes = import_module("ocrportal.usage.migrations.0005_error_codes")


@pytest.mark.parametrize(("old", "new"), error_codes.CODES.items())
def test_codes_in_the_ledger_are_renamed_and_restored(alice: User, old: str, new: str):
    failed, succeeded = make_call(alice, code=old), make_call(alice)

    error_codes.rename(apps, None)

    failed.refresh_from_db()
    succeeded.refresh_from_db()
    assert (failed.code, succeeded.code) == (new, "")
    assert "does not know this code" not in Failure(new, None, 1).cause
    error_codes.restore(apps, None)
    failed.refresh_from_db()
    assert failed.code == old
