"""The two ways to keep contracts, folders and a database, and the files under both."""
