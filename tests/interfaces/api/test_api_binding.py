"""One table says which acts bind; pages ask again who one is before exactly those, and the API asks for `bind`."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn, cast

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from muniment.application.command_context import CommandContext
from muniment.commands.table import BINDING_COMMANDS, COMMAND_TABLE
from muniment.domain.lifecycle.permissions import DECIDING_ROLES
from muniment.installation.viewer import Viewer
from muniment.interfaces.api.operations import COMMAND_KEY
from muniment.interfaces.api.routes import api
from muniment.interfaces.web import command_pages, pages
from muniment.interfaces.web.command_pages import CleanedData, CommandForm, CommandPage
from muniment.interfaces.web.urls import urlpatterns
from tests.interfaces.api.conftest import Described


def _acts_on_pages() -> Iterator[str]:
    """The command of every act that is written out in the pages' modules."""
    for file in Path(pages.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                said = {word.arg: word.value.value for word in node.keywords if isinstance(word.value, ast.Constant)}
                if node.func.id in ("CommandPage", "_act", "_page") and isinstance(said.get("command"), str):
                    yield str(said["command"])


def _acts_of_operations() -> dict[str, str]:
    """The operation's id -> its command, of all that leave an entry."""
    operations = (
        operation
        for _, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    )
    found = {str(one.operation_id): str((one.openapi_extra or {}).get(COMMAND_KEY, "")) for one in operations}
    return {name: command for name, command in found.items() if command}


@pytest.mark.parametrize("command", COMMAND_TABLE)
def test_pages_ask_again_who_one_is_before_the_acts_that_bind_and_before_no_others(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command_pages, "second_factor_first", lambda request, viewer: None)  # noqa: ARG005  # as it is called
    monkeypatch.setattr(command_pages, "confirm_first", lambda request: HttpResponse("who are you?"))  # noqa: ARG005  # likewise
    monkeypatch.setattr(command_pages, "render", lambda *args, **kwargs: HttpResponse("the form"))  # noqa: ARG005  # likewise
    asked = CommandPage(
        title="An act",
        command=command,
        thing="tiny/2019-06",
        form=CommandForm,
        perform=_never,
        button="Do it",
        done="/",
        said="",
        back="/",
        happens=(),
    )
    answer = command_pages.command_page(RequestFactory().post("/"), cast("Viewer", object()), asked)
    assert answer.content.decode() == ("who are you?" if command in BINDING_COMMANDS else "the form")


def _never(acting: CommandContext, given: CleanedData) -> NoReturn:
    raise AssertionError(f"nothing was typed: {acting}, {given}")


def test_every_act_that_binds_is_an_act_of_a_page() -> None:
    assert {*_acts_on_pages()} >= BINDING_COMMANDS


def test_an_operation_that_binds_needs_the_scope_for_it_and_nothing_else_stands_for_that(
    every_operation: list[Described],
) -> None:
    of_acts = {found.name: found for found in every_operation}
    for name, command in _acts_of_operations().items():
        assert (of_acts[name].scopes == ("bind",)) == (command in BINDING_COMMANDS), name


def test_every_act_of_a_page_is_an_operation() -> None:
    on_pages = {*_acts_on_pages()}
    routed = {route.callback.access.command for route in urlpatterns if route.callback.access.command}  # type: ignore[attr-defined]  # set by contract_page
    assert len(routed) > 20
    assert on_pages | routed <= {*_acts_of_operations().values()}


def test_every_act_is_an_operation_or_has_a_reason_why_not() -> None:
    absent = {command.name for command in COMMAND_TABLE.values() if command.absent}
    assert {*_acts_of_operations().values()} | absent == {*COMMAND_TABLE}
    assert not {*_acts_of_operations().values()} & absent


def test_who_only_decides_by_acts_that_bind_needs_a_second_factor_for_them() -> None:
    """Letting somebody stand in for oneself is each role's own; all else that binds belongs to deciding roles."""
    others = BINDING_COMMANDS - {"delegate"}
    assert {role for command in others for role in COMMAND_TABLE[command].roles} <= DECIDING_ROLES
