"""What belongs to one installation and not to a contract: accounts, tokens, jobs, uploads, notice drafts."""
