"""Engines: run measures over the normalised store. The same answers as the reference engine, quicker."""
