"""How pages are prepared, chosen with checkboxes, as JSON or as typed words."""

import pytest
from django.core.exceptions import ValidationError

from ocrportal.ingest.base import Preprocessing
from ocrportal.submission.preprocessing_form import STEPS, PreprocessingForm, clean_preprocessing


def test_every_step_can_be_chosen_and_begins_with_its_default():
    assert set(STEPS) == set(Preprocessing().to_dict())
    shown = {field.name: field.value() for field in PreprocessingForm()}
    assert shown == Preprocessing().to_dict()


def test_a_box_that_is_not_ticked_is_told_from_one_that_was_not_shown():
    form = PreprocessingForm({"preprocess-text_layer": "false", "preprocess-split": "on"})
    assert form.is_valid()
    assert form.chosen == {"text_layer": False, "split": True}


def test_a_step_that_the_page_did_not_name_is_shown_as_it_is_then_done():
    shown = {
        field.name: field.value()
        for field in PreprocessingForm({"preprocess-auto_rotate": "false"})
    }
    assert shown == Preprocessing(auto_rotate=False).to_dict()


def test_objects_of_scripts_and_words_of_commands_are_understood():
    assert clean_preprocessing({}) == {}
    given = {
        "split": True,
        "deskew": False,
        "downscale": "on",
        "auto_rotate": "off",
        "enhance_contrast": None,
    }
    assert clean_preprocessing(given) == {
        "split": True,
        "deskew": False,
        "downscale": True,
        "auto_rotate": False,
    }


def test_what_is_not_understood_is_told_all_at_once():
    with pytest.raises(ValidationError) as refused:
        clean_preprocessing({"iron": True, "split": "maybe"})
    assert refused.value.messages == [
        "There is no preprocessing step “iron”. Choose from: text_layer, auto_rotate, "
        "skip_blank, all_frames, split, deskew, correct_perspective, enhance_contrast, downscale.",
        "split: “maybe” is not valid. Enter true or false.",
    ]


@pytest.mark.parametrize("given", [[], "split", 1, True])
def test_what_is_no_object_is_refused(given):
    with pytest.raises(ValidationError, match="must be a JSON object"):
        clean_preprocessing(given)
