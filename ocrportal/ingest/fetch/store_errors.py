"""Translates errors of object stores and of the network to StoreErrors."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (  # type: ignore[import-untyped]  # it ships no types
    ClientError,
    ConnectTimeoutError,
    HTTPClientError,
    ReadTimeoutError,
)
from botocore.exceptions import (
    ConnectionError as NotConnected,
)
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as SocketTimeout

from ocrportal.errors.ingest import (
    AccountInArrears,
    AddressUnreachable,
    BucketListDenied,
    BucketUnknown,
    ObjectArchived,
    ObjectUnknown,
    StoreAccessDenied,
    StoreBusy,
    StoreClockSkewed,
    StoreError,
    StoreKeyRefused,
    StoreTooSlow,
    StoreUnreachable,
    StoreWrongRegion,
)
from ocrportal.ingest.fetch.store import host_of

_ERRORS: dict[str, type[StoreError]] = {
    "InvalidAccessKeyId": StoreKeyRefused,
    "SignatureDoesNotMatch": StoreKeyRefused,
    "InvalidSecurity": StoreKeyRefused,
    "InvalidToken": StoreKeyRefused,
    "ExpiredToken": StoreKeyRefused,
    "AccessDenied": StoreAccessDenied,
    "AllAccessDisabled": StoreAccessDenied,
    "NoSuchBucket": BucketUnknown,
    "NoSuchKey": ObjectUnknown,
    "InvalidObjectState": ObjectArchived,
    "RequestTimeTooSkewed": StoreClockSkewed,
    "PermanentRedirect": StoreWrongRegion,
    "TemporaryRedirect": StoreWrongRegion,
    "AuthorizationHeaderMalformed": StoreWrongRegion,
    "InArrearOrInsufficientBalance": AccountInArrears,
    "SlowDown": StoreBusy,
    "ServiceUnavailable": StoreBusy,
    "TooManyRequests": StoreBusy,
}
"""By the error code in the response."""
_BY_STATUS: dict[int, type[StoreError]] = {
    301: StoreWrongRegion,
    307: StoreWrongRegion,
    403: StoreAccessDenied,
    429: StoreBusy,
    503: StoreBusy,
}
"""By the HTTP status, for unknown codes."""


@contextmanager
def translated(endpoint: str, bucket: str = "", key: str = "") -> Iterator[None]:
    """Translate error responses of the store and network errors to a StoreError."""
    try:
        with network_translated(endpoint):
            yield
    except ClientError as error:
        raise _refusal(error, host_of(endpoint), bucket, key) from error


@contextmanager
def network_translated(endpoint: str) -> Iterator[None]:
    """Translate network errors to StoreTooSlow or StoreUnreachable."""
    host, begun = host_of(endpoint), time.monotonic()
    try:
        yield
    except (ConnectTimeoutError, ReadTimeoutError, SocketTimeout) as error:
        seconds = math.ceil(time.monotonic() - begun)
        raise StoreTooSlow(host=host, seconds=seconds) from error
    except (NotConnected, HTTPClientError, HTTPError, AddressUnreachable) as error:
        raise StoreUnreachable(host=host) from error


def _refusal(error: ClientError, host: str, bucket: str, key: str) -> StoreError:
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    kind = _ERRORS.get(code) or _BY_STATUS.get(status, StoreError)
    if kind is StoreAccessDenied and not bucket:
        kind = BucketListDenied
    return kind(host=host, bucket=bucket, key=key, answer=(code or f"HTTP {status}")[:100])
