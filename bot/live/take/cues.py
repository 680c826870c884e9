"""Which performers of a take have been told to shift, and which could not be told."""

from __future__ import annotations

from collections.abc import Set

from bot.domain.ids import CastingId, UserId


class Cues:
    """The cues of one live take, by casting; `untold` are accounts that missed a timed cue."""

    def __init__(self) -> None:
        self._begun: set[CastingId] = set()
        self._told: set[CastingId] = set()
        self._untold: set[UserId] = set()

    @property
    def begun(self) -> Set[CastingId]:
        """The castings whose cue was given or is on its way."""
        return self._begun

    @property
    def told(self) -> Set[CastingId]:
        """The castings whose performer has been told."""
        return self._told

    @property
    def untold(self) -> Set[UserId]:
        """The accounts that could not be told when it was time for their cue."""
        return self._untold

    def begin(self, casting_id: CastingId) -> bool:
        """Begin to give a cue; False if that has already begun."""
        if casting_id in self._begun:
            return False
        self._begun.add(casting_id)
        return True

    def arrive(self, casting_id: CastingId, discord_user_id: UserId) -> None:
        """A performer has been told."""
        self._told.add(casting_id)
        self._untold.discard(discord_user_id)

    def fail(self, casting_id: CastingId) -> None:
        """A performer could not be told; the cue can be given again."""
        self._begun.discard(casting_id)

    def miss(self, discord_user_id: UserId) -> None:
        """A timed cue could not be given; it is given as soon as the performer can be told."""
        self._untold.add(discord_user_id)
