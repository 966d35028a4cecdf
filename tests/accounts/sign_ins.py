"""Several threads of a process that all need a new token: run by test_credentials.py.

Arguments: the credential's id, how many threads, how many there are in all processes, how
the sign-in ends, and a folder in which the threads tell of each other. The one that signs
in ends only once all other threads wait for it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import threading
import time
import uuid
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402  # needs the set-up

from ocrportal.accounts import credentials  # noqa: E402  # as above
from ocrportal.accounts.models import Credential  # noqa: E402  # as above
from ocrportal.engines.cloud import Token  # noqa: E402  # as above
from ocrportal.errors.base import PortalError  # noqa: E402  # as above
from ocrportal.errors.engine import CloudTimeout, CredentialRefused  # noqa: E402  # as above

credential_id, threads, everybody, outcome = map(str, sys.argv[1:5])
folder = Path(sys.argv[5])
results: list[str] = []
real_sleep = time.sleep


def note(kind: str) -> None:
    (folder / f"{kind}-{os.getpid()}-{threading.get_ident()}").touch()


def sleep(seconds: float) -> None:
    note("waits")
    real_sleep(seconds)


def sign_in() -> Token:
    (folder / f"sign-in-{uuid.uuid4()}").touch()
    while len(list(folder.glob("waits-*"))) < int(everybody) - 1:
        real_sleep(0.02)
    if outcome == "refused":
        raise CredentialRefused(cloud_code="IAM:bad-credentials", cloud_message="no")
    if outcome == "timeout":
        raise CloudTimeout(host="iam.example.org")
    expires_at = dt.datetime.now(dt.UTC) + dt.timedelta(hours=24)
    return Token(value=uuid.uuid4().hex, expires_at=expires_at, project_id="p")


def ask() -> None:
    try:
        store = credentials.token_store(Credential.objects.get(pk=int(credential_id)))
        results.append(store.renew(sign_in, store.current()).value)
    except PortalError as error:
        results.append(f"{error.code} {sorted(error.params.items())}")
    finally:
        connection.close()


credentials.time.sleep = sleep
crowd = [threading.Thread(target=ask) for _ in range(int(threads))]
for thread in crowd:
    thread.start()
for thread in crowd:
    thread.join()
print(json.dumps(results))
