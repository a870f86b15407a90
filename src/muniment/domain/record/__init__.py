"""What happened: an append-only chain of entries, read as known on a date. Knows no capability."""
