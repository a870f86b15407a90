"""A report to a scrutiny board as a plain value, with its prose and charts, and the check that it adds up."""
