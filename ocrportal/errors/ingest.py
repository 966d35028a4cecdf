"""Why a source cannot become page pictures."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ocrportal.errors.base import PortalError


class IngestError(PortalError):
    code = "intake-failed"
    message = _("This file could not be opened.")


class EmptyFile(IngestError):
    code = "file-empty"
    message = _("This file is empty (0 bytes). Choose the file again, or scan it again.")


class UnsupportedFormat(IngestError):
    code = "format-unsupported"
    message = _(
        "The content of this file is not in a supported format, whatever its name. Use an image, "
        "PDF, OFD, an Office file, a video, or a ZIP of them."
    )


class AlreadyText(IngestError):
    code = "already-text"
    message = _("This file is already text (%(kind)s), so there is nothing to recognise.")


class DamagedFile(IngestError):
    code = "file-damaged"
    message = _(
        "This file is damaged or incomplete and cannot be read. Open it in another program and "
        "save it again, or scan it again."
    )


class DynamicForm(IngestError):
    code = "xfa-form"
    message = _(
        "This PDF is a dynamic form (XFA), whose pages only Adobe Acrobat and Reader can show. "
        "Open it there, print it to a PDF, and upload that."
    )


class FileTooLarge(IngestError):
    code = "file-too-large"
    message = _("This file is larger than %(limit_mb)s MB. Split it, or reduce its size.")


class PictureTooLarge(IngestError):
    code = "picture-too-large"
    message = _(
        "This image has %(megapixels)s pixels; the limit is %(limit)s pixels. Reduce its size, or "
        "scan it at a lower resolution."
    )

    @classmethod
    def sentence(cls, params: dict[str, Any]) -> str:
        """The message; ``params`` count megapixels."""
        return super().sentence({name: pixel_count(count) for name, count in params.items()})


def pixel_count(megapixels: int) -> str:
    """A number of pixels as the active language writes it: “150 million”, “1.5 亿”."""
    if not (get_language() or "").startswith("zh"):
        return f"{megapixels:,} million"
    return f"{megapixels / 100:g} 亿" if megapixels >= 100 else f"{megapixels * 100:,} 万"


class PasswordNeeded(IngestError):
    code = "password-needed"
    message = _(
        "This file is password-protected. Enter its password on the job page, or upload the file "
        "again together with its password."
    )


class PasswordWrong(IngestError):
    code = "password-wrong"
    message = _("This password does not open the file. Check it and try again.")


class NoPages(IngestError):
    code = "no-pages"
    message = _("This file has no pages.")


class TooManyPages(IngestError):
    code = "too-many-pages"
    message = _("This file has %(pages)s pages; the limit is %(limit)s. Choose a page range.")


class OpeningAbandoned(IngestError):
    code = "opening-abandoned"
    message = _(
        "Opening this file was interrupted %(attempts)s times (out of memory or time). Split it, "
        "or reduce its size, and try again."
    )


class UploadInterrupted(IngestError):
    code = "upload-interrupted"
    message = _("The portal stopped while it was storing this file. Upload the file again.")


class BadPageRange(IngestError):
    code = "page-range-bad"
    message = _("“%(text)s” is not a page range. Use the form 1-3,7.")


class PagesOutOfRange(IngestError):
    code = "page-range-empty"
    message = _("The file has %(pages)s pages, none of them in “%(text)s”. Change the page range.")


class BadAddress(IngestError):
    code = "address-bad"
    message = _("Enter a complete http:// or https:// address without user name and password.")


class AddressRefused(IngestError):
    code = "address-refused"
    message = _("%(host)s is not a public host. An administrator can allow it with INTERNAL_HOSTS.")


class AddressUnreachable(IngestError):
    code = "address-unreachable"
    message = _(
        "The file cannot be downloaded from %(host)s: unknown host, no connection, untrusted "
        "certificate or interrupted transfer. Check the address and try again, or upload the file."
    )


class AddressTooSlow(IngestError):
    code = "address-too-slow"
    message = _(
        "%(host)s did not send the file within %(seconds)s seconds. Upload the file instead."
    )


class AddressGivesNothing(IngestError):
    code = "address-gives-nothing"
    message = _(
        "%(host)s returned %(answer)s instead of an image or document. Check the address and "
        "whether it requires a sign-in, or download the file and upload it here."
    )


class NeedsTooMuchMemory(IngestError):
    code = "needs-too-much-memory"
    message = _(
        "Reading this file needs more than %(limit_mb)s MB of memory, the limit for one file. "
        "Split it, or reduce its size."
    )


class NeedsTooMuchTime(IngestError):
    code = "needs-too-much-time"
    message = _(
        "This file could not be read within %(seconds)s seconds. Split it, or reduce its size."
    )


class ReaderCrashed(IngestError):
    code = "reader-crashed"
    message = _(
        "The program that reads this format crashed on this file, which is probably damaged. Open "
        "it in another program and save it again, or scan it again."
    )


class ArchiveTooLarge(IngestError):
    code = "archive-too-large"
    message = _(
        "This archive expands to more than %(limit_mb)s MB, or to more than %(ratio)s times its "
        "size. Split it, or upload its files directly."
    )


class ArchiveTooDeep(IngestError):
    code = "archive-too-deep"
    message = _(
        "Nested archives are opened up to %(limit)s levels deep. Extract this one, then upload its "
        "files."
    )


class ArchiveTooFull(IngestError):
    code = "archive-too-full"
    message = _("This archive contains more than %(limit)s files. Split it into several archives.")


class ArchiveEmpty(IngestError):
    code = "archive-empty"
    message = _("This archive contains no files.")


class ArchiveMethodUnknown(IngestError):
    code = "archive-method-unknown"
    message = _(
        "This archive uses a compression or encryption method that is not supported. Create an "
        "ordinary ZIP, or upload its files directly."
    )


class ConverterMissing(IngestError):
    code = "converter-missing"
    message = _(
        "Office files cannot be opened because LibreOffice is not installed on the server. Save "
        "the file as PDF and upload that, or ask the administrator to run “doctor”."
    )


class ConversionFailed(IngestError):
    code = "conversion-failed"
    message = _(
        "This file could not be converted to pages; it may be damaged or protected. Save it as PDF "
        "in its own program and upload the PDF."
    )


class VideoTooLong(IngestError):
    code = "video-too-long"
    message = _(
        "This video is %(minutes)s minutes long; the limit is %(limit)s minutes. Shorten it and "
        "upload it again."
    )


class VideoCodecUnknown(IngestError):
    code = "video-codec-unknown"
    message = _(
        "This video is encoded as %(codec)s, which is not supported. Convert it to MP4 with H.264 "
        "and upload that."
    )


class NoPictures(IngestError):
    code = "no-pictures"
    message = _("This file contains no images, only sound or data. Choose another file.")


class StoreError(IngestError):
    """An object store rejects a request or fails, on reading or on writing."""

    code = "store-failed"
    message = _(
        "The storage at %(host)s returned “%(answer)s”. Try again later. If this persists, contact "
        "the administrator of the storage."
    )


class BadObjectAddress(StoreError):
    code = "object-address-bad"
    message = _(
        "This is not the address of an object in a bucket. Use the form "
        "obs://bucket/folder/scan.pdf; bucket names have 3 to 63 lower-case letters, digits, "
        "hyphens and dots."
    )


class BucketNeedsCredential(StoreError):
    code = "bucket-needs-credential"
    message = _(
        "The objects in “%(bucket)s” cannot be read without a key. Choose a credential with an "
        "access key (AK/SK) for the storage, or add one under “My credentials”."
    )


class StoreCredentialMissing(StoreError):
    code = "store-credential-missing"
    message = _(
        "The credential for the storage was removed, or is no longer shared with you. Submit the "
        "job again with another credential."
    )


class StoreKeyRefused(StoreError):
    code = "store-key-refused"
    message = _(
        "%(host)s rejected the access key (%(answer)s): it may be mistyped, disabled or deleted. "
        "The owner of the credential must enter AK and SK again."
    )


class StoreAccessDenied(StoreError):
    code = "store-access-denied"
    message = _(
        "The access key has no permission for this in “%(bucket)s”. The owner of the bucket can "
        "grant it in the bucket policy or in IAM: reading needs GetObject and ListBucket, writing "
        "GetObject and PutObject."
    )


class BucketListDenied(StoreError):
    code = "bucket-list-denied"
    message = _(
        "The access key has no permission to list buckets. Enter the name of the bucket instead, "
        "or ask the owner of the key to have ListAllMyBuckets granted in IAM."
    )


class BucketUnknown(StoreError):
    code = "bucket-unknown"
    message = _(
        "There is no bucket “%(bucket)s” at %(host)s. Check its name, and that the credential is "
        "for the region of the bucket."
    )


class ObjectUnknown(StoreError):
    code = "object-unknown"
    message = _(
        "There is no object “%(key)s” in “%(bucket)s”. Check the address, which is case-sensitive. "
        "The object may also have been deleted or renamed."
    )


class ObjectArchived(StoreError):
    code = "object-archived"
    message = _(
        "“%(key)s” is in the archive storage of “%(bucket)s”. Restore it in the storage console "
        "first, which takes minutes to hours, then try again."
    )


class ObjectExists(StoreError):
    code = "object-exists"
    message = _(
        "“%(key)s” already exists in “%(bucket)s” and was not written by this job, so it was not "
        "overwritten. Choose another folder."
    )


class StoreClockSkewed(StoreError):
    code = "store-clock-skewed"
    message = _(
        "The clocks of the portal and of %(host)s differ by more than 15 minutes. Ask the portal "
        "administrator to set the clock."
    )


class StoreWrongRegion(StoreError):
    code = "store-wrong-region"
    message = _(
        "“%(bucket)s” is not in the region of %(host)s. Choose a credential for the region of the "
        "bucket, or use the address with the region in it, as the console shows it."
    )


class AccountInArrears(StoreError):
    code = "account-in-arrears"
    message = _(
        "%(host)s rejected the request because the account is in arrears or has no balance left. "
        "Ask the owner of the account to top it up."
    )


class StoreBusy(StoreError):
    code = "store-busy"
    message = _("%(host)s is busy (%(answer)s). Try again in a few minutes.")
    retryable = True


class StoreUnreachable(StoreError):
    code = "store-unreachable"
    message = _(
        "The connection to the storage at %(host)s failed: unknown host, no connection, untrusted "
        "certificate or interrupted transfer. Try again. If this persists, ask the portal "
        "administrator to check the address and the network."
    )
    retryable = True


class StoreTooSlow(StoreError):
    code = "store-too-slow"
    message = _(
        "The storage at %(host)s did not respond within %(seconds)s seconds. Try again later, or "
        "upload the file instead."
    )
    retryable = True
