"""Rows as files: CSV for machines, XLSX for people, and a marked CSV for people who insist on one."""

from crm_adoption.kit.exports.answer import KINDS, Kind, export
from crm_adoption.kit.exports.delimited import NOTE, is_marked, machine_csv, marked_csv, unmark
from crm_adoption.kit.exports.workbook import write_workbook

__all__ = ["KINDS", "NOTE", "Kind", "export", "is_marked", "machine_csv", "marked_csv", "unmark", "write_workbook"]
