"""How many characters what somebody types may have, on a page and in the API."""

LONGEST_REASON = 2000
"""Why an act is done."""
LONGEST_PROSE = 5000
"""A free text of an act: a question, an answer, a plan, what a failure meant."""
LONGEST_LINE = 500
"""A text on one line, such as why a row does not count."""
LONGEST_FIGURE = 60
"""What somebody says that a result should be."""
LONGEST_KEY = 64
"""An idempotency key."""
LONGEST_LABEL = 200
"""A person's name, a file's, a stage of a project, the id of a row."""
