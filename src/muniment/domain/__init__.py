"""The pure wing: no clock, no file, no network, no chance, no float that decides."""
