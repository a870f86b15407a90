"""The mutants that `make proof` sets the tests against: which there are, and how one is run."""

import time
from pathlib import Path
from textwrap import dedent

import pytest
from scripts.mutant_runs import DOMAIN, in_children, swap
from scripts.mutants import Mutant, Source

from muniment.domain.lifecycle import visibility


def mutants_of(tmp_path: Path, text: str) -> tuple[Source, tuple[Mutant, ...]]:
    path = tmp_path / "tiny.py"
    path.write_text(dedent(text), encoding="utf-8")
    source = Source(path, "tiny.py")
    return source, source.mutants()


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("a = b < c", ["b < c -> b <= c"]),
        ("a = b <= c != d", ["b <= c != d -> b < c != d", "b <= c != d -> b <= c == d"]),
        ("a = b in c", ["b in c -> b not in c"]),
        ("a = b is None", ["b is None -> b is not None"]),
        ("a = b and c and d", ["b and c and d -> b or c or d"]),
        ("a = not b", ["not b -> not not b"]),
        ("a = True", ["True -> False"]),
        ("a = b + c", ["b + c -> b - c"]),
        ("a -= b * -c", ["a -= b * -c -> a += b * -c", "b * -c -> b // -c", "-c -> +c"]),
        ("a = 41", ["41 -> 42"]),
        ("a = 'calls'", ["'calls' -> 'calls~other'"]),
        ("a = f'{b}/{c}'", ["'/' -> '/~other'"]),
    ],
)
def test_a_comparison_a_condition_a_sum_and_a_constant_are_changed(
    tmp_path: Path, line: str, changed: list[str]
) -> None:
    assert [mutant.text for mutant in mutants_of(tmp_path, line)[1]] == changed


def test_what_a_function_answers_is_changed_to_none_or_to_its_opposite(tmp_path: Path) -> None:
    text = """
        def named(a) -> str:
            return a.name
        def fits(a) -> bool:
            return a.fits(1)
    """
    changed = [(mutant.function, mutant.text) for mutant in mutants_of(tmp_path, text)[1]]
    assert changed == [
        ("named", "return a.name -> return None"),
        ("fits", "return a.fits(1) -> return not a.fits(1)"),
        ("fits", "1 -> 2"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "'''One.'''",
        "from a import b",
        "a: Literal['b'] | None",
        "Name = Literal['b', 'c']",
        "T = TypeVar('T', bound=int)",
        "@dataclass(frozen=True)\nclass A:\n    b: int",
        "def f(a: 'A') -> 'B':\n    '''One.'''\n    assert a == 1",
        "if TYPE_CHECKING:\n    a = 1",
        "zip(a, b, strict=True)",
        "a = 'the month is over'",
        "a = f'{b}, of {c}/{d}'",
    ],
)
def test_types_assertions_and_texts_for_people_are_left_as_they_are(tmp_path: Path, text: str) -> None:
    assert mutants_of(tmp_path, text)[1] == ()


def test_a_mutant_is_named_without_its_line_and_told_from_one_that_reads_the_same(tmp_path: Path) -> None:
    text = "class A:\n    def f(self):\n        g(1)\n        g(1)\n"
    keys = [mutant.key for mutant in mutants_of(tmp_path, text)[1]]
    assert keys == [("tiny.py", "A.f", "1 -> 2", 1), ("tiny.py", "A.f", "1 -> 2", 2)]
    assert [mutant.key for mutant in mutants_of(tmp_path, f"\n\nb = c\n{text}")[1]] == keys


def test_each_mutant_is_the_module_with_one_change(tmp_path: Path) -> None:
    source, mutants = mutants_of(tmp_path, "a = 1\nb = a < 2\n")
    found = []
    for mutant in mutants:
        names: dict[str, object] = {}
        exec(source.compiled(mutant), names)  # noqa: S102 - three lines of this test's own
        found.append((names["a"], names["b"]))
    assert [mutant.text for mutant in mutants] == ["1 -> 2", "a < 2 -> a <= 2", "2 -> 3"]
    assert found == [(2, False), (1, True), (1, True)]


def test_a_task_in_a_child_says_yes_or_fails_or_is_ended() -> None:
    def run(task: str) -> bool:
        if task == "endless":
            time.sleep(60)
        if task == "error":
            raise ValueError
        return task == "yes"

    assert in_children(["yes", "no", "error", "endless"], run, lambda task: 0.5 if task == "endless" else 60) == ["yes"]


def test_a_change_in_a_function_is_seen_by_those_that_imported_it_before() -> None:
    source = Source(DOMAIN / "lifecycle" / "visibility.py", "lifecycle/visibility.py")
    mutant = next(mutant for mutant in source.mutants() if mutant.kind == "return")
    function = getattr(visibility, mutant.function)
    before = function.__code__.co_code

    def is_changed(_: Mutant) -> bool:
        swap(mutant, source.compiled(mutant))
        return bool(function.__code__.co_code != before)

    assert in_children([mutant], is_changed, lambda _: 30) == [mutant]
    assert function.__code__.co_code == before
