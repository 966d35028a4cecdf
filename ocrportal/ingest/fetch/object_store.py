"""Lists, reads, writes and presigns objects in buckets of OBS and of other S3 stores.

OBS needs virtual-hosted addresses and plain version 4 signatures, and rejects the checksums
that boto3 sends by default since 2025. Listings use ListObjects version 1 without encoded keys,
since OBS is known to repeat a page for ever with version 2 or encoded keys.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

import certifi

from ocrportal.errors.ingest import BadObjectAddress, FileTooLarge, StoreTooSlow, StoreUnreachable
from ocrportal.ingest.fetch.address_guard import check_address, resolve
from ocrportal.ingest.fetch.bucket_address import is_bucket_name
from ocrportal.ingest.fetch.http import FetchedFile
from ocrportal.ingest.fetch.store import CONNECT_SECONDS, READ_SECONDS, Store, host_of
from ocrportal.ingest.fetch.store_errors import network_translated, translated
from ocrportal.ingest.sniff.file_type import sniff

if TYPE_CHECKING:
    from botocore.config import Config  # type: ignore[import-untyped]  # it ships no types

_ATTEMPTS = 3
_PIECE_BYTES = 64 * 1024
_KEYS_AT_ONCE = 1000
"""The maximum of the protocol for one response."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object of a listing."""

    key: str
    size: int
    modified: dt.datetime | None

    @property
    def name(self) -> str:
        return self.key.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the objects under a prefix."""

    folders: tuple[str, ...]
    """Prefixes one level down, each ending with ``/``."""
    objects: tuple[StoredObject, ...]
    following: str
    """The ``after`` of the next page; empty at the end."""
    searched: int
    """The number of keys that were read for this page."""


def list_buckets(store: Store) -> list[str]:
    """Return the names of all buckets of the account; BucketListDenied if not permitted.

    Like all functions here, raises a StoreError, and AddressRefused for a store that is neither
    public nor in ``internal_hosts``.
    """
    with _client(store) as client, translated(store.endpoint):
        answer = client.list_buckets()
    _check_complete(answer, store, "Buckets")
    return sorted(entry["Name"] for entry in answer["Buckets"])


def list_prefix(
    store: Store, bucket: str, prefix: str = "", *, after: str = "", at_most: int = 100
) -> Listing:
    """List the folders and objects directly under ``prefix``, ``at_most`` together."""
    with _client(store, bucket) as client:
        answer = _list(client, store, bucket, prefix, after, at_most, delimiter="/")
    # Consoles create folders as empty objects.
    objects = [entry for entry in _objects(answer) if entry.key != prefix]
    folders = [entry["Prefix"] for entry in answer.get("CommonPrefixes", [])]
    return Listing(tuple(folders), tuple(objects), _following(answer), len(folders) + len(objects))


def search_prefix(
    store: Store,
    bucket: str,
    prefix: str,
    part: str,
    *,
    after: str = "",
    at_most: int = 100,
    max_keys: int = 10_000,
) -> Listing:
    """Find objects at any depth under ``prefix`` whose remaining key contains ``part``.

    The case is ignored. S3 has no search: keys are listed in order until ``max_keys`` are read,
    rounded up to a page of 1000; ``following`` continues from there.
    """
    found: list[StoredObject] = []
    seen = 0
    wanted = part.casefold()
    with _client(store, bucket) as client:
        while True:
            answer = _list(client, store, bucket, prefix, after, _KEYS_AT_ONCE)
            for entry in _objects(answer):
                seen += 1
                if wanted in entry.key[len(prefix) :].casefold() and entry.name:
                    found.append(entry)
                    if len(found) == at_most:
                        return Listing((), tuple(found), entry.key, seen)
            after = _following(answer)
            if not after or seen >= max_keys:
                return Listing((), tuple(found), after, seen)


def read_object(
    store: Store, bucket: str, key: str, *, max_bytes: int, max_seconds: float, folder: Path
) -> FetchedFile:
    """Read an object into a temporary file in ``folder``.

    Raises FileTooLarge before any of the content is read, and the errors of
    :func:`~ocrportal.ingest.sniff.file_type.sniff`.
    """
    ends = time.monotonic() + max_seconds
    host = host_of(store.endpoint)
    with ExitStack() as undo:
        with _client(store, bucket) as client:
            with translated(store.endpoint, bucket, key):
                answer = client.get_object(Bucket=bucket, Key=key)
            with closing(answer["Body"]) as body:
                _check_complete(answer, store, "ContentLength")
                size: int = answer["ContentLength"]
                if size > max_bytes:
                    raise FileTooLarge(limit_mb=max_bytes // (1024 * 1024))
                file: BinaryIO = undo.enter_context(TemporaryFile(dir=folder))
                for piece in _pieces(body, size, store.endpoint):
                    if time.monotonic() > ends:
                        raise StoreTooSlow(host=host, seconds=round(max_seconds))
                    file.write(piece)
        file_format = sniff(file)
        undo.pop_all()
    return FetchedFile(file=file, name=key.rpartition("/")[2], format=file_format)


def look_up_metadata(store: Store, bucket: str, key: str) -> Mapping[str, str]:
    """Return the metadata of an object. Raises ObjectUnknown.

    This sends a GET and does not read the body, since the response to a HEAD has no error code.
    """
    with _client(store, bucket) as client, translated(store.endpoint, bucket, key):
        answer = client.get_object(Bucket=bucket, Key=key)
        answer["Body"].close()
    metadata: Mapping[str, str] = answer.get("Metadata", {})
    return metadata


def write_object(
    store: Store,
    bucket: str,
    key: str,
    file: BinaryIO,
    *,
    media_type: str,
    metadata: Mapping[str, str],
) -> None:
    """Write a file from its current position in one request; replaces an existing object."""
    with _client(store, bucket) as client, translated(store.endpoint, bucket, key):
        client.put_object(
            Bucket=bucket, Key=key, Body=file, ContentType=media_type, Metadata=dict(metadata)
        )


def presign(store: Store, bucket: str, key: str, *, seconds: int) -> str:
    """Return an address that permits reading the object for ``seconds``; sends no request."""
    if not (bucket and key):
        raise BadObjectAddress
    with _client(store, bucket) as client:
        address: str = client.generate_presigned_url(
            "get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=seconds
        )
    return address


def client_config(
    endpoint: str,
    *,
    connect_seconds: float = CONNECT_SECONDS,
    read_seconds: float = READ_SECONDS,
    **more: Any,
) -> Config:
    """The configuration of boto3 for the store at ``endpoint``; empty for Amazon S3."""
    # Only a process that reaches a store loads the library for it.
    from botocore.config import Config  # noqa: PLC0415  # see above

    return Config(
        signature_version="s3v4",
        s3={"addressing_style": _addressing_style(endpoint)},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        connect_timeout=connect_seconds,
        read_timeout=read_seconds,
        **more,
    )


def _addressing_style(endpoint: str) -> str:
    """``virtual`` (the bucket is part of the host) or ``path``, for hosts without subdomains."""
    host = urlsplit(endpoint).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "virtual" if "." in host or not host else "path"
    return "path"


@contextmanager
def _client(store: Store, bucket: str = "") -> Iterator[Any]:
    if bucket and not is_bucket_name(bucket):
        raise BadObjectAddress
    _check_place(store, bucket)
    # Likewise.
    import boto3  # type: ignore[import-untyped]  # noqa: PLC0415  # it ships no types
    from botocore.handlers import (  # type: ignore[import-untyped]  # noqa: PLC0415  # the same
        set_list_objects_encoding_type_url,
    )

    with _trusted(store) as trusted:
        client = boto3.session.Session().client(
            "s3",
            endpoint_url=store.endpoint,
            region_name=store.region,
            aws_access_key_id=store.access_key,
            aws_secret_access_key=store.secret_key,
            aws_session_token=store.security_token or None,
            verify=trusted,
            config=client_config(
                store.endpoint,
                # Proxies of the environment are not used, as for web addresses.
                proxies={"http": store.proxy, "https": store.proxy} if store.proxy else {},
                connect_seconds=store.connect_seconds,
                read_seconds=store.read_seconds,
            ),
        )
        client.meta.events.unregister(
            "before-parameter-build.s3.ListObjects", set_list_objects_encoding_type_url
        )
        with closing(client):
            yield client


def _check_place(store: Store, bucket: str) -> None:
    """Raise AddressRefused for a store, or a host of its bucket, behind the firewall."""
    scheme, _slashes, host = store.endpoint.partition("://")
    in_front = bucket and _addressing_style(store.endpoint) == "virtual"
    address = check_address(
        f"{scheme}://{bucket}.{host}" if in_front else store.endpoint, store.internal_hosts
    )
    if not store.proxy:  # a proxy resolves the name itself
        with network_translated(store.endpoint):
            resolve(address, store.internal_hosts)


@contextmanager
def _trusted(store: Store) -> Iterator[bool | str]:
    """The ``verify`` argument of boto3; additional certificates are written to a file."""
    if not store.verify_tls or not store.ca_bundle:
        yield store.verify_tls
        return
    with NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(Path(certifi.where()).read_text(encoding="utf-8") + "\n" + store.ca_bundle)
        file.flush()
        yield file.name


def _list(
    client: Any,
    store: Store,
    bucket: str,
    prefix: str,
    after: str,
    at_most: int,
    delimiter: str = "",
) -> dict[str, Any]:
    with translated(store.endpoint, bucket):
        answer: dict[str, Any] = client.list_objects(
            Bucket=bucket, Prefix=prefix, Marker=after, MaxKeys=at_most, Delimiter=delimiter
        )
    _check_complete(answer, store, "Name")
    for entry in answer.get("Contents", []):
        _check_complete(entry, store, "Key", "Size")
    return answer


def _check_complete(answer: Mapping[str, Any], store: Store, *always: str) -> None:
    """Raise StoreUnreachable if a field is missing: boto3 parses a truncated response as empty."""
    if not all(name in answer for name in always):
        raise StoreUnreachable(host=host_of(store.endpoint))


def _objects(answer: Mapping[str, Any]) -> list[StoredObject]:
    return [
        StoredObject(entry["Key"], entry["Size"], entry.get("LastModified"))
        for entry in answer.get("Contents", [])
    ]


def _following(answer: Mapping[str, Any]) -> str:
    """The marker of the next page; empty if the listing is complete."""
    if not answer.get("IsTruncated"):
        return ""
    names = [entry["Key"] for entry in answer.get("Contents", [])]
    names += [entry["Prefix"] for entry in answer.get("CommonPrefixes", [])]
    marker: str = answer.get("NextMarker", "")
    return marker or max(names, default="")


def _pieces(body: Any, size: int, endpoint: str) -> Iterator[bytes]:
    """The content as it arrives; ``body.read`` would block until a whole piece has arrived."""
    received = 0
    while True:
        with network_translated(endpoint):
            # A private attribute: botocore has no other way to read without blocking.
            piece: bytes = body._raw_stream.read1(_PIECE_BYTES, decode_content=False)
        if not piece:
            break
        received += len(piece)
        yield piece
    if received < size:
        raise StoreUnreachable(host=host_of(endpoint))
