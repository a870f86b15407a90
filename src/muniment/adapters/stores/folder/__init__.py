"""A contract kept as a folder: agreed text in YAML, evidence files, and the ledger in ledger.jsonl."""
