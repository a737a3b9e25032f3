"""Company names without their legal form, in over thirty countries' law and in Chinese, Japanese and Korean."""

import re
from functools import cache

import polars as pl

from dataquality.engine.standardise.facts import facts, words
from dataquality.engine.standardise.romanise import in_latin, romanised
from dataquality.engine.standardise.spellings import Spelling
from dataquality.engine.standardise.text import Dictionary, plain, put, without

EMPTY_WORDS = ["and", "of", "the", "for", "de", "la", "le", "du", "des", "der", "die", "das", "fur", "del", "van"]
SIGNED = r"[\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}]"
# Words parted by single spaces: `&` said, initials drawn together, other signs gone.
WORDS = (
    (r"\s*(?:&|\+)\s*", " and "),
    (r" (?:und|et|y|og|och|en) ", " and "),
    *[(r"([\p{L}\p{N}]{2,})\.([\p{L}\p{N}]{2,})", "$1 $2")] * 2,  # again, as three parts share the middle one
    (r"[.'’\"]", ""),
    (r"[^\p{L}\p{M}\p{N}/]+", " "),
    (r"/([^ ]{2,})", " $1"),
    (r" {2,}", " "),
)


@cache
def forms() -> str:
    """All legal forms that stand behind a name, the longest first, as one pattern."""
    listed = {form.strip() for forms in facts("companies")["forms"].values() for form in forms.split(",")}
    longest_first = sorted((re.escape(form) for form in listed), key=lambda form: (-len(form), form))
    return rf"(?:[ ,]+(?:{'|'.join(longest_first)}))+$"


@cache
def before() -> str:
    """Those that stand before it."""
    listed = sorted((re.escape(form.strip()) for form in facts("companies")["before"]["forms"].split(",")), key=len)
    return rf"^(?:(?:{'|'.join(reversed(listed))}) )+"


@cache
def glued() -> str:
    """Those in Chinese, Japanese and Korean, which stand before or behind without a space."""
    signs = [form for forms in facts("companies")["glued"].values() for form in forms.split()]
    either = "|".join(re.escape(form) for form in sorted(signs, key=lambda form: (-len(form), form)))
    return rf"^(?:{either})+|(?:{either})+$"


def company_parts(column: pl.Series, spelling: Spelling | None = None) -> dict[str, pl.Series]:
    """`name` without legal form, `tokens` sorted, and `acronym` where the name has two words or more."""
    spelling, listed = spelling or Spelling(), Dictionary.of(column)
    names = spelling.of(listed, company_names(spelling.texts(listed.values)))
    return {name: listed.laid_out(part) for name, part in company_words(names).items()}


def company_words(names: pl.Series) -> dict[str, pl.Series]:
    """The parts of distinct names."""
    said = pl.element().filter(~pl.element().is_in(EMPTY_WORDS))
    words_of = names.str.split(" ")
    tokens = words_of.list.eval(said.unique().sort()).list.join(" ")
    acronym = words_of.list.eval(said.str.slice(0, 1)).list.join("")
    return {
        "name": names,
        "tokens": tokens.set((tokens == "").fill_null(value=False), None).fill_null(names),
        "acronym": acronym.set((acronym.str.len_chars() < 2).fill_null(value=True), None),
    }


def company_names(values: pl.Series) -> pl.Series:
    """Distinct company names folded and without legal form; a name that is nothing else stays whole."""
    text = without(plain(values), words("placeholders", "everywhere"))
    signed = text.str.contains(SIGNED).fill_null(value=False)
    if signed.any():
        bare = text.filter(signed).str.replace_all(glued(), "").str.strip_chars(" ")
        text = put(text, signed.arg_true(), bare.set(bare == "", None).fill_null(text.filter(signed)))
    spaced = _words(text)
    stripped = spaced.str.replace(forms(), "").str.replace(before(), "").str.strip_chars(" ,")
    stripped = stripped.str.replace_all(",", "", literal=True)
    kept = stripped.set((stripped == "").fill_null(value=False), None).fill_null(spaced.str.replace_all(",", ""))
    return in_latin(kept, romanised)


def _words(text: pl.Series) -> pl.Series:
    for pattern, by in WORDS:
        text = text.str.replace_all(pattern, by)
    return text.str.strip_chars(" ")
