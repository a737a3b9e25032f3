"""The plan to hand out: a page, a deck, a workshop, a calendar and a weekly letter, all from one set of facts."""
