"""The names of the people whom a record knows by an id."""

from collections.abc import Iterable, Mapping

from muniment.faces.web.models import Account


def names_of(actors: Iterable[str]) -> Mapping[str, str]:
    """Actor -> the name of the account that has one; those without an account or a name are left out."""
    found = Account.objects.filter(actor__in={*actors}).exclude(name="")
    return dict(found.values_list("actor", "name"))


class Names:
    """The names that one page asks for, each looked up once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, actor: str) -> str:
        """The person's name; their id where no account has one."""
        if actor not in self._known:
            self._known[actor] = names_of([actor]).get(actor, actor)
        return self._known[actor]
