"""The sample company's training: processes, courses, sessions and who learned what, by its job roles."""

from training.sample.story import load

__all__ = ["load"]
