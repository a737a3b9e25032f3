"""Passes for tables that are badly written down, where hardly anything agrees whole: beginnings and sounds of names,
beside the beginnings of what else there is. On a clean table they find nothing that the others do not."""

from collections.abc import Mapping, Sequence

from dataquality.engine.block.passes import CONSONANTS, MANY_VALUES, WEAK, WHOLE, Atom, Pass
from dataquality.engine.kinds import Kind
from dataquality.engine.standardise import Slot

BEGINNING: Mapping[Kind, tuple[tuple[str, int], ...]] = {
    Kind.PHONE: (("number", 6),),
    Kind.COMPANY: (("name", 4),),
    Kind.CITY: (("name", 3),),
    Kind.EMAIL: (("local", CONSONANTS), ("domain", 4)),
    Kind.STREET: (("street", 4),),
    Kind.POSTCODE: (("code", 3),),
    Kind.DATE: (("ymd", WHOLE),),
    Kind.IDENTIFIER: (("code", 4),),
    Kind.REGION: (("name", 3),),
}
FEWEST_BESIDE, MOST_BESIDE = 2, 6  # pieces that tell something beside the name


def further_passes(slots: Sequence[Slot], sharing: Mapping[str, float]) -> tuple[Pass, ...]:
    """The passes beside those of `passes_for`; none where there is no person, or too little beside the name to tell
    right from wrong. sharing: as there."""
    person = next((slot.name for slot in slots if slot.kind == Kind.PERSON), None)
    if person is None:
        return ()
    first, family = Atom(person, "first", 3), Atom(person, "family", 3)
    names = (first, family, Atom(person, "first", CONSONANTS), Atom(person, "family", CONSONANTS))
    made = [Pass("beginnings of the names", ((first, family),), WEAK)]
    beside = [
        Atom(slot.name, part, how)
        for kind, pieces in BEGINNING.items()
        for slot in slots
        if slot.kind == kind and sharing.get(slot.name, 0.0) <= MANY_VALUES
        for part, how in pieces
    ]
    if len(beside) < FEWEST_BESIDE:
        return ()
    for atom in beside[:MOST_BESIDE]:
        keys = tuple((name, atom) for name in names)
        made.append(Pass(f"a name about right and the beginning of {atom.slot} ({atom.part})", keys, WEAK))
    return tuple(made)
