"""What one address says of missing names: what `standardise.local_parts` does to columns."""

from collections.abc import Callable

from dataquality.engine.standardise.few.signs import group, has, replaced
from dataquality.engine.standardise.few.text import Cell
from dataquality.engine.standardise.local_parts import BOTH, MUCH, SPOKEN

Sightings = Callable[[Cell], tuple[int, int]]  # how often a word stood as a given and as a family name


def filled_from_address(given: Cell, family: Cell, local: Cell, seen: Sightings) -> tuple[Cell, Cell]:
    """As `local_parts.filled_from_address`."""
    short = given is None or len(given) == 1
    if local is None or not (short or family is None):
        return given, family
    local = replaced(replaced(local, r"[._-]*[0-9]*[._-]*$", "", once=True), r"[_-]+", ".")
    if not has(local, r"^[a-z]+(?:\.[a-z]+)?$"):
        return given, family
    one, _, rest = local.partition(".")
    two = rest or None
    given_key = given.replace(" ", "") if given is not None else None
    family_key = family.replace(" ", "") if family is not None else None
    if given is None and family is not None and _are_both(family, one, two):
        return group(family, BOTH, 1), group(family, BOTH, 2)
    if short and family_key is not None:
        guess = _given_beside(family_key, one, two, seen)
        return (guess if guess and (given is None or guess.startswith(given)) else given), family
    if family is None and given_key is not None and not short:
        guess = _family_beside(given_key, one, two, seen)
        return given, (guess if guess is not None and len(guess) >= SPOKEN else None)
    if family is None and given is None and two is not None and len(two) > 1:
        turned = _is_family(one, seen) and _is_given(two, seen)
        return (two, one) if turned else (one, two)
    return given, family


def _is_given(word: Cell, seen: Sightings) -> bool:
    given, family = seen(word)
    return given > MUCH * family + 1


def _is_family(word: Cell, seen: Sightings) -> bool:
    given, family = seen(word)
    return family > MUCH * given + 1


def _are_both(family: str, one: str, two: Cell) -> bool:
    first, last = group(family, BOTH, 1), group(family, BOTH, 2)
    if first is None or last is None:
        return False
    initial = first[:1]
    if one == initial + last:
        return True
    if two is None:
        return False
    return (one in (first, initial) and last.startswith(two) and len(two) >= SPOKEN) or (
        one == last and two in (initial, first)
    )


def _given_beside(family: str, one: str, two: Cell, seen: Sightings) -> Cell:
    if two is not None and (two == family or (len(two) >= SPOKEN and family.startswith(two))):
        return one
    if one == family:
        return two
    if two is not None:
        return None
    if one.endswith(family):
        return one.removesuffix(family)
    if one.startswith(family):
        return one.removeprefix(family)
    return one if _is_given(one, seen) else None


def _family_beside(given: str, one: str, two: Cell, seen: Sightings) -> Cell:
    initial = given[:1]
    if two is not None and (two == given or (two == initial and not _is_given(one, seen))):
        return one
    if one in (given, initial) or (one.startswith(initial) and _is_family(two, seen)):
        return two
    if two is not None:
        return None
    if one.startswith(given):
        return one.removeprefix(given)
    if one.endswith(given):
        return one.removesuffix(given)
    return one[1:] if one.startswith(initial) and not _is_given(one, seen) else None
