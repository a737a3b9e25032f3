"""One reader a kind of file; each offers read(path, into, choices, limits, admitted)."""
