"""OpenStack Keystone as IAM: Huawei Cloud's IAM descends from it and speaks its API.

So what signs in here does not sign in by our own reading of the reference alone. It runs
in an environment of its own (``.venv-keystone``, made by ``make test``), on SQLite.
"""

from tests.fakes.keystone.server import Keystone

__all__ = ["Keystone"]
