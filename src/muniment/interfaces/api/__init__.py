"""The HTTP API: what the pages can do, through the same commands."""
