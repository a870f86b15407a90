"""What an installation can be told by the name of its settings."""
