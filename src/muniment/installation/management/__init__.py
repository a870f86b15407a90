"""What the command line asks of the pages' own tables, each in a process of its own."""
