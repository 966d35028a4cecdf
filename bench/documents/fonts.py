"""The fonts of generated documents: Noto CJK, and URW's versions of common Latin ones."""

from __future__ import annotations

import random

_LATIN_SERIF = ("Nimbus Roman", "P052", "C059", "URW Bookman")
_LATIN_SANS = ("Nimbus Sans", "URW Gothic", "DejaVu Sans")
_HAN = {
    "zh": {"serif": "Noto Serif CJK SC", "sans": "Noto Sans CJK SC"},
    "ja": {"serif": "Noto Serif CJK JP", "sans": "Noto Sans CJK JP"},
}


def family(chance: random.Random, language: str, style: str = "") -> str:
    """A ``font-family`` for a language; ``style`` is ``serif``, ``sans`` or either one."""
    style = style or chance.choice(("serif", "sans"))
    latin = chance.choice(_LATIN_SERIF if style == "serif" else _LATIN_SANS)
    han = _HAN.get(language, _HAN["zh"])[style]
    fonts = (latin, han) if language == "en" or chance.random() < 0.5 else (han,)
    return ",".join(f"'{font}'" for font in fonts)
