"""Where people meet the product: parse, one command or query, present. No rules here."""
