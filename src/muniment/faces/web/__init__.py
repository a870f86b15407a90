"""The pages: parse what came in, call one command or query, present what comes back. No rules here."""
