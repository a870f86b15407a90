"""The example contract: its agreed text (contract/), its evidence (generator) and what people did (story).

The one place in the package that may use random: seeded per table and month, so that every run has the same bytes.
"""
