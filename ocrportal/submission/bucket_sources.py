"""Objects in buckets among the sources: the credential that reads them, and notes about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ocrportal.accounts.credentials import credential_chosen, storage_credentials_of
from ocrportal.accounts.models import Credential, User
from ocrportal.catalogue.spec import regions
from ocrportal.errors.ingest import BucketNeedsCredential
from ocrportal.ingest.fetch.bucket_address import ObjectAddress, parse_object_address
from ocrportal.submission.sources import Source


def usable_credential(user: User, wanted: str) -> Credential:
    """The user's own or shared credential with this id, else this name; raises ValidationError."""
    credential = credential_chosen(user, wanted)
    if credential is None:
        raise ValidationError(
            _("No credential “%(name)s” is available to you."),
            code="credential-unknown",
            params={"name": wanted},
        )
    return credential


def storage_credential(user: User, wanted: str) -> Credential:
    """The same, if it has an access key for buckets."""
    credential = usable_credential(user, wanted)
    if credential.kind != Credential.Kind.AKSK:
        raise ValidationError(
            _("“%(name)s” is an IAM user. Buckets need an access key (AK/SK)."),
            code="credential-without-key",
            params={"name": credential.name},
        )
    return credential


def usual_storage(user: User, credential: Credential | None) -> Credential | None:
    """The default credential for objects: that of the OCR service, else the only one."""
    if credential is not None and credential.kind == Credential.Kind.AKSK:
        return credential
    usable = list(storage_credentials_of(user)[:2])
    return usable[0] if len(usable) == 1 else None


def objects_among(sources: Sequence[Source]) -> list[ObjectAddress]:
    """The addresses of the objects among the sources."""
    found = (parse_object_address(source.address) for source in sources)
    return [where for where in found if where is not None]


def refused_without_key(source: Source) -> Source:
    """The source, or its error if it needs a credential."""
    where = parse_object_address(source.address)
    if where is None or where.endpoint:  # a web address may be public
        return source
    return Source(name=source.name, error=BucketNeedsCredential(bucket=where.bucket))


def region_notes(
    objects: Sequence[ObjectAddress], credential: Credential, storage: Credential | None
) -> Iterator[str]:
    """A note for each region of the objects that differs from that of the OCR service."""
    home = storage.region if storage and not storage.obs_endpoint else ""
    found = dict.fromkeys(where.region or home for where in objects)
    for region in (name for name in found if name not in ("", credential.region)):
        known = regions().get(region)
        yield _(
            "Some files are in a bucket in %(bucket)s, but the OCR credential is for %(ocr)s. The "
            "cloud does not read across regions, so the portal downloads the files and sends the "
            "pages. Traffic charges may apply."
        ) % {"bucket": known.name if known else region, "ocr": credential.region_name}
