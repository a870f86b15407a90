"""The pages, with the accounts, tokens, jobs and uploads that they stand on."""
