"""What a server has chosen for its sessions, over this installation's defaults: kept with what is live."""

from __future__ import annotations

from dataclasses import dataclass

from bot.live.coordinators import Coordinators


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """All that is in force in a guild. Without `coordinator_role_id`, the role of the installation's name counts.

    `scene_seconds` is a take's time limit, `cue_policy` says who gives cues ('none': nobody is dealt an arc),
    `ratings_wanted` how many raters a clip should have, `on_dropout` what a performer's leaving does to a take.
    """

    coordinator_role_id: int | None
    default_role_name: str
    deck: str
    emotion_set: str
    scene_seconds: int
    cue_policy: str
    ratings_wanted: int
    on_dropout: str

    @property
    def coordinators(self) -> Coordinators:
        """Who coordinates on the server."""
        return Coordinators(self.coordinator_role_id, self.default_role_name)
