"""The rules, pure: no clock, no file, no network, no chance, no float that decides."""
