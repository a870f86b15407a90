"""One table says which acts bind; pages ask again who one is before exactly those, and the API asks for `bind`."""

import ast
from collections.abc import Iterator
from pathlib import Path

from muniment.domain.lifecycle.permissions import PERMISSIONS
from muniment.faces.api.verbs import NOT_HERE, VERBS
from muniment.faces.desk.binding import BINDING
from muniment.faces.web import pages
from muniment.faces.web.second_factor import DECIDING
from muniment.faces.web.urls import urlpatterns
from tests.faces.api.conftest import Described


def _acts_on_pages() -> Iterator[tuple[str, bool]]:
    """Verb -> whether the page asks who one is, for every act that is written out in the pages' modules."""
    for file in Path(pages.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("ActPage", "_act"):
                said = {word.arg: word.value.value for word in node.keywords if isinstance(word.value, ast.Constant)}
                if isinstance(said.get("verb"), str):
                    yield str(said["verb"]), said.get("is_weighty") is True


def test_pages_ask_again_who_one_is_before_the_acts_that_bind_and_before_no_others() -> None:
    found = dict(_acts_on_pages())
    assert len(found) > 20
    assert {verb for verb, is_weighty in found.items() if is_weighty} == BINDING


def test_an_operation_that_binds_needs_the_scope_for_it_and_nothing_else_stands_for_that(
    every_operation: list[Described],
) -> None:
    of_acts = {found.name: found for found in every_operation if found.name in VERBS}
    assert {*of_acts} == {*VERBS}
    for name, verb in VERBS.items():
        assert (of_acts[name].scopes == ("bind",)) == (verb in BINDING), name


def test_every_act_of_a_page_is_an_operation() -> None:
    on_pages = {verb for verb, _ in _acts_on_pages()}
    routed = {route.callback.access.verb for route in urlpatterns if route.callback.access.verb}  # type: ignore[attr-defined]  # set by contract_page
    assert len(routed) > 20
    assert on_pages | routed <= {*VERBS.values()}


def test_every_act_is_an_operation_or_has_a_reason_why_not() -> None:
    assert {*VERBS.values()} | {*NOT_HERE} == {*PERMISSIONS}
    assert not {*VERBS.values()} & {*NOT_HERE}


def test_who_only_decides_by_acts_that_bind_needs_a_second_factor_for_them() -> None:
    """Letting somebody stand in for oneself is each role's own; all else that binds belongs to deciding roles."""
    others = BINDING - {"delegate"}
    assert {role for verb in others for role in PERMISSIONS[verb].roles} <= DECIDING
