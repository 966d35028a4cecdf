"""Why a source cannot become page pictures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ocrportal.errors.base import PortalError


class IngestError(PortalError):
    code = "intake-failed"
    message = _("This file could not be opened.")


class EmptyFile(IngestError):
    code = "file-empty"
    message = _("This file is empty (0 bytes). Choose the file again, or scan it anew.")


class UnsupportedFormat(IngestError):
    code = "format-unsupported"
    message = _(
        "This is not a format the portal reads, whatever its name says. Use a picture, PDF, "
        "OFD, an Office file, a video, or a ZIP of them."
    )


class AlreadyText(IngestError):
    code = "already-text"
    message = _("This file already is text (%(kind)s); there is nothing to recognise.")


class DamagedFile(IngestError):
    code = "file-damaged"
    message = _(
        "This file is damaged or incomplete and cannot be read. "
        "Open it in another program and save it anew, or scan it again."
    )


class FileTooLarge(IngestError):
    code = "file-too-large"
    message = _("This file is larger than %(limit_mb)s MB. Split it, or save it smaller.")


class PictureTooLarge(IngestError):
    code = "picture-too-large"
    message = _(
        "This picture has %(megapixels)s million pixels; at most %(limit)s million are read. "
        "Save it smaller, or scan it at a lower resolution."
    )


class PasswordNeeded(IngestError):
    code = "password-needed"
    message = _(
        "This file is protected by a password. Enter it on the page of its job, or hand the "
        "file in again together with its password."
    )


class PasswordWrong(IngestError):
    code = "password-wrong"
    message = _("The password does not open this file. Check it and try again.")


class NoPages(IngestError):
    code = "no-pages"
    message = _("This file has no pages.")


class TooManyPages(IngestError):
    code = "too-many-pages"
    message = _(
        "This file has %(pages)s pages; at most %(limit)s are read at once. Choose a page range."
    )


class OpeningAbandoned(IngestError):
    code = "opening-abandoned"
    message = _(
        "Opening this file stopped %(attempts)s times before its end (out of memory or time). "
        "Split it, or save it smaller, and try again."
    )


class UploadInterrupted(IngestError):
    code = "upload-interrupted"
    message = _("The portal was stopped while it stored this file. Hand the file in again.")


class BadPageRange(IngestError):
    code = "page-range-bad"
    message = _("“%(text)s” is not a page range. Write it like 1-3,7.")


class PagesOutOfRange(IngestError):
    code = "page-range-empty"
    message = _("The file has %(pages)s pages, none of them in “%(text)s”. Change the page range.")


class BadAddress(IngestError):
    code = "address-bad"
    message = _("This is not a full http:// or https:// address without user and password.")


class AddressRefused(IngestError):
    code = "address-refused"
    message = _("%(host)s is not public. The administrator can permit it with INTERNAL_HOSTS.")


class AddressUnreachable(IngestError):
    code = "address-unreachable"
    message = _(
        "The file cannot be fetched from %(host)s: unknown name, no connection, untrusted "
        "certificate, or cut off midway. Check the address and try again, or upload the file."
    )


class AddressTooSlow(IngestError):
    code = "address-too-slow"
    message = _("%(host)s did not send the file in %(seconds)s seconds. Upload it instead.")


class AddressGivesNothing(IngestError):
    code = "address-gives-nothing"
    message = _(
        "%(host)s sends %(answer)s instead of a picture or document. Check the address, and "
        "whether it asks for a sign-in; or download the file and upload it here."
    )


class NeedsTooMuchMemory(IngestError):
    code = "needs-too-much-memory"
    message = _(
        "This file unfolds into more than the portal gives to one file (%(limit_mb)s MB of "
        "memory). Split it, or save it smaller."
    )


class NeedsTooMuchTime(IngestError):
    code = "needs-too-much-time"
    message = _(
        "This file could not be read within %(seconds)s seconds. Split it, or save it smaller."
    )


class ReaderCrashed(IngestError):
    code = "reader-crashed"
    message = _(
        "This file made the program that reads its format stop; it is probably damaged. "
        "Open it in another program and save it anew, or scan it again."
    )


class ArchiveTooLarge(IngestError):
    code = "archive-too-large"
    message = _(
        "This archive unfolds into more than %(limit_mb)s MB, or is packed more than "
        "%(ratio)s times. Split it, or upload the files in it."
    )


class ArchiveTooDeep(IngestError):
    code = "archive-too-deep"
    message = _("Archives within archives are opened %(limit)s deep. Unpack it, then upload again.")


class ArchiveTooFull(IngestError):
    code = "archive-too-full"
    message = _("This archive holds more than %(limit)s files. Split it into several.")


class ArchiveEmpty(IngestError):
    code = "archive-empty"
    message = _("There is no file in this archive.")


class ArchiveMethodUnknown(IngestError):
    code = "archive-method-unknown"
    message = _(
        "This archive is packed or encrypted in a way the portal cannot open. "
        "Pack it anew as an ordinary ZIP, or upload the files in it."
    )


class ConverterMissing(IngestError):
    code = "converter-missing"
    message = _(
        "Office files cannot be opened, since LibreOffice is not installed here. Save the file "
        "as PDF and upload that, or ask the administrator to run “doctor”."
    )


class ConversionFailed(IngestError):
    code = "conversion-failed"
    message = _(
        "This file could not be converted to pages; it may be damaged or protected. "
        "Save it as PDF in the program it comes from, and upload that."
    )


class VideoTooLong(IngestError):
    code = "video-too-long"
    message = _("This video lasts %(minutes)s minutes; at most %(limit)s are read. Cut it.")


class VideoCodecUnknown(IngestError):
    code = "video-codec-unknown"
    message = _(
        "The pictures of this video are packed as %(codec)s, which the portal cannot read. "
        "Save it as MP4 with H.264, and upload that."
    )


class NoPictures(IngestError):
    code = "no-pictures"
    message = _("There is no picture in this file, only sound or data.")


class StoreError(IngestError):
    """An object store does not do what it is asked: also on the way out of the portal."""

    code = "store-failed"
    message = _(
        "The storage at %(host)s answers “%(answer)s”. Try again later; if it stays so, tell the "
        "administrator of the storage."
    )


class BadObjectAddress(StoreError):
    code = "object-address-bad"
    message = _(
        "This does not name an object in a bucket. Write it like obs://bucket/folder/scan.pdf; "
        "names of buckets have 3 to 63 small letters, digits, hyphens and dots."
    )


class BucketNeedsCredential(StoreError):
    code = "bucket-needs-credential"
    message = _(
        "“%(bucket)s” gives its objects to nobody without a key. Choose a credential with an "
        "access key (AK/SK) for the storage, or add one under “My credentials”."
    )


class StoreCredentialMissing(StoreError):
    code = "store-credential-missing"
    message = _(
        "The credential for the storage was removed, or is no longer shared with you. Choose "
        "another one and start again."
    )


class StoreKeyRefused(StoreError):
    code = "store-key-refused"
    message = _(
        "%(host)s does not accept the access key (%(answer)s). Whoever owns the credential has "
        "to enter AK and SK anew: the key may be mistyped, switched off or deleted."
    )


class StoreAccessDenied(StoreError):
    code = "store-access-denied"
    message = _(
        "The access key may not do this in “%(bucket)s”. The owner of the bucket can permit it, "
        "in the bucket’s policy or in IAM: reading needs GetObject and ListBucket, writing "
        "GetObject and PutObject."
    )


class BucketListDenied(StoreError):
    code = "bucket-list-denied"
    message = _(
        "The access key may not see which buckets there are. Type the bucket’s name instead, or "
        "have its owner permit ListAllMyBuckets in IAM."
    )


class BucketUnknown(StoreError):
    code = "bucket-unknown"
    message = _(
        "There is no bucket “%(bucket)s” at %(host)s. Check its name, and whether the credential "
        "is one of the bucket’s region."
    )


class ObjectUnknown(StoreError):
    code = "object-unknown"
    message = _(
        "There is no object “%(key)s” in “%(bucket)s”. Check the address; capital and small "
        "letters count. It may also have been deleted or renamed."
    )


class ObjectArchived(StoreError):
    code = "object-archived"
    message = _(
        "“%(key)s” lies in the archive of “%(bucket)s”. Restore it in the console of the storage "
        "first, which takes minutes to hours, then try again."
    )


class ObjectExists(StoreError):
    code = "object-exists"
    message = _(
        "“%(key)s” is in “%(bucket)s” already and does not come from this job, so it was not "
        "overwritten. Choose another folder."
    )


class StoreClockSkewed(StoreError):
    code = "store-clock-skewed"
    message = _(
        "The clock of the portal and that of %(host)s differ by more than 15 minutes. The "
        "administrator of the portal has to set its clock."
    )


class StoreWrongRegion(StoreError):
    code = "store-wrong-region"
    message = _(
        "“%(bucket)s” does not lie in the region of %(host)s. Choose a credential of the bucket’s "
        "own region, or write its address with the region in it, as the console shows it."
    )


class AccountInArrears(StoreError):
    code = "account-in-arrears"
    message = _(
        "%(host)s refuses, since the account is in arrears or its balance is used up. The owner "
        "of the account has to top it up."
    )


class StoreBusy(StoreError):
    code = "store-busy"
    message = _("%(host)s is too busy now (%(answer)s). Try again in a few minutes.")
    retryable = True


class StoreUnreachable(StoreError):
    code = "store-unreachable"
    message = _(
        "The storage at %(host)s cannot be reached, or cut the connection midway: unknown name, "
        "no connection, or untrusted certificate. Try again; if it stays so, the administrator "
        "has to look at its address and the network."
    )
    retryable = True


class StoreTooSlow(StoreError):
    code = "store-too-slow"
    message = _(
        "The storage at %(host)s did not answer in time (%(seconds)s seconds). Try again later, "
        "or upload the file instead."
    )
    retryable = True
