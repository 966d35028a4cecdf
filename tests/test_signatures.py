"""Signatures on drawn pages: strokes of a pen beside labels and printed letters."""

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocrportal.figures.signatures import find_signatures
from ocrportal.geometry import Rect
from ocrportal.results import UNREAD_CHARACTER, Char, Line

LABEL = "Signed by:"


class Page:
    """A page with lines of print, 24 pixels high, and what a recogniser reads on it."""

    def __init__(self):
        self.image = Image.new("RGB", (1000, 600), "white")
        self.draw = ImageDraw.Draw(self.image)
        self.lines: list[Line] = []
        for top in (60, 100, 440, 480):
            self.text(100, top, "a line of print")

    def text(self, left, top, text, guess="", size=12):
        """Print, with letters that are guessed behind it; each is ``size`` pixels wide."""
        for number, letter in enumerate(text):
            x = left + size * number
            if not letter.isspace():
                self.draw.line((x + 3, top + 4, x + 3, top + 20), fill="black", width=2)
                self.draw.line((x + 3, top + 20, x + 8, top + 20), fill="black", width=2)
        whole = text + guess
        chars = tuple(
            Char(
                letter,
                number / len(whole),
                (number + 1) / len(whole),
                0.99 if number < len(text) else 0.4,
            )
            for number, letter in enumerate(whole)
        )
        box = Rect(left, top, left + size * len(whole), top + 24)
        confidence = sum(char.confidence for char in chars) / len(chars)
        self.lines.append(Line(whole, box.quad, confidence, chars))
        return self

    def unread(self, box):
        self.lines.append(Line(UNREAD_CHARACTER, Rect(*box).quad, 0.0))
        return self

    def pen(self, left, top, right, bottom, ink="#16246b", width=3):
        middle, high = (top + bottom) / 2, (bottom - top) / 2
        points = [
            (x, middle + high * math.sin(x / 9) * math.cos(x / 31)) for x in range(left, right, 2)
        ]
        self.draw.line(points, fill=ink, width=width, joint="curve")
        return self

    def signatures(self):
        found, lines = find_signatures(np.asarray(self.image), self.lines)
        return [Rect.around(box) for box in found], [line.text for line in lines[4:]]


@pytest.mark.parametrize("ink", ["#16246b", "#111111"], ids=["blue", "black"])
@pytest.mark.parametrize("width", [2, 3, 5])
def test_strokes_behind_a_label_are_a_signature_instead_of_text(ink, width):
    page = Page().text(100, 250, LABEL, "Nveef").pen(230, 240, 380, 285, ink, width)
    (found,), texts = page.signatures()
    assert found == pytest.approx((230, 240, 380, 285), abs=8)
    assert texts == [LABEL]


def test_a_signature_over_a_rule_ends_with_its_strokes():
    page = Page().text(100, 250, LABEL).pen(230, 240, 380, 285)
    page.draw.line((225, 272, 520, 272), fill="black", width=2)
    (found,), _texts = page.signatures()
    assert found == pytest.approx((230, 240, 380, 285), abs=8)


def test_a_signature_ends_before_the_next_label():
    page = Page().text(100, 250, LABEL).text(420, 250, "Date").pen(230, 240, 380, 285)
    (found,), texts = page.signatures()
    assert found.right < 400
    assert texts == [LABEL, "Date"]


def test_a_signature_without_a_label_is_found_where_nothing_was_read():
    page = Page().pen(300, 230, 480, 285).unread((295, 240, 485, 275))
    (found,), texts = page.signatures()
    assert found == pytest.approx((300, 230, 480, 285), abs=8)
    assert texts == []


def test_the_ink_of_a_seal_is_not_a_signature():
    page = Page().text(100, 250, LABEL).pen(230, 240, 380, 285, ink="#d8261c")
    assert page.signatures() == ([], [LABEL])


@pytest.mark.parametrize("guess", ["", "print"], ids=["read", "guessed"])
def test_print_behind_a_label_is_not_a_signature(guess):
    page = Page()
    page.text(100, 250, LABEL + " a name in")
    page.text(400, 250, "print", guess)
    assert page.signatures()[0] == []


def test_an_empty_rule_behind_a_label_is_not_a_signature():
    page = Page().text(100, 250, LABEL)
    page.draw.line((225, 272, 520, 272), fill="black", width=2)
    assert page.signatures() == ([], [LABEL])


def test_guesses_in_a_formula_are_not_a_signature():
    page = Page().text(100, 250, "x", "=Nv+eef").pen(120, 230, 280, 285)
    found, texts = page.signatures()
    assert (found, texts) == ([], ["x=Nv+eef"])


def test_lines_without_a_height_have_no_signature():
    page = Page()
    chars = tuple(Char(letter, n / 3, (n + 1) / 3, 0.2) for n, letter in enumerate("abc"))
    flat = [Line("abc", Rect(100, 300, 220, 300).quad, 0.2, chars)]
    assert find_signatures(np.asarray(page.image), flat) == ([], flat)
