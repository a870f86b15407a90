"""One question per file, answered from the record as it was known on a date."""
