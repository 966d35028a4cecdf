"""Replaces radicals and compatibility ideographs by the unified ideographs that users search for.

The maps of many fonts name a radical where an ideograph is meant: both have the same glyph.
"""

from __future__ import annotations

import unicodedata

_SUPPLEMENT = str.maketrans(
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩"
    "⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑"
    "⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王"
    "𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長"
    "镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
)
"""The CJK Radicals Supplement; from EquivalentUnifiedIdeograph.txt of the Unicode Character
Database, since these characters have no decomposition."""


def unified(char: str) -> str:
    """The unified ideograph of a radical or a compatibility ideograph; else ``char`` itself."""
    if "⺀" <= char <= "\u2eff":
        return char.translate(_SUPPLEMENT)
    if "⼀" <= char <= "\u2fdf":
        # Compatibility forms of other scripts, such as full-width signs, differ on purpose.
        return unicodedata.normalize("NFKC", char)
    if "\uf900" <= char <= "\ufaff" or "\U0002f800" <= char <= "\U0002fa1f":
        return unicodedata.normalize("NFC", char)
    return char
