"""Every error a user can meet, as one tree.

    PortalError
    ├── IngestError              a source cannot become page pictures
    │   ├── EmptyFile, UnsupportedFormat, AlreadyText, DamagedFile
    │   ├── FileTooLarge, PictureTooLarge, NoPages, TooManyPages
    │   ├── PasswordNeeded, PasswordWrong
    │   ├── OpeningAbandoned, UploadInterrupted, BadPageRange, PagesOutOfRange
    │   ├── NeedsTooMuchMemory, NeedsTooMuchTime, ReaderCrashed
    │   ├── ArchiveTooLarge, ArchiveTooDeep, ArchiveTooFull, ArchiveEmpty, ArchiveMethodUnknown
    │   ├── ConverterMissing, ConversionFailed
    │   ├── VideoTooLong, VideoCodecUnknown, NoPictures
    │   ├── BadAddress, AddressRefused, AddressUnreachable, AddressTooSlow, AddressGivesNothing
    │   └── StoreError               an object store does not do what it is asked
    │       ├── StoreKeyRefused, StoreAccessDenied, StoreCredentialMissing, BucketNeedsCredential
    │       ├── BadObjectAddress, BucketUnknown, BucketListDenied, StoreWrongRegion
    │       ├── ObjectUnknown, ObjectArchived, ObjectExists
    │       └── StoreClockSkewed, AccountInArrears, StoreBusy, StoreUnreachable, StoreTooSlow
    ├── EngineError              a page picture cannot become a result
    │   ├── EngineUnavailable, PageAbandoned, PictureUnfit, CredentialGone
    │   ├── CloudRefused             the service has something against this page
    │   ├── CloudTrouble             sending the page again later may help
    │   │   └── CloudThrottled, CloudFault, CloudUnreachable, CloudTimeout, CloudAnswerUnreadable
    │   └── CallsHeld                no call makes sense until somebody has mended something
    │       └── CredentialRefused, ServiceRefused, CertificateRefused, CallCapReached
    ├── ExportError              results cannot become a file
    │   ├── NothingToExport, UnknownFormat, UnknownExportOption, NoTimeCodes, NoAnswers
    │   └── DeliveryAbandoned, ExportAbandoned, ExportNotReady
    └── RequestError             the request does not fit the state of things
        ├── NothingSubmitted, TooManyFiles, JobNotActive, JobStillActive, NothingToRetry
        ├── PasswordNotAsked
        └── UnknownService, CredentialNeeded, ServiceNotInRegion

A leaf has a stable ``code`` and a translated ``message`` that says what happened and
what to do. Facts that belong into the sentence are given as keyword arguments when it
is raised. A row that failed keeps ``code`` and ``params``; :func:`describe` turns them
back into a sentence in the reader's own language, whenever it is read. What the cloud
says is told with the catalogue's words for its error codes.
"""

from __future__ import annotations

from typing import Any

from ocrportal.errors.base import (
    PortalError,
)
from ocrportal.errors.engine import (
    CallCapReached,
    CallsHeld,
    CertificateRefused,
    CloudAnswerUnreadable,
    CloudFault,
    CloudRefused,
    CloudSaid,
    CloudThrottled,
    CloudTimeout,
    CloudTrouble,
    CloudUnreachable,
    CredentialGone,
    CredentialRefused,
    EngineError,
    EngineUnavailable,
    PageAbandoned,
    PictureUnfit,
    ServiceRefused,
)
from ocrportal.errors.export import (
    DeliveryAbandoned,
    ExportAbandoned,
    ExportError,
    ExportNotReady,
    NoAnswers,
    NothingToExport,
    NoTimeCodes,
    UnknownExportOption,
    UnknownFormat,
)
from ocrportal.errors.ingest import (
    AccountInArrears,
    AddressGivesNothing,
    AddressRefused,
    AddressTooSlow,
    AddressUnreachable,
    AlreadyText,
    ArchiveEmpty,
    ArchiveMethodUnknown,
    ArchiveTooDeep,
    ArchiveTooFull,
    ArchiveTooLarge,
    BadAddress,
    BadObjectAddress,
    BadPageRange,
    BucketListDenied,
    BucketNeedsCredential,
    BucketUnknown,
    ConversionFailed,
    ConverterMissing,
    DamagedFile,
    EmptyFile,
    FileTooLarge,
    IngestError,
    NeedsTooMuchMemory,
    NeedsTooMuchTime,
    NoPages,
    NoPictures,
    ObjectArchived,
    ObjectExists,
    ObjectUnknown,
    OpeningAbandoned,
    PagesOutOfRange,
    PasswordNeeded,
    PasswordWrong,
    PictureTooLarge,
    ReaderCrashed,
    StoreAccessDenied,
    StoreBusy,
    StoreClockSkewed,
    StoreCredentialMissing,
    StoreError,
    StoreKeyRefused,
    StoreTooSlow,
    StoreUnreachable,
    StoreWrongRegion,
    TooManyPages,
    UnsupportedFormat,
    UploadInterrupted,
    VideoCodecUnknown,
    VideoTooLong,
)
from ocrportal.errors.request import (
    CredentialNeeded,
    JobNotActive,
    JobStillActive,
    NothingSubmitted,
    NothingToRetry,
    PasswordNotAsked,
    RequestError,
    ServiceNotInRegion,
    TooManyFiles,
    UnknownService,
)

__all__ = [
    "AccountInArrears",
    "AddressGivesNothing",
    "AddressRefused",
    "AddressTooSlow",
    "AddressUnreachable",
    "AlreadyText",
    "ArchiveEmpty",
    "ArchiveMethodUnknown",
    "ArchiveTooDeep",
    "ArchiveTooFull",
    "ArchiveTooLarge",
    "BadAddress",
    "BadObjectAddress",
    "BadPageRange",
    "BucketListDenied",
    "BucketNeedsCredential",
    "BucketUnknown",
    "CallCapReached",
    "CallsHeld",
    "CertificateRefused",
    "CloudAnswerUnreadable",
    "CloudFault",
    "CloudRefused",
    "CloudSaid",
    "CloudThrottled",
    "CloudTimeout",
    "CloudTrouble",
    "CloudUnreachable",
    "ConversionFailed",
    "ConverterMissing",
    "CredentialGone",
    "CredentialNeeded",
    "CredentialRefused",
    "DamagedFile",
    "DeliveryAbandoned",
    "EmptyFile",
    "EngineError",
    "EngineUnavailable",
    "ExportAbandoned",
    "ExportError",
    "ExportNotReady",
    "FileTooLarge",
    "IngestError",
    "JobNotActive",
    "JobStillActive",
    "NeedsTooMuchMemory",
    "NeedsTooMuchTime",
    "NoAnswers",
    "NoPages",
    "NoPictures",
    "NoTimeCodes",
    "NothingSubmitted",
    "NothingToExport",
    "NothingToRetry",
    "ObjectArchived",
    "ObjectExists",
    "ObjectUnknown",
    "OpeningAbandoned",
    "PageAbandoned",
    "PagesOutOfRange",
    "PasswordNeeded",
    "PasswordNotAsked",
    "PasswordWrong",
    "PictureTooLarge",
    "PictureUnfit",
    "PortalError",
    "ReaderCrashed",
    "RequestError",
    "ServiceNotInRegion",
    "ServiceRefused",
    "StoreAccessDenied",
    "StoreBusy",
    "StoreClockSkewed",
    "StoreCredentialMissing",
    "StoreError",
    "StoreKeyRefused",
    "StoreTooSlow",
    "StoreUnreachable",
    "StoreWrongRegion",
    "TooManyFiles",
    "TooManyPages",
    "UnknownExportOption",
    "UnknownFormat",
    "UnknownService",
    "UnsupportedFormat",
    "UploadInterrupted",
    "VideoCodecUnknown",
    "VideoTooLong",
    "describe",
    "restore",
]


def describe(code: str, params: dict[str, Any]) -> str:
    """The message of a stored error in the active language.

    A code that this version no longer knows gives the general message, never an error.
    """
    return _BY_CODE.get(code, PortalError).sentence(params)


def restore(code: str, params: dict[str, Any]) -> PortalError:
    """A stored error as an exception again, to be raised once more."""
    return _BY_CODE.get(code, PortalError)(**params)


def _leaves(kind: type[PortalError]) -> dict[str, type[PortalError]]:
    found = {kind.code: kind}
    for child in kind.__subclasses__():
        found |= _leaves(child)
    return found


_BY_CODE = _leaves(PortalError)
