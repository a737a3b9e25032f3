"""Words of a person's name: titles and suffixes taken off, given and family name told apart, in Latin letters."""

import re
from functools import cache

import polars as pl

from dataquality.engine.standardise.facts import facts, table, words
from dataquality.engine.standardise.romanise import (
    chinese_families,
    has_han,
    in_latin,
    is_foreign,
    korean_families,
    romanised,
    romanised_family,
    split_family,
)
from dataquality.engine.standardise.text import plain, put, without

_SUFFIX_LIST = "|".join(sorted(words("people", "suffixes")))
_TITLE_LIST = "|".join(re.escape(word) for word in sorted(words("people", "titles"), key=len, reverse=True))
TITLES = rf"^(?:(?:{_TITLE_LIST}) )+"
SUFFIXES = rf"(?: (?:{_SUFFIX_LIST}))+$"
_PARTICLES = "|".join(re.escape(word) for word in sorted(words("people", "particles"), key=len, reverse=True))
# The last word, and the particles before it; one word at least stays in front.
WESTERN = rf"^(.+?)((?: (?:{_PARTICLES}))* [^ ]+)$"
# Family, given and father's name, in the order of Russian papers.
PATRONYMIC = r"^(\S+) (\S+ \S+(?:ович|евич|ович|овна|евна|ична|ьич|ovna|evna))$"
# Two syllables of Mandarin or Korean, as they are written in Latin letters.
_SYLLABLE = r"(?:zh|ch|sh|kk|tt|pp|ss|jj|[bpmfdtnlgkhjqxrzcsyw])?(?:[aeiou]{1,3}|yu?e?|w[aeio])(?:ng|n|r|m|k|l)?"
SYLLABLES = rf"^{_SYLLABLE} {_SYLLABLE}$"
TURNED = r"^([^,]+), *([^,]+)"
EASTERN = r"[\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}]"
DRAWN_TOGETHER = r"\b(mc|o|abd|abdul|abdel|abdur|abdal) (\p{L}{3,})"
NO_NAMES = words("placeholders", "everywhere")


def name_words(values: pl.Series) -> pl.Series:
    """Distinct name texts folded to words, without titles, suffixes and signs; null where none is left.

    A comma, which turns a name round, stays for `whole_names`.
    """
    text = without(plain(values), NO_NAMES)
    text = text.str.replace_all(r"\([^)]*\)|\"[^\"]*\"", " ").str.replace_all(r"\.", " ")
    text = text.str.replace_all("'", "", literal=True).str.replace_all(r"[^\p{L}\p{M}\p{N},]+", " ")
    text = text.str.strip_chars(" ,").str.replace(TITLES, "").str.replace(SUFFIXES, "")
    return without(text.str.replace_all(DRAWN_TOGETHER, "$1$2"), NO_NAMES)


def given_names(values: pl.Series) -> pl.Series:
    """Distinct texts of a column of given names, in Latin letters; a bare title is none."""
    words_of = name_words(values).str.replace_all(r"[ ,]*,[ ,]*", " ")
    title = words_of.is_in(list(words("people", "titles"))).fill_null(value=False)
    return in_latin(words_of.set(title, None), romanised_given)


def family_names(values: pl.Series) -> pl.Series:
    """Distinct texts of a column of family names, in Latin letters; Herr and Prior are families too."""
    return in_latin(name_words(values).str.replace_all(r"[ ,]*,[ ,]*", " "), romanised_family)


def in_own_script(values: pl.Series) -> pl.Series:
    """Distinct names of scripts other than Latin as they are written, folded; null for the others."""
    foreign = is_foreign(values)
    own = pl.Series([None], dtype=pl.String).new_from_index(0, len(values))
    if not foreign.any():
        return own
    names = name_words(values.filter(foreign))
    return put(own, foreign.arg_true(), names.set(~is_foreign(names), None))


def romanised_given(name: str) -> str:
    """Signs of one given name make one word: 小明 is xiaoming."""
    return romanised(name).replace(" ", "") if has_han(name) else romanised(name)


def whole_names(names: pl.Series) -> pl.DataFrame:
    """Distinct folded names with both parts in one as `given` and `family`; a single word is a family name.

    The family name comes last, with the particles before it; first where a comma follows it, and where Chinese,
    Japanese or Korean signs are used, and where a patronymic ends the name.
    """
    turned = names.str.extract_groups(TURNED).struct.unnest()
    comma = turned.to_series(0).is_not_null().fill_null(value=False)
    single = names.str.replace_all(r"[ ,]*,[ ,]*", " ")
    western = single.str.extract_groups(WESTERN).struct.unnest()
    split = pl.DataFrame(
        {
            "given": western.to_series(0).zip_with(~comma, turned.to_series(1)),
            "family": western.to_series(1).str.strip_chars().zip_with(~comma, turned.to_series(0)),
            "name": single,
        }
    ).with_columns(pl.col("family").fill_null(pl.col("name")))
    patronymic = single.str.extract_groups(PATRONYMIC).struct.unnest()
    split = split.with_columns(
        given=patronymic.to_series(1).fill_null(split.get_column("given")),
        family=patronymic.to_series(0).fill_null(split.get_column("family")),
    )
    eastern = names.str.contains(EASTERN).fill_null(value=False)
    if eastern.any():
        parts = [eastern_name(name) for name in names.filter(eastern).to_list()]
        at = eastern.arg_true()
        split = split.with_columns(
            given=put(split.get_column("given"), at, pl.Series([given for _, given in parts], dtype=pl.String)),
            family=put(split.get_column("family"), at, pl.Series([family for family, _ in parts], dtype=pl.String)),
        )
    return split.select("given", "family")


def eastern_name(name: str) -> tuple[str, str | None]:
    """Family first, with or without a space between."""
    name = re.sub(r"[,·・]", " ", name).strip()
    for title in facts("people")["honorifics_after"].split():
        name = name.removesuffix(title).strip() or name
    first, _, rest = name.partition(" ")
    if rest:
        return first, rest.replace(" ", "")
    return split_family(name) or (name, None)


@cache
def eastern_families() -> frozenset[str]:
    """Chinese and Korean family names in Latin letters."""
    return frozenset(chinese_families().values()) | frozenset(korean_families().values())


def formal_names(first: pl.Series) -> pl.Series:
    """Distinct first names as their formal name: bob is robert; a name without one stays."""
    return first.replace(table("nicknames"))


def formal_name(first: str | None) -> str | None:
    """The same of one first name."""
    return None if first is None else table("nicknames").get(first, first)
