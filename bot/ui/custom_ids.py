"""Custom ids of buttons and forms: a verb and the ids it needs, so that both work after any restart of the bot."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "pb"
LIMIT = 100
"""Discord's limit of a custom id in characters."""


@dataclass(frozen=True, slots=True)
class ButtonId:
    """One kind of button or form: `pb:verb`, followed by as many numbers as it has `fields`."""

    verb: str
    fields: tuple[str, ...] = ()

    def build(self, **numbers: int) -> str:
        """The custom id for these numbers, named as in `fields`."""
        parts = [PREFIX, self.verb, *(str(numbers[field]) for field in self.fields)]
        return ":".join(parts)

    @property
    def template(self) -> str:
        """A regular expression that matches such ids and names their numbers."""
        return ":".join([PREFIX, self.verb, *(rf"(?P<{field}>\d+)" for field in self.fields)])


DEAL = ButtonId("deal", ("session_id",))
START = ButtonId("start", ("session_id",))
CUT = ButtonId("cut", ("session_id",))
CARD = ButtonId("card", ("session_id",))
RATE = ButtonId("rate", ("session_id",))
JUDGE_PEER = ButtonId("judge-peer", ("session_id", "turn_id"))
JUDGE_SELF = ButtonId("judge-self", ("session_id", "turn_id"))
READ_CONSENT = ButtonId("consent")
CHOOSE_CONSENT = ButtonId("choose-consent")
CONSENT_FORM = ButtonId("consent-form")
PEER_FORM = ButtonId("peer-form", ("session_id", "turn_id"))
SELF_FORM = ButtonId("self-form", ("session_id", "turn_id"))
