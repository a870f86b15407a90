"""Whatever people write, reading it gives the text or its problems: it never breaks off."""

from collections.abc import Callable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from muniment.domain.regime.agreed import read_agreed_text
from muniment.domain.regime.nodes import read_nodes

PIECES = st.sampled_from(
    ["a", "b", ": ", ":", "- ", "\n", "\n  ", "\n    ", "{", "}", "[", "]", ", ", "'", '"', "&x ", "*x", "!t ", "<<: ",
     "? ", "|\n", ">\n", "#", "---\n", "%", "\t", "(", ")", "é", "\u2028", "~", "1:30", "NO"]
)  # fmt: skip
FILES = ("contract.yaml", "evidence.yaml", "regime.yaml", "changes/CCN-01.yaml")


@given(text=st.lists(PIECES, max_size=40).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    mapping, problems = read_nodes(text=text, file="regime.yaml")
    assert problems or mapping.entries or text
    for problem in problems:
        assert 1 <= problem.place.line <= len(text.splitlines()) + 1
        assert problem.place.column >= 1


@given(file=st.sampled_from(FILES), data=st.data())
def test_a_contract_with_a_line_changed_in_any_way_is_read_or_refused(
    file: str, data: st.DataObject, good: Mapping[str, str]
) -> None:
    """A line is taken out, moved, given twice, cut short, or given something to swallow."""
    lines = good[file].splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    line = lines[at]
    key = line.partition(":")[0]
    cut = data.draw(st.integers(0, len(line)))
    new = data.draw(
        st.sampled_from(
            [[], [line, line], [line[:cut]], [f"  {line}"], [line.strip()], [f"{key}: [x, y]"], [f"{key}: {{x: y}}"],
             [f"{key}:"], [f"{key}: 0000-01"], [f"{key}: 99999999999"], [f"{line[:cut]}, {line[cut:]}"]]
        )
    )  # fmt: skip
    lines[at : at + 1] = new
    text, problems = read_agreed_text({**good, file: "\n".join(lines) + "\n"})
    assert text is not None or problems
    for problem in problems:
        assert problem.what
        assert problem.remedy
    if text is not None and not problems:
        start = text.contract(known=None).start
        assert isinstance(text.kpis_in_force(month=start, known=None), dict)


def test_every_message_says_what_to_do(
    good: Mapping[str, str], messages_of: Callable[[Mapping[str, str]], tuple[str, ...]]
) -> None:
    messages = messages_of({**good, "regime.yaml": good["regime.yaml"].replace(": ", ": ?")})
    assert messages
    assert [message for message in messages if " - " not in message] == []
