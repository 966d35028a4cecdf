"""All errors that users see, as one tree.

    PortalError
    ├── IngestError              a source cannot become page pictures
    │   ├── EmptyFile, UnsupportedFormat, AlreadyText, DamagedFile
    │   ├── FileTooLarge, PictureTooLarge, NoPages, TooManyPages
    │   ├── PasswordNeeded, PasswordWrong, DynamicForm
    │   ├── OpeningAbandoned, UploadInterrupted, BadPageRange, PagesOutOfRange
    │   ├── NeedsTooMuchMemory, NeedsTooMuchTime, ReaderCrashed
    │   ├── ArchiveTooLarge, ArchiveTooDeep, ArchiveTooFull, ArchiveEmpty, ArchiveMethodUnknown
    │   ├── ConverterMissing, ConversionFailed
    │   ├── VideoTooLong, VideoCodecUnknown, NoPictures
    │   ├── BadAddress, AddressRefused, AddressUnreachable, AddressTooSlow, AddressGivesNothing
    │   └── StoreError               an object store rejects a request or fails
    │       ├── StoreKeyRefused, StoreAccessDenied, StoreCredentialMissing, BucketNeedsCredential
    │       ├── BadObjectAddress, BucketUnknown, BucketListDenied, StoreWrongRegion
    │       ├── ObjectUnknown, ObjectArchived, ObjectExists
    │       └── StoreClockSkewed, AccountInArrears, StoreBusy, StoreUnreachable, StoreTooSlow
    ├── EngineError              a page picture cannot become a result
    │   ├── EngineUnavailable, PageAbandoned, PictureUnfit, CredentialRemoved
    │   ├── CloudRefused             the service rejects this page
    │   ├── TransientError           sending the page again later may succeed
    │   │   └── CloudThrottled, ServerError, CloudUnreachable, CloudTimeout, CloudAnswerUnreadable
    │   └── CallsSuspended           calls fail until a user or administrator fixes the cause
    │       └── CredentialRefused, ServiceRefused, CertificateRefused, CallCapReached
    ├── ExportError              results cannot become a file
    │   ├── NothingToExport, UnknownFormat, UnknownExportOption, NoTimeCodes, NoAnswers
    │   └── DeliveryAbandoned, ExportAbandoned, ExportNotReady
    └── RequestError             the request conflicts with the current state
        ├── NothingSubmitted, TooManyFiles, JobNotActive, JobStillActive, NothingToRetry
        ├── PasswordNotAsked
        └── UnknownService, CredentialNeeded, ServiceNotInRegion

A leaf has a stable ``code`` and a translated ``message`` that states what happened and
what to do. Keyword arguments fill its placeholders. A failed row stores ``code`` and
``params``; :func:`describe` makes the sentence from them when it is read, in the reader's
language. For the cloud's error codes the texts come from the catalogue.
"""

from __future__ import annotations

from typing import Any

# The leaves are imported from their own modules; here they only become known by their codes.
from ocrportal.errors import engine, export, ingest, request  # noqa: F401  # see above
from ocrportal.errors.base import PortalError


def describe(code: str, params: dict[str, Any]) -> str:
    """The message of a stored error in the active language.

    A code that this version does not know returns the general message.
    """
    return _BY_CODE.get(code, PortalError).sentence(params)


def restore(code: str, params: dict[str, Any]) -> PortalError:
    """The exception for a stored error, to be raised again."""
    return _BY_CODE.get(code, PortalError)(**params)


def _leaves(kind: type[PortalError]) -> dict[str, type[PortalError]]:
    found = {kind.code: kind}
    for child in kind.__subclasses__():
        found |= _leaves(child)
    return found


_BY_CODE = _leaves(PortalError)
