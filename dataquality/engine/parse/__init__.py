"""Text to typed values, decided from the whole column and never from its first row."""

from dataquality.engine.parse.blanks import NULL_TOKENS, blank_tokens, clean_text, without_tokens
from dataquality.engine.parse.booleans import boolean_codes, parse_booleans
from dataquality.engine.parse.dates import DateFormat, DateTally, date_codes, parse_dates
from dataquality.engine.parse.numbers import NumberFormat, NumberTally, number_codes, parse_numbers

__all__ = [
    "NULL_TOKENS",
    "DateFormat",
    "DateTally",
    "NumberFormat",
    "NumberTally",
    "blank_tokens",
    "boolean_codes",
    "clean_text",
    "date_codes",
    "number_codes",
    "parse_booleans",
    "parse_dates",
    "parse_numbers",
    "without_tokens",
]
