"""Text in one spelling: lower case, Latin without diacritics, mojibake undone; other scripts keep their letters."""

from collections.abc import Callable
from dataclasses import dataclass

import ftfy
import ftfy.bad_codecs
import numpy as np
import numpy.typing as npt
import polars as pl

ftfy.bad_codecs.ok()  # makes the codec below known

# UTF-8 that was read as Windows-1252: a lead byte followed by what a continuation byte looks like there.
SCRAMBLED = (
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
_FEW = 200  # rows that are sooner counted one by one
# Scripts whose marks are accents or vowel points; in others (Indic, kana, Cyrillic й) a mark makes another letter.
ACCENTED = r"([\p{Latin}\p{Greek}\p{Arabic}\p{Hebrew}])\p{M}+"
STRAY = r"(^|[^\p{L}\p{M}])\p{M}+"  # marks on nothing
LETTERS = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "ħ": "h",
    "ŧ": "t",
    "ŋ": "n",
    "ə": "e",
    "ё": "е",
    "ς": "σ",
    "ـ": "",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    "“": '"',
    "”": '"',
}


def plain(values: pl.Series) -> pl.Series:
    """Each value casefolded, without Latin diacritics, mojibake undone, spaces collapsed; null where nothing is left.

    Letters of other scripts stay, in one Unicode form. Applying it twice changes nothing.
    """
    text = values.cast(pl.String)
    odd = (text.str.len_bytes() != text.str.len_chars()).fill_null(value=False)
    lower = text.str.to_lowercase()
    if odd.any():
        lower = put(lower, odd.arg_true(), _without_accents(unscrambled(text.filter(odd))))
    lower = lower.str.replace_all(r"[\s\x00-\x1f\x7f]+", " ").str.strip_chars(" ")
    return lower.set(lower == "", None)


def unscrambled(text: pl.Series) -> pl.Series:
    """Text whose UTF-8 was read as Windows-1252 read rightly; everything else as it is."""
    wrong = text.str.contains(SCRAMBLED).fill_null(value=False)
    if not wrong.any():
        return text
    right = [mended(value) for value in text.filter(wrong).to_list()]
    return put(text, wrong.arg_true(), pl.Series(right, dtype=pl.String))


def mended(value: str) -> str:
    """A value that has such signs, read rightly where it can be."""
    # A program that changed the case afterwards made ã of Ã: the lead bytes of Latin letters are upper case.
    for written in (value, value.replace("ã", "Ã").replace("å", "Å").replace("ä", "Ä").replace("â", "Â")):
        try:
            return written.encode("sloppy-windows-1252").decode("utf-8")
        except UnicodeError:
            continue
    return str(ftfy.fix_encoding(value))


def _without_accents(text: pl.Series) -> pl.Series:
    bare = text.str.replace_all(r"\p{Cf}+", "").str.normalize("NFKD").str.to_lowercase()
    bare = bare.str.replace_all(ACCENTED, "$1").str.replace_all(STRAY, "$1").str.normalize("NFC")
    return bare.str.replace_many(list(LETTERS), list(LETTERS.values()))


def put(values: pl.Series, at: pl.Series, others: pl.Series) -> pl.Series:
    """A copy of a column with other values at those places; the library's own `scatter` changes the column itself."""
    return values.clone().scatter(at, others)


@dataclass(frozen=True)
class Dictionary:
    """A column as its distinct values and, for each row, which of them it holds."""

    codes: pl.Series  # UInt32, null where the row has no value
    values: pl.Series  # each value once, in no promised order

    @classmethod
    def of(cls, column: pl.Series) -> "Dictionary":
        text = column.cast(pl.String)
        if len(text) <= _FEW:
            place = {value: at for at, value in enumerate(dict.fromkeys(text.drop_nulls().to_list()))}
            return cls(
                pl.Series([place.get(value) for value in text.to_list()], dtype=pl.UInt32),
                pl.Series(list(place), dtype=pl.String),
            )
        codes = text.cast(pl.Categorical(pl.Categories.random())).to_physical().cast(pl.UInt32)
        present = codes.drop_nulls().to_numpy()
        if not present.size:
            return cls(codes, text.head(0))
        somewhere = np.zeros(int(present.max()) + 1, dtype=np.int64)
        somewhere[present] = codes.is_not_null().arg_true().to_numpy()
        return cls(codes, text.gather(somewhere))

    def laid_out(self, values: pl.Series) -> pl.Series:
        """One value for each distinct one, laid back over the rows."""
        return values.gather(self.codes)

    def counts(self) -> npt.NDArray[np.int64]:
        """How many rows hold each value."""
        return np.bincount(self.codes.drop_nulls().to_numpy(), minlength=len(self.values)).astype(np.int64)


def by_distinct(column: pl.Series, work: Callable[[pl.Series], dict[str, pl.Series]]) -> dict[str, pl.Series]:
    """The columns that `work` makes of the distinct values, laid back over the rows."""
    listed = Dictionary.of(column)
    return {name: listed.laid_out(made) for name, made in work(listed.values).items()}


def without(text: pl.Series, words: frozenset[str]) -> pl.Series:
    """Null where the whole value is one of those words, or has neither letter nor figure."""
    return text.set((text.is_in(list(words)) | ~text.str.contains(r"[\p{L}\p{N}]")).fill_null(value=False), None)
