"""What a server has chosen for its sessions, over this installation's defaults: in memory while a session is open."""

from __future__ import annotations

from dataclasses import dataclass

from bot.live.coordinators import Coordinators


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """The settings in force in a guild. Without `coordinator_role_id`, a role with the installation's name counts.

    `scene_seconds` is a take's time limit, `cue_policy` says who gives cues ('none': no one is dealt an arc),
    `ratings_wanted` how many raters a clip should have, `on_dropout` what happens to a take if a performer leaves.
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
