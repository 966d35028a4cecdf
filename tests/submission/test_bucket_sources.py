"""The credential that reads the objects among the sources."""

from __future__ import annotations

import pytest

from ocrportal.accounts.models import Credential
from ocrportal.submission.submit_form import SubmitForm

pytestmark = pytest.mark.django_db

HERE = "https://scans.obs.cn-north-4.myhuaweicloud.com/a.png"
THERE = "https://scans.obs.cn-south-1.myhuaweicloud.com/b.png"


def form_of(user, *urls: str, **data: str) -> SubmitForm:
    form = SubmitForm({"urls": "\n".join(urls), **data}, user=user)
    form.is_valid()
    return form


@pytest.fixture
def guest(alice) -> Credential:
    """A credential of Alice's without an access key."""
    return Credential.objects.create(owner=alice, name="Guest", kind="token", region="cn-north-4")


def test_the_only_access_key_is_the_default_for_objects(alice, office, guest):
    form = form_of(alice, "obs://scans/a.png")
    assert form.errors == {}
    assert form.chosen["storage_credential"] == office
    (source,) = form.chosen["sources"]
    assert (source.name, source.address) == ("a.png", "obs://scans/a.png")


def test_of_several_one_has_to_be_named_unless_ocr_has_one(alice, office):
    other = Credential.objects.create(owner=alice, name="B", kind="aksk", region="cn-north-4")
    refused = form_of(alice, "obs://scans/a.png")
    assert refused.errors["urls"] == [
        "a.png: The objects in “scans” cannot be read without a key. Choose a "
        "credential with an access key (AK/SK) for the storage, or add one under “My "
        "credentials”."
    ]
    for named in (str(other.pk), "B"):
        form = form_of(alice, "obs://scans/a.png", storage_credential=named)
        assert form.chosen["storage_credential"] == other
    by_ocr = form_of(alice, "obs://scans/a.png", engine="huawei", credential=str(other.pk))
    assert by_ocr.chosen["storage_credential"] == other


def test_without_objects_no_key_is_chosen(alice, office):
    form = form_of(alice, "https://93.184.215.14/a.png", storage_credential="Office")
    assert form.chosen["storage_credential"] is None


def test_an_object_with_a_web_address_may_be_open_to_all(alice):
    form = form_of(alice, HERE)
    assert form.errors == {}
    assert form.chosen["storage_credential"] is None


def test_a_credential_of_another_user_or_an_unknown_one_is_rejected(alice, bob, guest):
    Credential.objects.create(owner=bob, name="Bobs", kind="aksk", region="cn-north-4")
    assert form_of(alice, HERE, storage_credential="Bobs").errors["storage_credential"] == [
        "No credential “Bobs” is available to you."
    ]
    assert form_of(alice, HERE, storage_credential="Guest").errors["storage_credential"] == [
        "“Guest” is an IAM user. Buckets need an access key (AK/SK)."
    ]


def test_objects_in_another_region_than_the_service_are_noted(alice, office):
    cloud = {"engine": "huawei", "credential": "Office"}
    assert form_of(alice, HERE, "obs://scans/a.png", **cloud).notes == []
    (note,) = form_of(alice, HERE, THERE, **cloud).notes
    assert note == (
        "Some files are in a bucket in CN South-Guangzhou, but the OCR credential is "
        "for CN North-Beijing4. The cloud does not read across regions, so the portal "
        "downloads the files and sends the pages. Traffic charges may apply."
    )
    assert form_of(alice, THERE).notes == []


def test_notes_about_regions_follow_the_order_of_the_addresses(alice, office):
    addresses = [
        f"https://scans.obs.{region}.myhuaweicloud.com/a.png"
        for region in ("zz-9", "cn-south-1", "aa-1", "ap-southeast-1", "mm-5")
    ]
    notes = form_of(alice, *addresses, engine="huawei", credential="Office").notes
    regions = [note.partition("a bucket in ")[2].partition(",")[0] for note in notes]
    assert regions[::2] == ["zz-9", "aa-1", "mm-5"]


def test_an_address_that_names_no_object_is_refused(alice, office):
    (message,) = form_of(alice, "obs://scans").errors["urls"]
    assert message.startswith("obs://scans: This is not the address of an object in a bucket.")
