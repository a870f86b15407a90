"""What somebody types may be as long on a page as in the API."""

from collections.abc import Mapping

import pytest
from django import forms

from muniment.interfaces.api.challenges import AnswerBody
from muniment.interfaces.api.evidence import ChallengeBody
from muniment.interfaces.api.mitigations import AskBody
from muniment.interfaces.api.projects import UpdateBody
from muniment.interfaces.api.results import DisputeBody, ExplainBody
from muniment.interfaces.api.schemas import ActBody
from muniment.interfaces.web.command_pages import CommandForm
from muniment.interfaces.web.pages.challenges import AnswerForm
from muniment.interfaces.web.pages.mitigation import AskForm
from muniment.interfaces.web.pages.projects import UpdateForm
from muniment.interfaces.web.pages.results import DisputeForm, ExplainForm
from muniment.interfaces.web.pages.submissions import ChallengeForm


@pytest.mark.parametrize(
    ("form", "body", "fields"),
    [
        (CommandForm, ActBody, ["reason"]),
        (AnswerForm, AnswerBody, ["answer"]),
        (ChallengeForm, ChallengeBody, ["question"]),
        (AskForm, AskBody, ["plan"]),
        (DisputeForm, DisputeBody, ["supplier_value"]),
        (ExplainForm, ExplainBody, ["cause", "effect", "remedy"]),
        (UpdateForm, UpdateBody, ["why", "path_to_green"]),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_a_text_may_be_as_long_on_a_page_as_in_the_api(
    form: type[CommandForm], body: type[ActBody], fields: list[str]
) -> None:
    described = body.model_json_schema()["properties"]
    for name in fields:
        field = form.base_fields[name]
        assert isinstance(field, forms.CharField)
        assert field.max_length == _longest(described[name]), name


def _longest(described: Mapping[str, object]) -> object:
    """Of a text, or of one that may be left out."""
    choices = described.get("anyOf", [described])
    assert isinstance(choices, list)
    return next(each["maxLength"] for each in choices if "maxLength" in each)
