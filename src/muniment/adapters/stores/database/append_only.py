"""Triggers by which the database itself refuses to change what was recorded.

They stop mistakes, other programs and SQL typed by hand. They do not stop whoever may drop a trigger: against that
stand the chain and the heads that others keep.
"""

from typing import TYPE_CHECKING

from muniment.domain.kernel.problem import Place, Problem, ProblemsFoundError

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ENTRIES = "register_ledgerentry"
TEXTS = "register_ledgertext"
AGREED = "register_agreedtext"
REFUSAL = "the record is append-only"

# REPLACE INTO passes the delete trigger of SQLite, so an insert that would replace a row is refused as such.
SAME_ROW = {
    ENTRIES: "rowid = NEW.rowid OR (contract = NEW.contract AND (seq = NEW.seq OR key_sha256 = NEW.key_sha256))"
    " OR hash = NEW.hash",
    TEXTS: "rowid = NEW.rowid OR (contract = NEW.contract AND seq = NEW.seq AND name = NEW.name)",
    AGREED: "rowid = NEW.rowid OR (contract = NEW.contract AND sha256 = NEW.sha256)",
}
# A text may be deleted, for that is its erasure; it is deleted by name and never all at once.
REFUSED = {
    ENTRIES: ("UPDATE", "DELETE", "TRUNCATE"),
    TEXTS: ("UPDATE", "TRUNCATE"),
    AGREED: ("UPDATE", "DELETE", "TRUNCATE"),
}


def create(apps: "Apps", editor: "BaseDatabaseSchemaEditor") -> None:  # noqa: ARG001  # a migration hands both in
    """Create the triggers. Raises ProblemsFoundError for a database other than SQLite and PostgreSQL."""
    for statement in _statements(editor.connection.vendor):
        editor.execute(statement)


def remove(apps: "Apps", editor: "BaseDatabaseSchemaEditor") -> None:  # noqa: ARG001  # a migration hands both in
    """Take the triggers away again, for a migration that is taken back."""
    for table in REFUSED:
        for name in _names(editor.connection.vendor):
            on_table = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{on_table}")


def _names(vendor: str) -> tuple[str, ...]:
    return ("append_only",) if vendor == "postgresql" else ("no_update", "no_delete", "no_replace")


def _statements(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [statement for table in REFUSED for statement in _sqlite(table)]
    if vendor == "postgresql":
        return [_POSTGRESQL_FUNCTION, *(statement for table in REFUSED for statement in _postgresql(table))]
    what = f"contracts cannot be kept on {vendor}: nothing there would stop a change of the record"
    raise ProblemsFoundError([Problem(Place("the database"), "G006", what, "use SQLite or PostgreSQL")])


def _sqlite(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    statements = [
        f"CREATE TRIGGER {table}_no_{command.lower()} BEFORE {command} ON {table} {refuse}"
        for command in REFUSED[table]
        if command != "TRUNCATE"
    ]
    existing = f"EXISTS (SELECT 1 FROM {table} WHERE {SAME_ROW[table]})"  # noqa: S608  # names of this module
    return [*statements, f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {existing} {refuse}"]


_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION register_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$
"""


def _postgresql(table: str) -> list[str]:
    trigger = f"CREATE TRIGGER {table}_append_only BEFORE {' OR '.join(REFUSED[table])} ON {table}"
    # ALWAYS: also in a session that plays itself as a replica, where ordinary triggers are silent.
    always = f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only"
    return [f"{trigger} FOR EACH STATEMENT EXECUTE FUNCTION register_refuse()", always]
