"""The form of a submission, used by screens, API and commands."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from ocrportal.accounts.models import Credential
from ocrportal.submission.submit_form import SubmitForm


@pytest.fixture
def form_with(samples, alice):
    """A submission of Alice: files by name, and other values."""

    def form_with(*names: str, **data: object) -> SubmitForm:
        files = [SimpleUploadedFile(name, (samples / name).read_bytes()) for name in names]
        return SubmitForm(data=data, files=MultiValueDict({"files": files}), user=alice)

    return form_with


def test_files_are_the_only_required_value(form_with):
    form = form_with("page_zh.png", "scans.pdf")
    assert form.is_valid()
    chosen = form.cleaned_data
    assert (chosen["service"], chosen["engine"], chosen["pages"]) == ("general-text", "local", "")
    assert [(s.name, s.format.key, s.error) for s in chosen["sources"]] == [
        ("page_zh.png", "png", None),
        ("scans.pdf", "pdf", None),
    ]


def test_a_form_without_sources_is_invalid(form_with):
    form = form_with()
    assert not form.is_valid()
    assert form.errors["files"] == ["Choose at least one file."]


def test_an_unreadable_file_beside_a_readable_one_becomes_a_source_with_an_error(form_with):
    form = form_with("empty.jpg", "page_zh.png", "html.jpg")
    assert form.is_valid()
    empty, good, html = form.cleaned_data["sources"]
    assert empty.error.code == "file-empty"
    assert good.error is None
    assert html.error.code == "already-text"


def test_unreadable_files_alone_are_rejected_each_with_its_error(form_with):
    form = form_with("empty.jpg", "html.jpg")
    assert not form.is_valid()
    assert form.errors["files"] == [
        "empty.jpg: This file is empty (0 bytes). Choose the file again, or scan it again.",
        "html.jpg: This file is already text (HTML), so there is nothing to recognise.",
    ]


def test_a_file_over_the_size_limit_is_rejected_with_the_limit(form_with, settings):
    settings.MAX_FILE_MB = 0
    form = form_with("page_zh.png")
    assert not form.is_valid()
    assert form.errors["files"] == [
        "page_zh.png: This file is larger than 0 MB. Split it, or reduce its size."
    ]


def test_too_many_files_are_rejected_with_the_limit(form_with, settings):
    settings.MAX_FILES_PER_JOB = 1
    form = form_with("page_zh.png", "page_en.tif")
    assert not form.is_valid()
    assert form.errors["files"] == [
        "At most 1 files can be uploaded at once. Split them into several jobs."
    ]


@pytest.mark.parametrize("pages", ["a", "3-1", "0", "1,,x"])
def test_an_invalid_page_range_is_rejected(form_with, pages):
    form = form_with("scans.pdf", pages=pages)
    assert not form.is_valid()
    assert form.errors["pages"] == [f"“{pages}” is not a page range. Use the form 1-3,7."]


def test_an_unknown_service_or_engine_is_rejected(form_with):
    assert "service" in form_with("scans.pdf", service="palm-reading").errors
    assert "engine" in form_with("scans.pdf", engine="crystal-ball").errors


def test_services_are_named_in_the_readers_language(form_with):
    with translation.override("zh-hans"):
        choices = dict(form_with().fields["service"].choices)
    assert choices["general-text"] == "通用文字识别"
    assert choices["id-card"] == "身份证识别"


def test_a_withdrawn_service_is_not_offered(form_with):
    assert "custom-template" not in dict(form_with().fields["service"].choices)


def test_addresses_are_sources_beside_files_or_without_any(form_with):
    form = form_with("page_zh.png", urls=" https://example.com/a%20b.png \n\nhttp://example.com/c")
    assert form.is_valid()
    sources = form.cleaned_data["sources"]
    assert [(source.name, source.address) for source in sources] == [
        ("page_zh.png", ""),
        ("a b.png", "https://example.com/a%20b.png"),
        ("c", "http://example.com/c"),
    ]
    assert form_with(urls="https://example.com/a.png").is_valid()


def test_invalid_addresses_are_rejected_each_with_its_error(form_with):
    form = form_with(urls="ftp://example.com/a\nhttp://127.0.0.1/b")
    assert not form.is_valid()
    assert form.errors["urls"] == [
        "ftp://example.com/a: Enter a complete http:// or https:// address without "
        "user name and password.",
        "http://127.0.0.1/b: 127.0.0.1 is not a public host. An administrator can "
        "allow it with INTERNAL_HOSTS.",
    ]


def test_a_password_is_not_stripped_and_never_shown_again(form_with):
    form = form_with("password_abc.pdf", password=" abc ")
    assert form.is_valid()
    assert form.chosen["password"] == " abc "
    assert "abc " not in str(form["password"])


def test_names_contain_the_folders_of_the_files(form_with):
    form = form_with("page_zh.png", "scans.pdf", names='["信/页 “1”.png", "信/scans.pdf"]')
    assert form.is_valid()
    names = [source.name for source in form.cleaned_data["sources"]]
    assert names == ["信/页 “1”.png", "信/scans.pdf"]


def test_the_end_of_a_long_name_is_kept(form_with):
    form = form_with("page_zh.png", names=json.dumps(["f/" * 200 + "page.png"]))
    assert form.is_valid()
    (source,) = form.chosen["sources"]
    assert len(source.name) == 255
    assert source.name.startswith("…")
    assert source.name.endswith("f/page.png")


@pytest.mark.parametrize("names", ['["one", "two"]', '{"a": 1}', "[1]", "[]"])
def test_names_that_do_not_match_the_files_are_rejected(form_with, names):
    form = form_with("page_zh.png", names=names)
    assert form.errors["names"] == ["Names must be a JSON list with one string for each file."]


def test_preprocessing_is_json_from_scripts_and_fields_from_screens(form_with):
    script = form_with("scans.pdf", preprocessing='{"split": true, "auto_rotate": false}')
    assert script.is_valid()
    assert script.chosen["preprocessing"] == {"split": True, "auto_rotate": False}
    screen = form_with("scans.pdf", **{"preprocess-split": "on", "preprocess-auto_rotate": "false"})
    assert screen.is_valid()
    assert screen.chosen["preprocessing"] == {"split": True, "auto_rotate": False}


def test_an_unknown_preprocessing_step_is_rejected(form_with):
    form = form_with("scans.pdf", preprocessing='{"iron": true}')
    assert form.errors["preprocessing"][0].startswith(
        "There is no preprocessing step “iron”. Choose from: "
    )


def test_files_and_addresses_together_keep_to_the_limit(form_with, settings):
    settings.MAX_FILES_PER_JOB = 1
    form = form_with("page_zh.png", urls="https://example.com/a.png")
    assert form.errors["files"] == [
        "At most 1 files can be uploaded at once. Split them into several jobs."
    ]


def test_the_embedded_engine_needs_no_credential_and_has_no_options(form_with):
    form = form_with("page_zh.png", credential="anything", options='{"detect_direction": true}')
    assert not form.is_valid()
    assert form.cleaned_data["credential"] is None
    assert form.errors["options"] == [
        "“detect_direction” is unknown: “General Text” has no options."
    ]


def test_services_of_the_cloud_are_not_for_the_embedded_engine(form_with):
    form = form_with("page_zh.png", service="id-card")
    assert form.errors["service"] == [
        "“ID Card (mainland China)” is not offered by this engine. Choose another service or "
        "engine."
    ]


class TestCloud:
    """Jobs for Huawei Cloud."""

    @pytest.fixture
    def cloud_form(self, form_with, office):
        def cloud_form(*names: str, **data: object) -> SubmitForm:
            chosen = {"engine": "huawei", "credential": str(office.pk), "service": "id-card"}
            return form_with(*names, **(chosen | data))

        return cloud_form

    def test_the_defaults_of_the_portal_are_set_without_values(self, cloud_form, office):
        form = cloud_form("page_zh.png")
        assert form.is_valid(), form.errors
        assert form.chosen | {"sources": None} == {
            "sources": None,
            "service": "id-card",
            "engine": "huawei",
            "credential": office,
            "options": {"return_text_location": True},
            "preprocessing": {},
            "password": "",
            "bypass_cache": False,
            "page_range": "",
            "storage_credential": None,
        }

    def test_a_credential_may_be_named_as_well(self, cloud_form, office):
        form = cloud_form("page_zh.png", credential="Office")
        assert form.is_valid()
        assert form.cleaned_data["credential"] == office

    def test_a_missing_credential_is_reported_with_the_remedy(self, cloud_form):
        form = cloud_form("page_zh.png", credential="")
        assert form.errors["credential"] == [
            "Huawei Cloud OCR needs a credential. Add one under “My credentials”, or "
            "choose the built-in engine."
        ]

    def test_a_credential_of_another_user_does_not_exist_by_id_or_name(self, cloud_form, bob):
        strange = Credential.objects.create(
            owner=bob, name="Bob’s", kind="aksk", region="cn-north-4"
        )
        for credential in (str(strange.pk), "Bob’s"):
            form = cloud_form("page_zh.png", credential=credential)
            assert form.errors["credential"] == [
                f"No credential “{credential}” is available to you."
            ]

    def test_a_shared_credential_is_used_unless_one_has_one_of_that_name(
        self, cloud_form, office, alice, bob
    ):
        shared = Credential.objects.create(
            owner=bob, name="Office", kind="aksk", region="cn-north-4"
        )
        shared.shared_users.add(alice)
        form = cloud_form("page_zh.png", credential="Office")
        assert form.is_valid()
        assert form.cleaned_data["credential"] == office
        office.delete()
        form = cloud_form("page_zh.png", credential="Office")
        assert form.is_valid()
        assert form.cleaned_data["credential"] == shared

    def test_a_service_that_the_region_lacks_is_refused_with_the_region(self, cloud_form):
        form = cloud_form("page_zh.png", service="thailand-id-card")
        assert form.errors["service"] == [
            "“Thailand ID Card” is not offered in the region of this credential "
            "(CN North-Beijing4). Choose another service, or a credential of another region."
        ]

    def test_options_come_as_json_from_scripts(self, cloud_form):
        form = cloud_form("page_zh.png", options='{"side": "front", "detect_copy": true}')
        assert form.is_valid()
        assert form.cleaned_data["options"] == {
            "side": "front",
            "return_text_location": True,
            "detect_copy": True,
        }

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ("[1]", "Options must be a JSON object, such as {}."),
            ('{"side": "left"}', "“left” is not a valid choice."),
            ('{"colour": true}', "“colour” is not an option of “ID Card (mainland China)”."),
        ],
    )
    def test_invalid_options_are_reported(self, cloud_form, options, message):
        form = cloud_form("page_zh.png", options=options)
        assert not form.is_valid()
        assert message in form.errors["options"][0]

    def test_options_come_as_fields_from_screens(self, cloud_form):
        screen = {"option-side": "back", "option-return_text_location": "false"}
        form = cloud_form("page_zh.png", **screen)
        assert form.is_valid()
        assert form.cleaned_data["options"] == {"side": "back", "return_text_location": False}

    def test_options_come_as_texts_from_the_command_line(self, samples, alice, office):
        def typed(**options: str) -> SubmitForm:
            file = SimpleUploadedFile("a.png", (samples / "page_zh.png").read_bytes())
            chosen = {"engine": "huawei", "credential": "Office", "service": "id-card"}
            return SubmitForm(
                chosen, MultiValueDict({"files": [file]}), user=alice, typed_options=options
            )

        form = typed(side="front", return_text_location="false")
        assert form.is_valid()
        assert form.cleaned_data["options"] == {"side": "front", "return_text_location": False}
        assert not typed(sides="front").is_valid()

    def test_a_service_that_looks_at_no_picture_gets_a_slip_with_its_values(self, cloud_form):
        values = '{"code": "144031909110", "number": "01234567", "issue_date": "20201104"}'
        form = cloud_form(service="invoice-verification", options=values)
        assert form.is_valid(), form.errors
        (slip,) = form.cleaned_data["sources"]
        assert slip.name.endswith(" 144031909110 01234567 20201104.png")
        assert slip.format.key == "png"

    def test_such_a_service_takes_no_files_and_wants_its_values(self, cloud_form):
        form = cloud_form("page_zh.png", service="invoice-verification")
        assert not form.is_valid()
        assert form.errors["files"] == [
            "“Invoice Verification” takes no files. Fill in its settings instead."
        ]
        assert set(form.option_errors) == {"number", "issue_date"}
