"""What pages, API and command line show, typed: one class for each thing, stored and answered as its dump."""
