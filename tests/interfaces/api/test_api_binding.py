"""One table says which acts bind; pages ask again who one is before exactly those, and the API asks for `bind`."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn, cast

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from muniment.application.command_context import CommandContext
from muniment.domain.lifecycle.permissions import BINDING_COMMANDS, DECIDING_ROLES, PERMISSIONS, CommandName
from muniment.installation.viewer import Viewer
from muniment.interfaces.api.operations import NOT_HERE, OPERATION_COMMANDS
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


@pytest.mark.parametrize("command", PERMISSIONS)
def test_pages_ask_again_who_one_is_before_the_acts_that_bind_and_before_no_others(
    command: CommandName, monkeypatch: pytest.MonkeyPatch
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
    of_acts = {found.name: found for found in every_operation if found.name in OPERATION_COMMANDS}
    assert {*of_acts} == {*OPERATION_COMMANDS}
    for name, command in OPERATION_COMMANDS.items():
        assert (of_acts[name].scopes == ("bind",)) == (command in BINDING_COMMANDS), name


def test_every_act_of_a_page_is_an_operation() -> None:
    on_pages = {*_acts_on_pages()}
    routed = {route.callback.access.command for route in urlpatterns if route.callback.access.command}  # type: ignore[attr-defined]  # set by contract_page
    assert len(routed) > 20
    assert on_pages | routed <= {*OPERATION_COMMANDS.values()}


def test_every_act_is_an_operation_or_has_a_reason_why_not() -> None:
    assert {*OPERATION_COMMANDS.values()} | {*NOT_HERE} == {*PERMISSIONS}
    assert not {*OPERATION_COMMANDS.values()} & {*NOT_HERE}


def test_who_only_decides_by_acts_that_bind_needs_a_second_factor_for_them() -> None:
    """Letting somebody stand in for oneself is each role's own; all else that binds belongs to deciding roles."""
    others = BINDING_COMMANDS - {"delegate"}
    assert {role for command in others for role in PERMISSIONS[command].roles} <= DECIDING_ROLES
