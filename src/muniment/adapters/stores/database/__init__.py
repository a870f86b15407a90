"""Contracts kept in a database, by many people at once: the Django app `register`, on SQLite or PostgreSQL."""
