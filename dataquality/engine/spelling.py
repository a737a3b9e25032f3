"""Misspellings that need no second look: known words, listed choices and countries. Doubt is silence."""

import gzip
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import polars as pl
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from dataquality.engine import countries
from dataquality.engine.folding import digits_of, fold
from dataquality.engine.kinds import Kind

SPELLED: dict[str, pl.DataType | type[pl.DataType]] = {
    "value": pl.String,
    "n": pl.Int64,
    "suggestion": pl.String,
    "candidates": pl.List(pl.String),
    "reason": pl.String,
}
_SHORTEST = 6  # shorter words have too many neighbours
_COMMON = 200  # how often the right word stands in the word list's texts, at least
_CLEARLY = 20  # times as common as the next candidate
_FOREIGN = ("de", "fr", "es", "it", "pt", "nl")
_MOSTLY = 0.6  # of a column's words must be English before English spelling is applied to it

# Right words of business that the word list lacks and that have a common word beside them.
_BUSINESS = frozenset(
    word
    for line in (
        "organisation organisations jewellery ecommerce fintech adtech agritech agtech proptech insurtech",
        "healthtech medtech edtech foodtech greentech cleantech regtech legaltech martech hrtech biotech nanotech",
        "biofuel biofuels telecom telecoms telco nonprofit nonprofits reseller resellers freelancer freelancers",
        "offshoring nearshoring onboarding outsourcing upsell crosssell prospecting prospector webinar webinars",
        "referral referrals utilities catalogue centre fibre colour programme aluminium tyre tyres aerospace",
        "agribusiness agrifood petrochemical petrochemicals wellness hospitality fulfilment enrolment labour",
        "licence defence draught grey mould moulding plough sulphur theatre travelling tourism metalworking",
        "woodworking steelmaking winemaking printmaking automation mechatronics robotics photonics optics",
        "logistics analytics genomics proteomics cybersecurity blockchain crypto gaming esports vaping cannabis",
        "hydroponics aquaculture viticulture horticulture floriculture semiconductors microelectronics",
        "optoelectronics dealership dealerships distributor distributors wholesaler wholesalers installer",
        "installers integrator integrators",
    )
    for word in line.split()
)


def spelling(counts: pl.DataFrame, *, kind: Kind, known: Sequence[str] = ()) -> pl.DataFrame:
    """Misspelt values of a column (`value`, `n`): what was meant, or the candidates where only a person can say.

    Only columns of choices and of countries have a spelling; names of people, companies and products never do. `known`
    are the values that count as right. `reason` is `known_value`, `word`, `country` or `shared_name`.
    """
    if kind not in {Kind.CHOICE, Kind.COUNTRY}:
        return pl.DataFrame(schema=SPELLED)
    rows = [(value, int(n)) for value, n in counts.select("value", "n").iter_rows() if value and value.strip()]
    asked = (
        {value: _as_country(value) for value, _ in rows}
        if kind is Kind.COUNTRY
        else _as_words([v for v, _ in rows], known)
    )
    found = [(value, n, *answer) for value, n in rows if (answer := asked.get(value)) is not None]
    return pl.DataFrame(found, schema=SPELLED, orient="row").sort(["n", "value"], descending=[True, False])


Answer = tuple[str | None, list[str], str]


def _as_country(value: str) -> Answer | None:
    if countries.iso2(value):
        return None
    shared = countries.shared_name(value)
    if shared:
        return None, list(shared), "shared_name"
    near = [countries.country_name(code) for code in countries.nearest_countries(value)]
    if not near:
        return None
    return (near[0] if len(near) == 1 else None), near, "country"


def _as_words(values: list[str], known: Sequence[str]) -> dict[str, Answer | None]:
    right = {fold(value): value for value in known}
    answers: dict[str, Answer | None] = {}
    unsettled = []
    for value in values:
        if value in known:
            continue
        form = fold(value)
        near = [
            choice
            for other, choice in right.items()
            if len(form) >= 5 and digits_of(other) == digits_of(form) and OSA.distance(other, form, score_cutoff=1) <= 1
        ]
        if len(near) == 1:
            answers[value] = (near[0], near, "known_value")
        elif not near and form not in right:
            unsettled.append(value)
    if unsettled and _mostly_english(values):
        right_words = _corrections({word for value in unsettled for word in _WORD.findall(value)})
        for value in unsettled:
            mended = _WORD.sub(lambda word: right_words.get(word[0], word[0]), value)
            if mended != value:
                answers[value] = (mended, [mended], "word")
    return answers


_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def _mostly_english(values: list[str]) -> bool:
    words = {word.lower() for value in values for word in re.findall(r"[^\W\d_]{3,}", value)}
    return bool(words) and sum(word in _english() for word in words) >= _MOSTLY * len(words)


def _corrections(written: set[str]) -> dict[str, str]:
    """The plainly misspelt among some words, each with the word meant in the same case."""
    cased = {
        word for word in written if word in {word.lower(), word.lower().capitalize()}
    }  # GTX, SaaS and eBay are names
    near = {word: meant for word in cased if (meant := _nearest(word.lower()))}
    foreign = _in_other_languages({word.lower() for word in near})
    return {
        word: meant.capitalize() if word[0].isupper() else meant
        for word, meant in near.items()
        if word.lower() not in foreign
    }


@cache
def _nearest(word: str) -> str | None:
    """The one common English word an edit away from a word that English does not have."""
    if len(word) < _SHORTEST or not word.isascii() or not word.isalpha() or _is_word(word):
        return None
    english = _english()
    near = sorted(((english[other], other) for other in english.known(english.edit_distance_1(word))), reverse=True)
    if not near or near[0][0] < _COMMON or (len(near) > 1 and near[0][0] < _CLEARLY * near[1][0]):
        return None
    best = near[0][1]
    if best[0] != word[0] or {best + "s", best + "es", best.removesuffix("s")} & {word}:
        return None  # nobody misses the first letter; a plural is no slip
    return best


def _in_other_languages(words: set[str]) -> set[str]:
    """Those of the words that another language has, sought in plain text: six dictionaries fill 200 MB."""
    found: set[str] = set()
    for language in _FOREIGN if words else ():
        packed = files("spellchecker").joinpath("resources", f"{language}.json.gz").read_bytes()
        listed = gzip.decompress(packed)
        found |= {word for word in words if f'"{word}":'.encode() in listed}
    return found


def _is_word(word: str) -> bool:
    english = _english()
    singular = re.sub(r"(?:es|s)$", "", word)
    return word in _BUSINESS or any(form in english for form in (word, _american(word), singular))


def _american(word: str) -> str:
    """The word list writes American English: `organisation`, `fibre` and `labour` are right too."""
    word = re.sub(r"is(?=(?:e|ed|es|er|ers|ing|ation|ations|ational)$)", "iz", word)
    word = re.sub(r"our(?=(?:s|ed|ing|ite|al|able)?$)", "or", word)
    word = re.sub(r"re(?=s?$)", "er", word)
    return re.sub(r"ll(?=(?:ed|ing|er|ers)$)", "l", word)


@cache
def _english() -> SpellChecker:
    return SpellChecker(language="en", distance=1)
