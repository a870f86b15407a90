"""Small pieces of SQL text. A name or a value from outside enters only through `name` and `text`."""

from collections.abc import Iterable


def name(identifier: str) -> str:
    """A quoted identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """A quoted literal."""
    return "'" + value.replace("'", "''") + "'"


def select(columns: Iterable[str], *, source: str, where: str | None = None, order: str | None = None) -> str:
    """A SELECT statement of the pieces, each on a line of its own."""
    lines = ["SELECT", ",\n".join(columns), "FROM", source]
    if where is not None:
        lines += ["WHERE", where]
    if order is not None:
        lines += ["ORDER BY", order]
    return "\n".join(lines)


def any_of(conditions: Iterable[str]) -> str:
    """The conditions joined by OR; FALSE when there are none."""
    return " OR ".join(f"({condition})" for condition in conditions) or "FALSE"


def when(cases: Iterable[tuple[str, str]], *, otherwise: str) -> str:
    """CASE WHEN ... THEN ... ELSE ... END."""
    arms = " ".join(f"WHEN {condition} THEN {result}" for condition, result in cases)
    return f"CASE {arms} ELSE {otherwise} END" if arms else otherwise
