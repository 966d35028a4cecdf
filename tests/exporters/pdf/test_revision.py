"""Signed PDF files: the signed version stays unchanged where only text is added."""

import hashlib
import io
import re
from datetime import UTC, datetime, timedelta

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium_c
import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
)
from cryptography.x509.oid import NameOID
from pdfminer.high_level import extract_text
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, String
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from ocrportal.exporters.pdf.original import write_into_original
from tests.exporters.pages import verified
from tests.exporters.pdfs import WORDS, read_as, saved, scan_pdf, script, with_text

_CONTENTS_SIZE = 4096
_RANGE = "/ByteRange [ 0 1111111111 1111111111 1111111111 ]"


def _signed(pdf: Pdf, **options: object) -> bytes:
    """The file with a digital signature over all of its bytes."""
    page = pdf.pages[0].obj
    signature = pdf.make_indirect(
        Dictionary(
            Type=Name.Sig,
            Filter=Name("/Adobe.PPKLite"),
            SubFilter=Name("/adbe.pkcs7.detached"),
            ByteRange=Array([0, 1111111111, 1111111111, 1111111111]),
            Contents=String(b"\xff" * _CONTENTS_SIZE),
        )
    )
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T="Signature", V=signature,
            Rect=Array([0, 0, 0, 0]), P=page, F=132,
        )
    )  # fmt: skip
    page.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
    data = saved(pdf, **options)
    begin = data.index(b"<" + b"ff" * _CONTENTS_SIZE + b">")
    end = begin + 2 * _CONTENTS_SIZE + 2
    wanted = f"/ByteRange [ 0 {begin} {end} {len(data) - end} ]".ljust(len(_RANGE))
    data = data.replace(_RANGE.encode(), wanted.encode())
    container = _container(data[:begin] + data[end:]).hex().encode()
    return data[: begin + 1] + container.ljust(2 * _CONTENTS_SIZE, b"0") + data[end - 1 :]


def _identity() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """A key, and the certificate that it signs for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Signer")])
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        (
            *("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign"),
            *("crl_sign", "encipher_only", "decipher_only"),
        ),
        False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def _container(data: bytes) -> bytes:
    key, certificate = _identity()
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(data)
        .add_signer(certificate, key, hashes.SHA256())
        .sign(Encoding.DER, options)
    )


def _written(source: bytes, *numbers: int, rotation: int = 0) -> bytes:
    out = io.BytesIO()
    document = read_as(source, *numbers, rotation=rotation)
    write_into_original(document, out, archival=False)
    return out.getvalue()


def _is_intact(data: bytes) -> bool:
    """Whether a signature of the file contains the digest of the bytes that it covers."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        fields = pdf.Root.get("/AcroForm", Dictionary()).get("/Fields", Array())
        signature = fields[0].get("/V") if len(fields) else None
        if signature is None:
            return False
        first, length, second, rest = map(int, signature.ByteRange.as_list())
        covered = data[first : first + length] + data[second : second + rest]
        return hashlib.sha256(covered).digest() in bytes(signature.Contents)


def _signatures(data: bytes) -> int:
    with pypdfium2.PdfDocument(data) as pdf:
        return int(pdfium_c.FPDF_GetSignatureCount(pdf))


_MODES = pytest.mark.parametrize("mode", [ObjectStreamMode.disable, ObjectStreamMode.generate])


@_MODES
def test_a_signed_file_is_the_beginning_of_the_file_with_its_text(mode):
    source = _signed(scan_pdf(2), object_stream_mode=mode)
    assert _is_intact(source)
    data = _written(source, 1, 2)
    assert data.startswith(source)
    assert _is_intact(data)
    assert _signatures(data) == 1
    with pypdfium2.PdfDocument(data) as pdf:
        assert [page.get_textpage().get_text_range() for page in pdf] == [WORDS, WORDS]
    assert extract_text(io.BytesIO(data)).count(WORDS) == 2
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert not pdf.get_warnings()


def test_numbers_are_objects_that_never_change():
    source = _signed(scan_pdf(), qdf=True)  # the length of each stream is an object of its own
    assert re.search(rb"/Length \d+ \d+ R", source)
    data = _written(source)
    assert data.startswith(source)
    assert extract_text(io.BytesIO(data)).count(WORDS) == 1


def test_a_text_like_a_reference_refers_to_nothing():
    pdf = scan_pdf()
    pdf.pages[0].obj.PieceInfo = Dictionary(Note="999 0 R")
    source = _signed(pdf)
    assert _written(source).startswith(source)


@_MODES
def test_a_second_revision_follows_the_first(mode):
    first = _written(_signed(scan_pdf(), object_stream_mode=mode))
    second = _written(first)
    assert second.startswith(first)
    assert _is_intact(second)
    assert extract_text(io.BytesIO(second)).count(WORDS) == 1


def test_old_text_is_replaced_in_the_revision():
    pdf = scan_pdf()
    with_text(pdf, b"BT 3 Tr /F1 20 Tf 100 340 Td (OLDER) Tj ET")
    source = _signed(pdf)
    data = _written(source)
    assert data.startswith(source)
    assert extract_text(io.BytesIO(data)).split() == WORDS.split()


def test_the_verification_reports_the_signature():
    documents = [read_as(_signed(scan_pdf())), read_as(saved(scan_pdf()))]
    assert [verified(document, "pdf").is_signed for document in documents] == [True, False]


def test_a_signed_file_with_nothing_to_add_is_unchanged():
    source = _signed(scan_pdf())
    out = io.BytesIO()
    write_into_original(read_as(source, engine="pdf"), out, archival=False)
    assert out.getvalue() == source


def test_a_page_is_rotated_in_the_revision():
    pdf = scan_pdf(rotate=180)
    pdf.pages[0].obj.Rotate = 0
    source = _signed(pdf)
    data = _written(source, rotation=180)
    assert data.startswith(source)
    with pikepdf.open(io.BytesIO(data)) as written:
        assert written.pages[0].obj.Rotate == 180


def _scripted() -> Pdf:
    pdf = scan_pdf()
    pdf.Root.OpenAction = script("app.alert(1)")
    return pdf


@pytest.mark.parametrize(
    ("source", "number"),
    [
        (lambda: _signed(_scripted()), 1),
        (lambda: _signed(scan_pdf(2)), 2),
        (lambda: b"junk\n" + _signed(scan_pdf()), 1),
    ],
    ids=["script", "page left out", "bytes before the header"],
)
def test_a_signature_is_removed_if_more_than_text_changes(source, number):
    data = _written(source(), number)
    assert not _is_intact(data)
    assert b"app.alert" not in data
    assert not re.search(rb"/ByteRange|/SigFlags", data)
    assert WORDS in extract_text(io.BytesIO(data))


def _signed_by_pyhanko(pdf: Pdf, **options: object) -> bytes:
    """The file with a signature in a revision of its own, as most programs add it."""
    key, certificate = _identity()
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
        cert_registry=None,
    )
    signed = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(saved(pdf, **options))),
        signers.PdfSignatureMetadata(field_name="Signature"),
        signer,
    )
    return bytes(signed.getvalue())


@_MODES
def test_a_validator_finds_the_signed_revision_intact(mode):
    source = _signed_by_pyhanko(scan_pdf(2), object_stream_mode=mode)
    data = _written(source, 1, 2)
    reader = PdfFileReader(io.BytesIO(data))
    (signature,) = reader.embedded_signatures
    trusted = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(signature, trusted)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage == SignatureCoverageLevel.ENTIRE_REVISION
    assert status.modification_level == ModificationLevel.OTHER  # the text that was added
    assert signature.signed_revision == reader.total_revisions - 2
    assert data[: len(source)] == source

    data = data.replace(b"/Rotate 0", b"/Rotate 9", 1)
    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    assert not validate_pdf_signature(signature, trusted).intact
