"""How dates and numbers are written in a language, where the ways of Django are not ours."""
