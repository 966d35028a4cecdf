"""Preprocessing steps, chosen with checkboxes, as JSON or as words of a command."""

import pytest
from django.core.exceptions import ValidationError

from ocrportal.ingest.base import Preprocessing
from ocrportal.submission.preprocessing_form import STEPS, PreprocessingForm, clean_preprocessing


def test_every_step_has_a_field_with_its_default():
    assert set(STEPS) == set(Preprocessing().to_dict())
    shown = {field.name: field.value() for field in PreprocessingForm()}
    assert shown == Preprocessing().to_dict()


def test_an_unchecked_box_differs_from_a_box_that_was_not_shown():
    form = PreprocessingForm({"preprocess-text_layer": "false", "preprocess-split": "on"})
    assert form.is_valid()
    assert form.chosen == {"text_layer": False, "split": True}


def test_a_step_without_a_value_shows_its_default():
    shown = {
        field.name: field.value()
        for field in PreprocessingForm({"preprocess-auto_rotate": "false"})
    }
    assert shown == Preprocessing(auto_rotate=False).to_dict()


def test_json_values_and_words_of_commands_are_accepted():
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


def test_all_invalid_steps_are_reported_at_once():
    with pytest.raises(ValidationError) as refused:
        clean_preprocessing({"iron": True, "split": "maybe"})
    assert refused.value.messages == [
        "There is no preprocessing step “iron”. Choose from: text_layer, auto_rotate, "
        "skip_blank, all_frames, split, deskew, correct_perspective, enhance_contrast, downscale.",
        "split: “maybe” is not valid. Enter true or false.",
    ]


@pytest.mark.parametrize("given", [[], "split", 1, True])
def test_values_other_than_objects_are_rejected(given):
    with pytest.raises(ValidationError, match="must be a JSON object"):
        clean_preprocessing(given)
