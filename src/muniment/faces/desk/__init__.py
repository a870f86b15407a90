"""What the command line, the pages and the API share: a contract opened, acted on, reported, bundled, backed up."""
