"""Norvane Instruments: an invented company whose CRM history comes as dated exports, faults included."""

from crm_adoption.plan.sample.generate import generate
from crm_adoption.plan.sample.writing import SampleFile

__all__ = ["SampleFile", "generate"]
