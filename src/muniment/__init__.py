"""Muniment: holds outsourced services to account, from agreed text and evidence."""

__version__ = "0.1.0"
