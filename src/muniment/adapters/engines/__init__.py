"""Fast ways to run a measure over many rows. Each gives the answers of the reference engine."""
