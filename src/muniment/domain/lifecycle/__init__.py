"""The registry of entry kinds, the tables of transitions, and who may do what, when, and see what."""
