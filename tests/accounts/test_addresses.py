"""Where the addresses given with a credential may lead."""

import pytest
from django.core.exceptions import ValidationError

from ocrportal.accounts.addresses import (
    check_proxy,
    clean_endpoint,
    clean_proxy,
    masked,
    without_password,
)
from ocrportal.errors.engine import CloudUnreachable


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ("https://93.184.215.14", "https://93.184.215.14"),
        ("https://93.184.215.14:8443/", "https://93.184.215.14:8443"),
        ("http://[2606:2800:21f::1]", "http://[2606:2800:21f::1]"),
    ],
)
def test_a_service_is_scheme_host_and_port(entered, kept):
    assert clean_endpoint(entered) == kept


@pytest.mark.parametrize(
    "wrong",
    [
        "ocr.example.org",
        "ftp://93.184.215.14",
        "https://",
        "https://user:secret@93.184.215.14",
        "https://93.184.215.14/v2",
        "https://93.184.215.14/?a=b",
        "https://[::1",
        "https://93.184.215.14:99999",
    ],
)
def test_any_other_endpoint_is_rejected(wrong):
    with pytest.raises(ValidationError) as refused:
        clean_endpoint(wrong)
    assert refused.value.code == "address-bad"


INTERNAL = [
    "http://127.0.0.1:9000",
    "https://10.1.2.3",
    "https://localhost",
    "http://169.254.169.254",
]


@pytest.mark.parametrize("address", INTERNAL)
@pytest.mark.parametrize("clean", [clean_endpoint, clean_proxy])
def test_what_is_not_public_is_refused_unless_the_administrator_permits_it(
    settings, address, clean
):
    with pytest.raises(ValidationError, match="INTERNAL_HOSTS") as refused:
        clean(address)
    assert refused.value.code == "address-refused"
    settings.INTERNAL_HOSTS = ["127.0.0.0/8", "10.0.0.0/8", "localhost", "169.254.169.254"]
    assert clean(address) == address


def test_an_unknown_host_name_is_accepted():
    assert clean_endpoint("https://ocr.nowhere.invalid") == "https://ocr.nowhere.invalid"


def test_a_proxy_may_have_a_login():
    assert (
        clean_proxy("http://me:p%40ss@93.184.215.14:3128") == "http://me:p%40ss@93.184.215.14:3128"
    )


def test_a_login_does_not_hide_where_a_proxy_is():
    with pytest.raises(ValidationError):
        clean_proxy("http://93.184.215.14:80@127.0.0.1:8080")


@pytest.mark.parametrize(
    "wrong",
    [
        "http://[::1",
        "http://me:pw@[::1",
        "93.184.215.14:3128",
        "http://me:@93.184.215.14",
        "http://:pw@93.184.215.14",
        "http://me:p#w@93.184.215.14",
        "http://me:p/w@93.184.215.14",
        "http://me:密码@93.184.215.14",
        "http://me:%E5%AF%86@93.184.215.14",
    ],
)
def test_an_invalid_proxy_is_rejected_without_repeating_it(wrong):
    with pytest.raises(ValidationError) as refused:
        clean_proxy(wrong)
    assert "me:" not in str(refused.value)


@pytest.mark.parametrize(
    ("proxy", "shown", "emptied"),
    [
        ("http://a.example:80", "http://a.example:80", "http://a.example:80"),
        ("http://me@a.example", "http://me@a.example", "http://me@a.example"),
        ("http://me:pw@a.example", "http://me:•••@a.example", "http://me:@a.example"),
        ("http://me:p@w#@a.example", "http://me:•••@a.example", "http://me:@a.example"),
        ("me:pw@a.example", "me:•••@a.example", "me:@a.example"),
        ("http://me:•••@a.example", "http://me:•••@a.example", "http://me:•••@a.example"),
    ],
)
def test_a_proxys_password_is_shown_nowhere_however_it_was_written(proxy, shown, emptied):
    assert masked(proxy) == shown
    assert without_password(proxy) == emptied


@pytest.mark.parametrize("address", INTERNAL)
def test_a_proxy_is_looked_up_again_when_it_is_used(settings, address):
    with pytest.raises(CloudUnreachable):
        check_proxy(address.replace("://", "://me:pw@"))
    settings.INTERNAL_HOSTS = ["127.0.0.0/8", "10.0.0.0/8", "localhost", "169.254.169.254"]
    check_proxy(address)
    check_proxy("http://proxy.nowhere.invalid")
