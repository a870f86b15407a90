"""The command line, the pages and the HTTP API, with what they share."""
