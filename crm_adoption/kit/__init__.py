"""The ground floor: base model, refusals, page shapes, exports and the embedded servers; it has no tables."""
