"""Reading, checking and repairing columns of text: arrays in, arrays out, no Django, no clock, no network."""
