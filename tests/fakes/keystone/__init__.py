"""OpenStack Keystone as IAM. Huawei Cloud's IAM is derived from it and has its API.

It tests the sign-in independently of the test cloud. It runs on SQLite in a separate environment
(``.venv-keystone``, created by ``make test``).
"""

from tests.fakes.keystone.server import Keystone

__all__ = ["Keystone"]
