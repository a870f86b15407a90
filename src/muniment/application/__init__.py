"""Use cases over every store: load a contract, calculate, take in an upload, sign, report, bundle, back up."""
