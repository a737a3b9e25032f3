"""Which sign separates the cells, which row holds the headings, and what the columns are called."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, field

from .terms import Notice, Question, Refused, printable

DELIMITERS = ",;\t|^`"
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", "^": "caret", "`": "backtick", "": "one column"}
LONGER = ("||", "::", "~|~", "|~|", "~~", "^|", "<>", "&&")
SEP_HINT = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)
DATA_LIKE = re.compile(
    r"\s*(?:[-+(]?[\d.,\s]*\d[\d.,\s]*[)%]?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|[^\s@]+@[^\s@]+\.[^\s@]+|"
    r"(?:true|false|null|n/a))\s*",
    re.IGNORECASE,
)
HEADER_SEARCH = 30
NO_TEXT = re.compile("[\ud800-\udfff\x00]")  # undecodable bytes, and NUL


@dataclass(frozen=True)
class Row:
    """A record and where it stands: physical line of its beginning, or sheet row."""

    number: int
    cells: list[str]

    def filled(self) -> int:
        return sum(1 for cell in self.cells if cell.strip())


@dataclass
class Layout:
    """The outcome for one table."""

    header: Row
    headings: list[str]
    questions: list[Question] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def sep_hint(line: str) -> str | None:
    """The delimiter that a first line `sep=;` names for Excel."""
    found = SEP_HINT.fullmatch(line)
    return found[1] if found else None


def sample_rows(lines: list[str], delimiter: str) -> list[Row]:
    """Records of the first lines; without a delimiter every line is one cell."""
    reader = csv.reader(lines, delimiter=delimiter or "\x00", strict=False)
    rows, before = [], 0
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append(Row(before + 1, cells))
        before = reader.line_num
    return rows


def find_delimiter(lines: list[str]) -> tuple[str, Question | None]:
    """The delimiter whose records agree most in width; "" for one column; a question where it is unsure."""
    first = next((line for line in lines if line.strip()), "")
    _refuse_longer(first, [line for line in lines if line.strip()])
    trusted: dict[str, float] = {}
    seen: list[str] = []
    for delimiter in DELIMITERS:
        rows = sample_rows(lines, delimiter)
        widths = Counter(len(row.cells) for row in rows if len(row.cells) > 1)
        if not widths:
            continue
        seen.append(delimiter)
        width, count = max(widths.items(), key=lambda one: (one[1], one[0]))
        agreement = count / len(rows)
        if len(rows[0].cells) > 1 or (agreement >= 0.5 and count >= 3):
            trusted[delimiter] = agreement * (1 - 1 / (width + 1))
    ranked = sorted(trusted, key=lambda one: -trusted[one])
    if not ranked:
        return "", _ask_delimiter("", seen) if seen else None
    close = [one for one in ranked[1:] if trusted[one] > trusted[ranked[0]] - 0.1]
    return ranked[0], _ask_delimiter(ranked[0], close) if close else None


def _ask_delimiter(suggestion: str, others: list[str]) -> Question:
    names = [NAMES[one] for one in [suggestion, *others]]
    return Question(
        "delimiter",
        "Which sign separates the columns? The lines also hold "
        f"{' and '.join(names[1:])}, but not the same number in each; it was read as {names[0]}.",
        names if suggestion == "" else [*names, NAMES[""]],
        names[0],
    )


def _refuse_longer(first: str, filled: list[str]) -> None:
    for sign in LONGER:
        count = first.count(sign)
        if count and sum(1 for line in filled if line.count(sign) == count) >= 0.8 * len(filled):
            raise Refused(
                "delimiter",
                f"The columns are separated by “{sign}”, and one sign is needed: export again with comma, semicolon, "
                "tab, bar ( | ), caret ( ^ ) or backtick ( ` ).",
                "line 1",
            )


def find_header(rows: list[Row], chosen: int | None) -> tuple[Row, Question | None]:
    """The row of the headings; a question where it is not plainly the first."""
    first = rows[0]
    if chosen is not None:
        return _chosen_header(rows, chosen), None
    width = Counter(len(row.cells) for row in rows[:HEADER_SEARCH]).most_common(1)[0][0]
    full = max(row.filled() for row in rows[:HEADER_SEARCH])
    better = first
    if first.filled() < full or len(first.cells) < width:
        better = next((row for row in rows[:HEADER_SEARCH] if _could_head(row, full)), first)
    options = [str(row.number) for row in rows[:10]]
    if better is not first:
        sentence = (
            f"Which row holds the headings? They seem to stand in row {better.number} (“{_shown(better)}”), "
            f"below a title (“{_shown(first)}”)."
        )
    elif _looks_like_data(first):
        options = ["0", *options]
        sentence = (
            f"Row {first.number} (“{_shown(first)}”) looks like data, not like headings. Which row holds them? "
            "Choose 0 if the file has none."
        )
    else:
        return first, None
    return better, Question("header_row", sentence, options, str(better.number))


def _chosen_header(rows: list[Row], chosen: int) -> Row:
    if chosen == 0:
        return Row(0, [""] * max(len(row.cells) for row in rows))
    found = next((row for row in rows if row.number == chosen), None)
    if found is None:
        numbers = ", ".join(str(row.number) for row in rows[:10])
        raise Refused(
            "header_row",
            f"Row {chosen} cannot hold the headings, it is blank or too far down: choose one of {numbers}.",
            f"row {chosen}",
        )
    return found


def _could_head(row: Row, full: int) -> bool:
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    return (
        len(cells) == full
        and len(set(cells)) == len(cells)
        and len(cells) == len(row.cells)
        and not any(DATA_LIKE.fullmatch(cell) for cell in cells)
    )


def _looks_like_data(row: Row) -> bool:
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    data = sum(1 for cell in cells if DATA_LIKE.fullmatch(cell))
    return data * 2 >= len(cells) or any("@" in cell and DATA_LIKE.fullmatch(cell) for cell in cells)


def _shown(row: Row) -> str:
    return printable(", ".join(cell.strip() for cell in row.cells[:4]), 60)


def name_columns(cells: list[str]) -> tuple[list[str], list[Notice], Question | None]:
    """Unique headings: blanks become column_2, the second Email “Email (2)”; no value loses its place."""
    taken: set[str] = set()
    turns: Counter[str] = Counter()
    headings, blank, doubled = [], [], []
    for place, cell in enumerate(cells, start=1):
        wanted = " ".join(cell.split()) or f"column_{place}"
        if not cell.strip():
            blank.append(wanted)
        name = wanted
        while name.casefold() in taken:
            turns[wanted.casefold()] += 1
            name = f"{wanted} ({turns[wanted.casefold()] + 1})"
        if name != wanted and cell.strip():
            doubled.append(name)
        taken.add(name.casefold())
        headings.append(name)
    notices = []
    if blank:
        notices.append(
            Notice("blank_heading", f"{len(blank)} column(s) have no heading and are called {', '.join(blank[:5])}.")
        )
    if not doubled:
        return headings, notices, None
    return (
        headings,
        notices,
        Question(
            "double_heading",
            f"Several columns have the same heading; the later ones are called {printable(', '.join(doubled), 200)}. "
            "Is each of them mapped to the right field?",
            ["yes"],
            "yes",
        ),
    )


def lay_out(rows: list[Row], chosen: int | None, confirmed: bool) -> Layout:
    """Headings of a table from its first rows, with what is to be asked and told about them."""
    header, question = find_header(rows, chosen)
    for place, cell in enumerate(header.cells, start=1):
        if NO_TEXT.search(cell):
            raise Refused(
                "broken_header",
                f"The heading of column {place} in row {header.number} (“{printable(cell)}”) holds bytes that are no "
                "text: correct it, save the file as CSV UTF-8, or choose the encoding of the file.",
                f"row {header.number}",
            )
    headings, notices, doubled = name_columns(header.cells)
    questions = [one for one in (question, None if confirmed else doubled) if one is not None]
    return Layout(header, headings, questions, notices)
