"""Which performers of a take have been told to shift, who has acknowledged it, and who could not be told."""

from __future__ import annotations

from collections.abc import Mapping, Set

from bot.domain.ids import CastingId, UserId


class Cues:
    """The cues of one live take, by casting; `untold` are accounts that missed a timed cue."""

    def __init__(self) -> None:
        self._begun: dict[CastingId, UserId] = {}
        self._told: set[CastingId] = set()
        self._untold: set[UserId] = set()
        self._acknowledged: dict[CastingId, float] = {}

    @property
    def begun(self) -> Set[CastingId]:
        """The castings whose cue was given or is on its way."""
        return self._begun.keys()

    @property
    def told(self) -> Set[CastingId]:
        """The castings whose performer has been told."""
        return self._told

    @property
    def untold(self) -> Set[UserId]:
        """The accounts that could not be told when it was time for their cue."""
        return self._untold

    @property
    def acknowledged(self) -> Mapping[CastingId, float]:
        """When performers pressed the button under their cue for the first time, monotonic."""
        return self._acknowledged

    def begin(self, casting_id: CastingId, discord_user_id: UserId) -> bool:
        """Begin to give a cue; False if that has already begun."""
        if casting_id in self._begun:
            return False
        self._begun[casting_id] = discord_user_id
        return True

    def arrive(self, casting_id: CastingId) -> None:
        """A performer has been told."""
        self._told.add(casting_id)
        self._untold.discard(self._begun[casting_id])

    def acknowledge(self, casting_id: CastingId, discord_user_id: UserId, at: float) -> bool:
        """A performer pressed the button under a cue; False if no cue of theirs was sent.

        The press can come before Discord says that it has accepted the cue. Only the first press counts.
        """
        if self._begun.get(casting_id) != discord_user_id:
            return False
        self._acknowledged.setdefault(casting_id, at)
        return True

    def fail(self, casting_id: CastingId) -> None:
        """A performer could not be told; the cue can be given again."""
        self._begun.pop(casting_id, None)

    def miss(self, discord_user_id: UserId) -> None:
        """A timed cue could not be given; it is given as soon as the performer can be told."""
        self._untold.add(discord_user_id)
