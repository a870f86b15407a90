"""Django management commands: JSON in on standard input, JSON out on standard output."""
