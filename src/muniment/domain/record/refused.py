"""The answer to an act that a rule does not allow: which rule, and who could do it."""


class Refused(Exception):
    """Nothing was recorded. `rule` is stable (four_eyes, whole_month ...); the sentences may be improved.

    `what`: what stands against it. `who_could`: what to do instead, or who may do it.
    """

    def __init__(self, rule: str, what: str, who_could: str) -> None:
        super().__init__(f"{what} - {who_could}")
        self.rule = rule
        self.what = what
        self.who_could = who_could
