"""Charts, statements and packs: HTML pages and tagged PDF, the same bytes for the same facts."""
