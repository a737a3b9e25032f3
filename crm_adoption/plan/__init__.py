"""The programme: ten ingredients, evidence beside claim, gates."""
