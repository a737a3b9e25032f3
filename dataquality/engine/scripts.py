"""Letters of one script that pass for letters of another."""

import re
from functools import lru_cache
from typing import Literal

# Lower- and upper-case letters that cannot be told from a Latin one in print (Unicode confusables, the plain part).
_CYRILLIC = dict(zip("асеорхуіјѕԁԛԝһАВЕЅІЈКМНОРСТУХԌ", "aceopxyijsdqwhABESIJKMHOPCTYXG", strict=True))
_GREEK = dict(zip("ονΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ovABEZHIKMNOPTYX", strict=True))
_TO_LATIN = {ord(other): latin for other, latin in (_CYRILLIC | _GREEK).items()}
_TO_CYRILLIC = {ord(latin): other for other, latin in _CYRILLIC.items()}

_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = (("latin", re.compile(r"[A-Za-zÀ-ɏ]")), ("cyrillic", re.compile(r"[Ѐ-ԯ]")), ("greek", re.compile(r"[Ͱ-Ͽ]")))
Script = Literal["latin", "cyrillic", "greek"]


def mixed_scripts(text: str) -> bool:
    """Some word writes Latin with letters borrowed from Cyrillic or Greek, or the other way round."""
    return not text.isascii() and any(_borrowed(word) is not None for word in _WORD.findall(text))


@lru_cache(maxsize=4_096)
def in_one_script(text: str) -> str:
    """The same text with borrowed letters put back into the script of the rest of their word."""
    return _WORD.sub(lambda word: _borrowed(word[0]) or word[0], text)


def _borrowed(word: str) -> str | None:
    """The word in one script where every letter of its rarer script has a twin; null where nothing is borrowed."""
    counts = {name: len(pattern.findall(word)) for name, pattern in _SCRIPTS}
    present = [name for name, n in counts.items() if n]
    if len(present) != 2 or "latin" not in present:
        return None
    to_latin = word.translate(_TO_LATIN)
    to_cyrillic = word.translate(_TO_CYRILLIC)
    latin_wins = counts["latin"] >= max(counts["cyrillic"], counts["greek"])
    for candidate, rest in ((to_latin, r"[Ѐ-ԯͰ-Ͽ]"), (to_cyrillic, r"[A-Za-zÀ-ɏ]"))[:: 1 if latin_wins else -1]:
        if not re.search(rest, candidate):
            return candidate
    return None
