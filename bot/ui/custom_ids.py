"""Custom ids of buttons and forms: a verb and the ids it needs, so that both work after any restart of the bot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.show import Step

PREFIX = "pb"
LIMIT = 100
"""Discord's limit of a custom id in characters."""


@dataclass(frozen=True, slots=True)
class ButtonId:
    """One kind of button, menu or form: `pb:verb`, followed by as many numbers as it has `fields`."""

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


STEP_BUTTONS: Mapping[Step, ButtonId] = {step: ButtonId(step.value, ("session_id", "seen")) for step in Step}
"""The coordinator's buttons; `seen` is the last change that the panel showed."""

END_NOW = ButtonId("end-now", ("session_id", "seen"))
CARD = ButtonId("card", ("session_id",))
RATE = ButtonId("rate", ("session_id",))
LINES = ButtonId("lines")
X_CARD = ButtonId("x-card", ("session_id",))
JUDGE_PEER = ButtonId("judge-peer", ("session_id", "part", "turn_id"))
JUDGE_SELF = ButtonId("judge-self", ("session_id", "part", "turn_id"))
READ_CONSENT = ButtonId("consent")
CHOOSE_CONSENT = ButtonId("choose-consent")
CONSENT_FORM = ButtonId("consent-form")
LINES_FORM = ButtonId("lines-form")
NOTE_FORM = ButtonId("note-form", ("session_id", "scene_id", "take_id", "position_samples"))
"""Scene and take are 0 where there was none."""
PEER_FORM = ButtonId("peer-form", ("session_id", "turn_id"))
SELF_FORM = ButtonId("self-form", ("session_id", "turn_id"))
