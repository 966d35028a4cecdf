"""Numbers and dates among recognised texts, for calculations in spreadsheets.

Only unambiguous texts are converted, with a number format that shows them as printed.
Identifiers (leading zeros, or more digits than a spreadsheet stores), item numbers such as
``(1)`` and ambiguous values remain text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

_MAX_DIGITS = 15
"""Significant digits that spreadsheets store."""
_MIN_IDENTIFIER = 11
"""Digits of a whole number without separators that is an identifier, such as a phone number."""
_FIRST_YEAR = 1901
"""Spreadsheets differ about 1900, which some treat as a leap year."""
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN = (
    _FULL_WIDTH
    | dict.fromkeys(map(ord, "\u2212\u2013\ufe63"), "-")
    | dict.fromkeys(map(ord, "\u00a0\u2009\u202f\u3000"), " ")
)
"""Full-width digits and characters, and the typographic signs and spaces."""
_NUMBER = re.compile(
    r"(?:(?P<before>[¥￥$€£] ?)(?=[-(]))?(?P<open>\()?(?P<sign>[-+])?(?P<currency>[¥￥$€£] ?)? ?"
    r"(?P<whole>0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?: \d{3})+)(?P<fraction>\.\d+)?"
    r"(?P<percent> ?%)?"
    r"(?P<unit> ?(?:[十百千]?[万亿]?(?:元|美元|欧元|港元|日元)|[十百千]?[万亿]|[¥￥$€£円]))?"
    r"(?P<close>\))?(?P<minus>-)?"
)
_SPACED = re.compile(r"\d \d{3}\b")
_DATE = re.compile(
    r"(?P<year>\d{4})(?:"
    r"-(?P<iso>\d\d-\d\d)"
    r"|/(?P<slashed>\d\d?/\d\d?)"
    r"| ?年 ?(?P<chinese>\d\d? ?月 ?\d\d?) ?日)"
)


_IDENTIFIER = re.compile(
    r"(?i)(?:^|[_ ])(?:numbers?|code|id|no\.?|phone|tel\.?|fax|account|vin|postcode)\d?"
    r"(?:_[a-z]{2}|_translation|_back)?$"
    r"|(?:号码?|编号|代码|电话|手机|账户|帐户|邮编|识别码|校验码)$"
)
"""Names of fields whose values are identifiers."""
_IDENTIFIERS = re.compile(
    r"(?i)(?:^|\s)(?:id|code|phone|tel\.?|fax|account|postcode|zip)(?: no\.?| number)?$"
    r"|(?:号码|编号|代码|电话|手机|账号|帐号|邮编|证号)$"
)
"""Heads of columns whose values are identifiers; a number may also be a count."""
_DAY = re.compile(r"(?i)date|birth|日期$")
"""Names of fields that are dates."""
_DIGITS_OF_A_DAY = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)")


@dataclass(frozen=True, slots=True)
class CellValue:
    """A number or date, with the format that shows it as printed."""

    value: int | float | date
    number_format: str
    shown: str = field(default="", compare=False)
    """The printed text."""
    unit: str = field(default="", compare=False)
    """The unit of money after the number, such as ``万元``."""


def value_of(text: str, *, in_accounts: bool = False) -> CellValue | None:
    """The number or date that a text states; None if it may mean anything else.

    ``in_accounts``: among amounts, where (5) is a loss and not the number of an item, spaces can
    separate thousands, and units such as 万元 can follow.
    """
    plain = text.strip().translate(_PLAIN)
    return _number(plain, in_accounts=in_accounts) or _date(plain)


def column_values(texts: Sequence[str], heads: int) -> list[CellValue | str]:
    """The values of a column of a table, with those texts that are no numbers or dates.

    ``heads`` is the number of its head rows. If the head names identifiers, the column remains
    text. In a column of amounts, numbers in brackets are losses.
    """
    found: list[CellValue | str] = [value_of(text) or text for text in texts[:heads]]
    below = texts[heads:]
    if any(_IDENTIFIERS.search(head.strip()) for head in texts[:heads]):
        return [*found, *below]
    in_accounts = _are_amounts(below)
    values = [value_of(text, in_accounts=in_accounts) for text in below]
    # Numbers of different units cannot be added. Zero and percentages have none.
    units = {value.unit for value in values if value and value.value and "%" not in value.shown}
    for value, text in zip(values, below, strict=True):
        found.append(text if value is None or (value.unit and len(units) > 1) else value)
    return found


def _are_amounts(texts: Sequence[str]) -> bool:
    """Whether all texts with digits are numbers, and some look like amounts.

    Those are numbers with separators, decimals or units; spaces may also separate two numbers, so
    they have to be in several.
    """
    numbers = [text for text in texts if any(map(str.isdigit, text))]
    values = [value_of(text, in_accounts=True) for text in numbers]
    look_like_amounts = any(
        "," in text or "." in text or (value and value.unit)
        for text, value in zip(numbers, values, strict=True)
    )
    spaced = sum(bool(_SPACED.search(text.translate(_PLAIN))) for text in numbers)
    return (look_like_amounts or spaced > 1) and all(values)


def field_value(name: str, text: str) -> CellValue | None:
    """The number or date in a field; its name is taken into account.

    ``name`` is defined by the cloud, such as ``issue_date``, or printed. All numbers of invoices
    and cards remain text, so that a column has values of one type.
    """
    if _IDENTIFIER.search(name):
        return None
    digits = _DIGITS_OF_A_DAY.fullmatch(text.strip())
    if digits and _DAY.search(name):
        day = _day(digits["year"], digits["month"], digits["day"])
        return CellValue(day, "yyyymmdd", text.strip()) if day else None
    return value_of(text)


def _number(text: str, *, in_accounts: bool) -> CellValue | None:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    whole, fraction = found["whole"], found["fraction"] or ""
    bracketed, percent = found["open"] is not None, found["percent"] is not None
    sign, currency, unit = found["sign"], found["currency"], found["unit"] or ""
    digits = re.sub("[, ]", "", whole) + fraction
    value = Decimal(digits)
    if (
        len(digits.replace(".", "").lstrip("0")) > _MAX_DIGITS
        or len(fraction) > _MAX_DIGITS
        or bracketed != (found["close"] is not None)
        or bracketed + bool(sign) + bool(found["minus"]) > 1
        # Accounts print losses in brackets, but (1) numbers an item and (2024) is a year. A hyphen
        # after a number may lead to another one.
        or (
            (bracketed or found["minus"])
            and not (in_accounts or "," in whole or (bracketed and fraction))
        )
        or ((unit or " " in whole) and not in_accounts)
        or (len(whole) >= _MIN_IDENTIFIER and "," not in whole and not (fraction or unit))
        # +86 is a country code.
        or (sign == "+" and not (percent or fraction or "," in whole))
        # With a currency, 1.234 may be more than a thousand.
        or (
            (currency or found["before"])
            and (percent or unit or not (len(fraction) in (0, 3) or "," in whole))
        )
        or (found["before"] and currency)
        or (percent and unit)
        # Minus zero is not a number in a spreadsheet.
        or ((sign == "-" or found["minus"]) and not value)
    ):
        return None
    if bracketed or sign == "-" or found["minus"]:
        value = -value
    if percent:
        value /= 100
    shown = (
        ("#,##0" if "," in whole else _spaced_format(whole))
        + (fraction and "." + "0" * (len(fraction) - 1))
        + (found["percent"] or "")
        + _quoted(unit)
    )
    shown = _quoted(currency) + shown
    before = _quoted(found["before"])
    if bracketed:
        shown = f"{before}{shown}_);{before}({shown})"
    elif found["minus"]:
        shown = f"{shown};{shown}-"
    elif before:
        shown = f"{before}{shown};{before}-{shown}"
    if sign == "+":
        shown = f"+{shown};-{shown}"
    has_decimals = bool(fraction or percent)
    return CellValue(float(value) if has_decimals else int(value), shown, text, unit.strip())


def _spaced_format(whole: str) -> str:
    """The format of a whole number whose thousands are separated by spaces, or by nothing."""
    groups = whole.count(" ")
    return "#" + r"\ ###" * (groups - 1) + r"\ ##0" if groups else "0"


def _quoted(text: str | None) -> str:
    return f'"{text}"' if text else ""


def _date(text: str) -> CellValue | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    month, day = re.findall(r"\d+", found["iso"] or found["slashed"] or found["chinese"])
    value = _day(found["year"], month, day)
    if value is None:
        return None
    months, days = "m" * len(month), "d" * len(day)
    if found["iso"]:
        return CellValue(value, f"yyyy-{months}-{days}", text)
    if found["slashed"]:
        return CellValue(value, f"yyyy/{months}/{days}", text)
    return CellValue(value, f'yyyy"年"{months}"月"{days}"日"', text)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        value = date(int(year), int(month), int(day))
    except ValueError:  # not a calendar day
        return None
    return value if value.year >= _FIRST_YEAR else None
