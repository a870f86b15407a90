"""Bundles: a statement with all that it was computed from, for people who trust nobody's word."""
