"""Objects in the buckets of OBS, or of whatever else speaks S3: list, read, write, sign.

OBS wants the bucket in front of the host and plain signatures of version 4; it refuses the
checksums that boto3 adds by itself since 2025. Listings are asked for in the first version of
the protocol and without encoded keys, since in others OBS is known to repeat a page for ever.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import boto3  # type: ignore[import-untyped]  # it ships no types
import certifi
from botocore.config import Config  # type: ignore[import-untyped]  # the same
from botocore.handlers import (  # type: ignore[import-untyped]  # the same
    set_list_objects_encoding_type_url,
)

from ocrportal.errors import BadObjectAddress, FileTooLarge, StoreTooSlow, StoreUnreachable
from ocrportal.ingest.fetch.address_guard import check_address, resolve
from ocrportal.ingest.fetch.bucket_address import is_bucket_name
from ocrportal.ingest.fetch.http import FetchedFile
from ocrportal.ingest.fetch.store_errors import host_of, network_translated, translated
from ocrportal.ingest.sniff.file_type import sniff

_ATTEMPTS = 3
_CONNECT_SECONDS = 5.0
_READ_SECONDS = 20.0
_PIECE_BYTES = 64 * 1024
_KEYS_AT_ONCE = 1000
"""More than this no store lists in one answer."""


@dataclass(frozen=True, slots=True)
class Store:
    """An object store in one region, and the key with which it is asked."""

    endpoint: str
    """Scheme, host and port without a bucket."""
    region: str
    access_key: str
    secret_key: str = field(repr=False)
    security_token: str = field(default="", repr=False)
    proxy: str = field(default="", repr=False)
    verify_tls: bool = True
    ca_bundle: str = ""
    """Certificates in PEM form that are trusted besides the usual ones."""
    internal_hosts: tuple[str, ...] = ()
    """What may be reached although it is not public: see guard.check_address."""
    connect_seconds: float = _CONNECT_SECONDS
    read_seconds: float = _READ_SECONDS
    """How long a single answer may keep silent; each of them is tried three times."""

    def at(self, endpoint: str, region: str) -> Store:
        """The same key in another region."""
        return replace(self, endpoint=endpoint, region=region)


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What a listing says of one object."""

    key: str
    size: int
    modified: dt.datetime | None

    @property
    def name(self) -> str:
        return self.key.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of what lies under a prefix."""

    folders: tuple[str, ...]
    """Prefixes one step further down, each with its ``/`` at the end."""
    objects: tuple[StoredObject, ...]
    following: str
    """What to ask for the next part with; empty at the end."""
    looked_through: int
    """How many keys were seen for it."""


def list_buckets(store: Store) -> list[str]:
    """The names of all buckets of the account; raises BucketListDenied where that is not allowed.

    Like all functions here raises a StoreError that says who can mend what, and AddressRefused
    for a store that is not public and not in ``internal_hosts``.
    """
    with _client(store) as client, translated(store.endpoint):
        answer = client.list_buckets()
    _check_whole(answer, store, "Buckets")
    return sorted(entry["Name"] for entry in answer["Buckets"])


def list_prefix(
    store: Store, bucket: str, prefix: str = "", *, after: str = "", at_most: int = 100
) -> Listing:
    """Folders and objects right under ``prefix``, in order, ``at_most`` of them together."""
    with _client(store, bucket) as client:
        answer = _list(client, store, bucket, prefix, after, at_most, delimiter="/")
    # The folder itself is an object of no bytes where it was made in a console.
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
    most_keys: int = 10_000,
) -> Listing:
    """Objects at any depth under ``prefix`` with ``part`` in the rest of their key, in any case.

    No store searches by itself: keys are looked through in order, ``most_keys`` at most and
    a listing (1000 keys) more than needed at most; ``following`` goes on from there.
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
            if not after or seen >= most_keys:
                return Listing((), tuple(found), after, seen)


def read_object(
    store: Store, bucket: str, key: str, *, max_bytes: int, max_seconds: float, folder: Path
) -> FetchedFile:
    """Bring an object to a temporary file in ``folder``.

    Raises FileTooLarge before anything of it is read, and what
    :func:`~ocrportal.ingest.sniff.file_type.sniff` raises.
    """
    ends = time.monotonic() + max_seconds
    host = host_of(store.endpoint)
    with ExitStack() as undo:
        with _client(store, bucket) as client:
            with translated(store.endpoint, bucket, key):
                answer = client.get_object(Bucket=bucket, Key=key)
            with closing(answer["Body"]) as body:
                _check_whole(answer, store, "ContentLength")
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
    """What was noted with an object when it was written; raises ObjectUnknown if there is none.

    The object is asked for and left unread: the answer to a HEAD does not say why it fails.
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
    """Write a file, from where it stands, in one piece; an object of the same key is replaced."""
    with _client(store, bucket) as client, translated(store.endpoint, bucket, key):
        client.put_object(
            Bucket=bucket, Key=key, Body=file, ContentType=media_type, Metadata=dict(metadata)
        )


def presign(store: Store, bucket: str, key: str, *, seconds: int) -> str:
    """An address at which anybody reads the object for that long; nothing is asked for it."""
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
    connect_seconds: float = _CONNECT_SECONDS,
    read_seconds: float = _READ_SECONDS,
    **more: Any,
) -> Config:
    """How boto3 has to speak to the store at ``endpoint``; empty for that of Amazon."""
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
    """Where the bucket stands: before the host, or in the path if nothing can stand before it."""
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
                # Those of the environment are not asked, as with all that users have fetched.
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
    """Refuse a store, or a host of its bucket, that leads behind the firewall."""
    scheme, _slashes, host = store.endpoint.partition("://")
    in_front = bucket and _addressing_style(store.endpoint) == "virtual"
    address = check_address(
        f"{scheme}://{bucket}.{host}" if in_front else store.endpoint, store.internal_hosts
    )
    if not store.proxy:  # which looks up the name itself
        with network_translated(store.endpoint):
            resolve(address, store.internal_hosts)


@contextmanager
def _trusted(store: Store) -> Iterator[bool | str]:
    """What boto3 is to verify certificates with: more than yes or no it takes from a file."""
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
    _check_whole(answer, store, "Name")
    for entry in answer.get("Contents", []):
        _check_whole(entry, store, "Key", "Size")
    return answer


def _check_whole(answer: Mapping[str, Any], store: Store, *always: str) -> None:
    """An answer that was cut within its head is read as an empty one."""
    if not all(name in answer for name in always):
        raise StoreUnreachable(host=host_of(store.endpoint))


def _objects(answer: Mapping[str, Any]) -> list[StoredObject]:
    return [
        StoredObject(entry["Key"], entry["Size"], entry.get("LastModified"))
        for entry in answer.get("Contents", [])
    ]


def _following(answer: Mapping[str, Any]) -> str:
    """The last name of a listing that does not hold all; the next one begins behind it."""
    if not answer.get("IsTruncated"):
        return ""
    names = [entry["Key"] for entry in answer.get("Contents", [])]
    names += [entry["Prefix"] for entry in answer.get("CommonPrefixes", [])]
    told: str = answer.get("NextMarker", "")
    return told or max(names, default="")


def _pieces(body: Any, size: int, endpoint: str) -> Iterator[bytes]:
    """The content as it comes in; its own ``read`` would wait for a whole piece, however long."""
    received = 0
    while True:
        with network_translated(endpoint):
            # Private, but botocore offers no other way to read what is there.
            piece: bytes = body._raw_stream.read1(_PIECE_BYTES, decode_content=False)
        if not piece:
            break
        received += len(piece)
        yield piece
    if received < size:
        raise StoreUnreachable(host=host_of(endpoint))
