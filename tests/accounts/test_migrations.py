from importlib import import_module

import pytest
from django.apps import apps

from ocrportal.accounts.models import Credential, Suspension
from ocrportal.errors import restore
from ocrportal.errors.base import PortalError

error_codes = import_module("ocrportal.accounts.migrations.0007_error_codes")


@pytest.mark.parametrize(("old", "new"), error_codes.CODES.items())
def test_codes_of_stored_errors_are_renamed_and_restored(office: Credential, old: str, new: str):
    params = {"cloud_code": "ModelArts.0001", "cloud_message": "unknown"}
    failure = {"at": "2026-11-30T12:00:00+00:00", "code": old, "params": params}
    Credential.objects.update(sign_in_failure=failure)
    suspension = Suspension.objects.create(credential=office, error_code=old, error_params=params)

    error_codes.rename(apps, None)

    office.refresh_from_db()
    suspension.refresh_from_db()
    assert suspension.error_code == new
    assert office.sign_in_failure == {**failure, "code": new}
    assert type(restore(new, params)) is not PortalError
    error_codes.restore(apps, None)
    office.refresh_from_db()
    suspension.refresh_from_db()
    assert (suspension.error_code, office.sign_in_failure) == (old, failure)


def test_credentials_without_a_failed_sign_in_are_not_changed(office: Credential):
    error_codes.rename(apps, None)

    office.refresh_from_db()
    assert office.sign_in_failure == {}
