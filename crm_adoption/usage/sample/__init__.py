"""The sample company's use of its CRM: a year of days, one capability given up, one spreadsheet found."""

from crm_adoption.usage.sample.story import load

__all__ = ["load"]
