"""The table of commands, gathered from the modules that declare them; permissions and what else is known by name."""

from collections.abc import Mapping
from itertools import chain

from muniment.commands import (
    challenges,
    contract_text,
    evidence,
    mitigation,
    people,
    reporting,
    restatements,
    results,
    retention,
    statements,
)
from muniment.commands.recording import OPEN_RECORD
from muniment.commands.spec import CommandSpec

_MODULES = (
    contract_text, people, evidence, challenges, results, mitigation, statements, restatements, reporting, retention,
)  # fmt: skip
"""In the order in which a contract is worked through, which is that of the help and of the pages of reference."""
COMMAND_TABLE: Mapping[str, CommandSpec] = {
    spec.name: spec for spec in (OPEN_RECORD, *chain.from_iterable(module.COMMANDS for module in _MODULES))
}
"""Name of the command -> what it is. Raises KeyError for a name that no module declares."""
BINDING_COMMANDS = frozenset(spec.name for spec in COMMAND_TABLE.values() if spec.binds)
"""Pages ask for the password, a code or a passkey before them. A token cannot be asked: it needs the scope `bind`,
which is given for a day, just after its person was."""
