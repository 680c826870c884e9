"""What a server has chosen for its sessions, over this installation's defaults: in memory while a session is open."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.languages import ENGLISH
from bot.live.coordinators import Coordinators, Standing


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """The settings in force in a guild. Without `coordinator_role_id`, a role with the installation's name counts.

    `scene_seconds` is a take's time limit, `cue_policy` says who gives cues ('none': no one is dealt an arc),
    `ratings_wanted` how many raters a clip should have, `on_dropout` what happens to a take if a performer leaves.
    People with the role `rater_role_id` can rate even if they were not in a session's channel; None is no role.
    `rating_hours` is for how long a session can be rated after its end. Sessions are scheduled in `time_zone`.
    `opt_ins` are the kinds of emotions that are off without an opt-in and can be dealt here, to people who opted in
    themselves. `language` is the BCP 47 tag of the language of sessions and screens.
    """

    coordinator_role_id: int | None
    default_role_name: str
    deck: str
    emotion_set: str
    scene_seconds: int
    cue_policy: str
    ratings_wanted: int
    on_dropout: str
    rater_role_id: int | None
    rating_hours: int
    time_zone: str
    opt_ins: frozenset[str] = frozenset()
    language: str = ENGLISH

    @property
    def coordinators(self) -> Coordinators:
        """Who coordinates on the server."""
        return Coordinators(self.coordinator_role_id, self.default_role_name)

    def lets_rate(self, standing: Standing) -> bool:
        """Whether this person's roles let them rate sessions that they did not attend."""
        return self.rater_role_id is not None and self.rater_role_id in standing.roles
