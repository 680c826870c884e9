"""Who sits at which leaf of a group's ratchet tree, as far as an external sender has to know it."""

from __future__ import annotations

from collections.abc import Iterable


class Leaves:
    """User ids by leaf index; blank leaves are None, and none is blank at the right end (RFC 9420, 7.7)."""

    def __init__(self) -> None:
        self._leaves: list[int | None] = []

    def __contains__(self, user_id: int) -> bool:
        return user_id in self._leaves

    def __bool__(self) -> bool:
        return bool(self._leaves)

    def members(self) -> tuple[int, ...]:
        """Everybody in the tree, by leaf."""
        return tuple(leaf for leaf in self._leaves if leaf is not None)

    def index_of(self, user_id: int) -> int:
        """The leaf of a member; ValueError for anybody else."""
        return self._leaves.index(user_id)

    def at(self, index: int) -> int | None:
        """The member at a leaf; None for a blank leaf and beyond the tree."""
        return self._leaves[index] if index < len(self._leaves) else None

    def found(self, user_id: int) -> None:
        """A new tree with its creator at leaf 0."""
        self._leaves = [user_id]

    def clear(self) -> None:
        """Forget the tree."""
        self._leaves = []

    def apply(self, removed: Iterable[int], added: Iterable[int]) -> None:
        """A commit's effect: removes first, then each add at the leftmost blank leaf (RFC 9420, 12.4.2, 12.1.1)."""
        for user_id in removed:
            self._leaves[self._leaves.index(user_id)] = None
        while self._leaves and self._leaves[-1] is None:
            self._leaves.pop()
        for user_id in added:
            if None in self._leaves:
                self._leaves[self._leaves.index(None)] = user_id
            else:
                self._leaves.append(user_id)
