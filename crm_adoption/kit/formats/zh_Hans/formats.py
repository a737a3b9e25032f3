"""Simplified Chinese: figures as people read them in business, and days as a date field of the browser wants them."""

from __future__ import annotations

# Django's own have no separator in groups of four: 1234567. Offices write 1,234,567.
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3

# The first writes the value of <input type="date">, which reads no other; the rest are what people may type.
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"]
DATETIME_INPUT_FORMATS = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y年%m月%d日 %H:%M",
]
