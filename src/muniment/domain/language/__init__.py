"""The condition language: a small grammar, a typed tree, guards for missing values, a row-by-row reading."""
