"""How people and programs reach it: command line, web pages and HTTP API. Each parses, calls and presents."""
