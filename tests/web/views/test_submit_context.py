"""What can be chosen on the upload page, and what of it is chosen."""

import pytest
from django.utils import translation

from ocrportal.accounts.models import Credential
from ocrportal.web.views.submit_context import choices_for


@pytest.fixture
def bangkok(alice) -> Credential:
    return Credential.objects.create(
        owner=alice, name="Thailand", kind="aksk", region="ap-southeast-2"
    )


def test_at_first_the_embedded_engine_reads_general_text(alice):
    chosen = choices_for(alice, {})
    assert (chosen.engine.key, chosen.service.key) == ("local", "general-text")
    assert (chosen.credential, chosen.option_form, chosen.not_here) == (None, None, ())
    assert chosen.takes_files


def test_the_cloud_without_a_credential_has_nothing_to_set(alice):
    chosen = choices_for(alice, {"engine": "huawei", "service": "invoice-verification"})
    assert (chosen.engine.key, chosen.credentials, chosen.option_form) == ("huawei", (), None)
    assert chosen.takes_files


def test_the_cloud_begins_with_the_first_credential_and_service(alice, office):
    chosen = choices_for(alice, {"engine": "huawei"})
    assert (chosen.credential, chosen.service.key) == (office, "general-text")
    assert "detect_direction" in chosen.option_form.fields


def test_what_is_wanted_is_chosen_if_it_can_be_had(alice, office, bangkok):
    wanted = {"engine": "huawei", "credential": str(bangkok.pk), "service": "passport"}
    chosen = choices_for(alice, wanted)
    assert (chosen.credential, chosen.service.key) == (bangkok, "passport")
    chosen = choices_for(alice, wanted | {"service": "handwriting"})
    assert chosen.service.key == "web-image"
    assert choices_for(alice, {"engine": "crystal-ball"}).engine.key == "local"


def test_a_strangers_credential_is_not_among_them(bob, office):
    chosen = choices_for(bob, {"engine": "huawei", "credential": str(office.pk)})
    assert (chosen.credentials, chosen.credential) == ((), None)


def test_services_are_grouped_as_people_look_for_them(alice, bangkok):
    chosen = choices_for(alice, {"engine": "huawei"})
    shown = {group.name: [service.key for service in group.services] for group in chosen.groups}
    assert shown["Text and tables"] == ["web-image"]
    assert shown["Cards and certificates"] == ["passport"]
    offered = [key for keys in shown.values() for key in keys]
    assert len(offered) == len(set(offered)) == 6


def test_services_missing_in_the_region_are_listed_with_their_regions(alice, bangkok):
    with translation.override("zh-hans"):
        chosen = choices_for(alice, {"engine": "huawei"})
        elsewhere = {entry.service.key: entry.where for entry in chosen.not_here}
    assert "华北-北京四" in elsewhere["handwriting"]
    assert "custom-template" not in elsewhere
    assert all(elsewhere.values())


def test_a_service_that_needs_values_takes_no_files(alice, office):
    chosen = choices_for(alice, {"engine": "huawei", "service": "invoice-verification"})
    assert chosen.needs_options
    assert not chosen.takes_files


def test_what_was_entered_is_shown_again_with_what_is_wrong(alice, office):
    entered = {"option-side": "left", "option-detect_copy": "on"}
    chosen = choices_for(alice, {"engine": "huawei", "service": "id-card"}, entered=entered)
    assert chosen.option_form["detect_copy"].value() is True
    assert "“left” is not a valid choice." in chosen.option_form.errors["side"][0]
