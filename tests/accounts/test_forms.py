"""The form of a credential: what it cleans, refuses and keeps to itself."""

from __future__ import annotations

import datetime as dt
import ssl
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from ocrportal.accounts.forms import CredentialForm
from ocrportal.accounts.models import Credential

COMMON = {
    "name": "Beijing",
    "region": "cn-north-4",
    "verify_tls": "on",
    "connect_seconds": "10",
    "read_seconds": "60",
    "calls_at_once": "4",
}
KEYS = {
    "aksk": {"access_key": "AK0123456789", "secret": "SK0123456789"},
    "token": {"iam_user": "reader", "domain": "acme", "secret": "pass word"},
}


def form_of(
    user, kind="aksk", *, instance=None, may_set_addresses=False, **values: Any
) -> CredentialForm:
    given = COMMON | (KEYS[kind] if instance is None else {}) | values
    return CredentialForm(
        given,
        instance=instance or Credential(owner=user, kind=kind),
        user=user,
        may_set_addresses=may_set_addresses,
    )


def cleaned(form: CredentialForm) -> dict[str, Any]:
    assert form.is_valid(), form.errors
    return form.cleaned_data


@pytest.mark.parametrize("kind", ["aksk", "token"])
def test_each_kind_asks_for_its_own_keys(alice, kind):
    form = form_of(alice, kind)
    assert cleaned(form)["secret"] == KEYS[kind]["secret"]
    other = KEYS["token" if kind == "aksk" else "aksk"].keys() - {"secret"}
    assert not other & set(form.fields)


@pytest.mark.parametrize("kind", ["aksk", "token"])
def test_what_a_kind_needs_may_not_be_left_out(alice, kind):
    form = form_of(alice, kind, **dict.fromkeys(KEYS[kind], " \u200b\u3000"), name="")
    assert set(form.errors) == {"name", *KEYS[kind]}


def test_blanks_of_every_kind_are_cut_out_of_codes(alice):
    form = form_of(
        alice,
        access_key="\u3000AK01 2345\u200b6789\n",
        secret="\ufeffSK0123 456789\t",
        security_token=" STS==\r\n",
        project_id="\u00a0abc def ",
        name="\u3000北京 四\u200b ",
    )
    values = cleaned(form)
    assert (values["access_key"], values["secret"]) == ("AK0123456789", "SK0123456789")
    assert (values["security_token"], values["project_id"]) == ("STS==", "abcdef")
    assert values["name"] == "北京 四"
    assert not form.was_trimmed


def test_a_password_is_stripped_with_a_notice(alice):
    form = form_of(alice, "token", secret=" pass  word\u3000\n")
    assert cleaned(form)["secret"] == "pass  word"
    assert form.was_trimmed
    untouched = form_of(alice, "token")
    cleaned(untouched)
    assert not untouched.was_trimmed


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("access_key", "AK/../x"),
        ("access_key", "密钥"),
        ("secret", "SK密"),
        ("security_token", "a\x01b"),
        ("project_id", "a/b"),
        ("enterprise_project_id", "0;x"),
        ("region", "evil.example/"),
        ("region", "cn-north-99"),
        ("connect_seconds", "0"),
        ("read_seconds", "3000"),
        ("calls_at_once", "0"),
        ("calls_per_minute", "0"),
        ("ca_bundle", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"),
        ("proxy", "http://127.0.0.1:3128"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(alice, field, wrong):
    form = form_of(alice, **{field: wrong})
    assert list(form.errors) == [field]


def test_of_what_is_given_as_certificates_nothing_else_is_kept(alice):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ca.example")])
    now = dt.datetime.now(dt.UTC)
    built = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=1,
        not_valid_before=now,
        not_valid_after=now + dt.timedelta(days=1),
    )
    pem = built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    entered = f"# 公司根证书\n{pem}\n{private}# again\n{pem}".replace("\n", "\r\n")
    kept = cleaned(form_of(alice, ca_bundle=entered))["ca_bundle"]
    assert kept == pem + pem
    ssl.create_default_context(cadata=kept)
    stored = Credential(owner=alice, kind="aksk", ca_bundle=kept)
    assert "ca_bundle" not in form_of(alice, instance=stored, ca_bundle=entered).changed_data


def test_two_of_an_owners_credentials_cannot_have_one_name(make_credential, alice, bob):
    make_credential(name="Beijing")
    assert list(form_of(alice).errors) == ["name"]
    assert form_of(bob).is_valid()


# Addresses


def test_only_administrators_set_addresses(alice, admin, settings):
    settings.INTERNAL_HOSTS = ["10.0.0.0/8"]
    address = "https://10.1.1.1:8443"
    refused = form_of(alice, ocr_endpoint=address)
    assert refused.non_field_errors() == ["Only administrators may set custom addresses."]
    form = form_of(admin, may_set_addresses=True, ocr_endpoint=address, region="my-cloud-1")
    values = cleaned(form)
    assert (values["ocr_endpoint"], values["iam_endpoint"]) == (address, "")
    assert values["region"] == "my-cloud-1"


def test_an_owner_keeps_the_addresses_an_administrator_set(make_credential, alice):
    credential = make_credential(ocr_endpoint="https://192.0.2.7", region="my-cloud-1")
    form = form_of(alice, instance=credential, region="my-cloud-1")
    assert "ocr_endpoint" not in cleaned(form)
    assert "my-cloud-1" in str(form.region_groups())


# Changing


def test_nothing_secret_is_in_the_form_of_a_stored_credential(make_credential, alice):
    credential = make_credential(security_token="STS-1", proxy="http://me:pw@93.184.215.14")
    form = CredentialForm(instance=credential, user=alice, may_set_addresses=False)
    page = form.as_p()
    for secret in ("correct-horse", "STS-1", "pw@", "AKALICE", credential.secret):
        assert secret not in page
    assert "••••9ABC" in page
    assert "http://me:•••@93.184.215.14" in page


def test_a_form_sent_back_repeats_no_secret_and_wants_the_proxys_password_again(alice):
    refused = form_of(alice, name="", proxy="http://me:pw@93.184.215.14", security_token="STS-1")
    page = refused.as_p()
    assert [secret for secret in ("SK0123456789", "STS-1", "pw@") if secret in page] == []
    again = form_of(alice, proxy=refused["proxy"].value())
    assert list(again.errors) == ["proxy"]


def test_left_empty_all_secrets_are_kept(make_credential, alice):
    credential = make_credential(proxy="http://me:pw@93.184.215.14")
    values = cleaned(
        form_of(alice, instance=credential, proxy="http://me:•••@93.184.215.14", name="New")
    )
    assert (values["secret"], values["proxy"]) == ("", None)
    assert values["access_key"] == credential.access_key


@pytest.mark.parametrize("change", [{"access_key": "AKNEW"}, {"security_token": "STS"}])
def test_a_new_access_key_or_security_token_needs_its_secret_key(make_credential, alice, change):
    make_credential()
    alone = form_of(alice, instance=Credential.objects.get(), **change)
    assert list(alone.errors) == ["secret"]
    assert form_of(alice, instance=Credential.objects.get(), **change, secret="SK").is_valid()


@pytest.mark.parametrize(
    "change",
    [
        {"iam_endpoint": "https://93.184.215.14"},
        {"proxy": "http://93.184.215.14:3128"},
        {"verify_tls": ""},
    ],
)
def test_the_address_of_another_users_credential_needs_its_secret(make_credential, admin, change):
    credential = make_credential()
    form = form_of(admin, instance=credential, may_set_addresses=True, **change)
    assert list(form.errors) == ["secret"]
    fixed = form_of(admin, instance=credential, may_set_addresses=True, secret="SK", **change)
    assert fixed.is_valid()
