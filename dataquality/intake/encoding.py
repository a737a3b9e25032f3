"""Which encoding a text file has: byte order marks, strict UTF-8, then a judge of legacy encodings."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path

from charset_normalizer import from_bytes

from .alphabets import JUDGED, score
from .terms import Limits, Refused

BLOCK = 1 << 20
SAMPLE = 1 << 18
MOST_OFFSETS = 10_000
BOMS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
# C0 controls other than tab, line feed and carriage return, and DEL; NUL is looked for by itself.
CONTROLS = bytes(code for code in [*range(1, 9), 11, 12, *range(14, 32), 127])
UTF8_SHAPED = re.compile(rb"[\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf7][\x80-\xbf]{3}")
BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
NO_TEXT = "This is not a text file: export the table again as .xlsx or as CSV (UTF-8)."


@dataclass
class Survey:
    """What one pass over the whole file found, decoded as `encoding` from byte `skip` on."""

    encoding: str
    skip: int
    undecodable: list[int] = field(default_factory=list)
    undecodable_bytes: int = 0
    has_nul: bool = False
    has_controls: bool = False
    has_text_trick: bool = False
    odd_sample: bytes = b""
    longest_line: int = 0

    @property
    def errors(self) -> str:
        """How to decode: undecodable bytes become lone surrogates, whose rows are quarantined."""
        return "surrogateescape" if self.undecodable_bytes else "strict"


def bom(path: Path) -> tuple[str | None, int]:
    """The encoding its byte order mark names, and the length of the mark, repeated ones included."""
    with path.open("rb") as stream:
        lead = stream.read(64)
    for mark, encoding in BOMS:
        if lead.startswith(mark):
            skip = 0
            while lead.startswith(mark, skip):
                skip += len(mark)
            return encoding, skip
    return None, 0


def survey(path: Path, encoding: str, skip: int, limits: Limits) -> Survey:
    """Decode the whole file once, in pieces, and note what the reader must look out for."""
    seen = Survey(encoding, skip)
    at = 0

    def note(error: UnicodeError) -> tuple[str | bytes, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        seen.undecodable_bytes += 1
        if len(seen.undecodable) < MOST_OFFSETS:
            seen.undecodable.append(at + error.start)
        return codecs.lookup_error("surrogateescape")(error)

    codecs.register_error("note_offset", note)
    decoder = codecs.getincrementaldecoder(encoding)("note_offset")
    odd, line = bytearray(), 0
    with path.open("rb") as stream:
        stream.seek(skip)
        position = skip
        while True:
            block = stream.read(BLOCK)
            at = position - len(decoder.getstate()[0])
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                raise Refused(
                    "encoding",
                    f"The file is not valid {encoding.upper()} at byte {at + error.start:,}: it is damaged or has "
                    "another encoding; save it as CSV UTF-8 and upload it again.",
                    f"byte {at + error.start:,}",
                ) from None
            plain = block if encoding == "utf-8" else text.encode("utf-8", "surrogateescape")
            _look(seen, plain)
            if not block.isascii() and len(odd) < SAMPLE:
                odd += _odd_lines(block, SAMPLE - len(odd))
            line = _measure(seen, text, line)
            if seen.longest_line > limits.line_characters:
                raise Refused(
                    "endless_line",
                    f"A line of the file is longer than {limits.line_characters:,} characters: this is no table, or "
                    "its line ends were lost; export it again.",
                )
            if not block:
                break
            position += len(block)
    seen.odd_sample = bytes(odd)
    return seen


def _look(seen: Survey, plain: bytes) -> None:
    seen.has_nul = seen.has_nul or b"\x00" in plain
    seen.has_text_trick = seen.has_text_trick or b'="' in plain
    if not seen.has_controls:
        # U+0080 to U+009F are the bytes C2 80 to C2 9F.
        seen.has_controls = len(plain.translate(None, CONTROLS)) != len(plain) or (
            b"\xc2" in plain and re.search(rb"\xc2[\x80-\x9f]", plain) is not None
        )


def _measure(seen: Survey, text: str, line: int) -> int:
    """The length of the unfinished line after `text`; lines shorter than a block need no exact length."""
    first = min((place for place in (text.find("\n"), text.find("\r")) if place >= 0), default=-1)
    if first < 0:
        line += len(text)
        seen.longest_line = max(seen.longest_line, line)
        return line
    seen.longest_line = max(seen.longest_line, line + first)
    return len(text) - 1 - max(text.rfind("\n"), text.rfind("\r"))


def _odd_lines(block: bytes, most: int) -> bytes:
    """Whole lines of a block that hold a byte beyond ASCII."""
    lines = block.replace(b"\r", b"\n").split(b"\n")
    whole = lines if len(lines) == 1 else lines[:-1] if len(block) == BLOCK else lines
    kept = bytearray()
    for line in whole:
        if not line.isascii():
            kept += line + b"\n"
            if len(kept) >= most:
                break
    return bytes(kept)


def looks_binary(path: Path) -> bool:
    """Whether the first bytes are mostly NUL and control bytes, as in no text of one byte a letter."""
    with path.open("rb") as stream:
        lead = stream.read(1 << 16)
    odd = len(lead) - len(lead.translate(None, b"\x00" + CONTROLS))
    return odd > 8 and odd > 0.2 * len(lead)


def wide_without_mark(path: Path) -> str | None:
    """UTF-16 without a byte order mark: nearly every other byte of its line ends, digits and commas is NUL."""
    with path.open("rb") as stream:
        lead = stream.read(1 << 16)
    lead = lead[: len(lead) // 2 * 2]
    if len(lead) < 8:
        return None
    for encoding, nul, other in (("utf-16-le", lead[1::2], lead[0::2]), ("utf-16-be", lead[0::2], lead[1::2])):
        if nul.count(0) > 0.3 * len(nul) and other.count(0) < 0.02 * len(other):
            try:
                text = lead.decode(encoding)
            except UnicodeDecodeError:
                continue
            if text.isprintable() or any(end in text for end in "\r\n"):
                return encoding
    return None


def damaged_utf8(sample: bytes) -> bool:
    """Whether bytes that are no valid UTF-8 are nevertheless UTF-8 for the most part.

    Mixed files, overlong forms and halves of surrogate pairs keep the shape of UTF-8, lead byte and
    continuation bytes; in a legacy encoding at most one byte pair in four has it by chance.
    """
    shaped = len(UTF8_SHAPED.findall(sample))
    return shaped > 0 and len(BEYOND_ASCII.findall(UTF8_SHAPED.sub(b"", sample))) <= shaped


@dataclass(frozen=True)
class Guess:
    """Legacy encodings that can decode the sample, most plausible first, and whether the first needs no question."""

    ranked: list[str]
    is_plain_latin: bool


def judge(sample: bytes) -> Guess:
    """Rank legacy encodings by how plausible the letters are that they give."""
    texts, scores = {}, {}
    for encoding in JUDGED:
        try:
            texts[encoding] = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        scores[encoding] = score(encoding, texts[encoding])
    ranked = sorted(scores, key=lambda one: -scores[one])
    if not ranked or scores[ranked[0]] < 0.3:
        return Guess([*_outside_vote(sample), *ranked][:8], False)
    best = ranked[0]
    rivals = [one for one in ranked[1:] if scores[one] > scores[best] - 0.05 and texts[one] != texts[best]]
    return Guess(ranked[:8], best == "cp1252" and scores[best] >= 0.8 and not rivals)


def _outside_vote(sample: bytes) -> list[str]:
    """What charset-normalizer says; asked last, for it takes Big5 for cp932 and cp1251 for cp1257."""
    best = from_bytes(sample).best()
    return [] if best is None or best.encoding in ("ascii", "utf_8") else [best.encoding]
