"""Rules among ink that is drawn here as it would be after thresholding."""

import numpy as np
import pytest

from ocrportal.engines.local.tables.rules import find_rules

EM = 20.0


def test_letters_that_hang_on_a_rule_do_not_hide_it() -> None:
    ink = np.zeros((200, 400), np.uint8)
    ink[100:102, 20:380] = 255
    for x in (40, 140, 240):
        ink[102:116, x : x + 40] = 255
    rules, _ = find_rules(ink, EM)
    (rule,) = rules.level
    assert rule.place == pytest.approx(100.5, abs=1)
    assert (rule.start, rule.end) == pytest.approx((20, 380), abs=2)
    assert rules.upright == []


def test_an_area_is_no_rule() -> None:
    ink = np.zeros((200, 400), np.uint8)
    ink[80:120, 20:380] = 255
    rules, _ = find_rules(ink, EM)
    assert rules.level == []


def test_finds_rules_both_ways() -> None:
    ink = np.zeros((200, 400), np.uint8)
    ink[100:102, 20:380] = 255
    ink[20:180, 50:52] = 255
    rules, _ = find_rules(ink, EM)
    assert [round(rule.length) for rule in rules.level] == [360]
    assert [round(rule.length) for rule in rules.upright] == [160]
