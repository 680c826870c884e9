"""Which user is at which leaf of a group's ratchet tree, as far as an external sender must know it."""

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
        """Return all users in the tree, by leaf."""
        return tuple(leaf for leaf in self._leaves if leaf is not None)

    def index_of(self, user_id: int) -> int:
        """Return the leaf of a member. Raises ValueError for any other user."""
        return self._leaves.index(user_id)

    def at(self, index: int) -> int | None:
        """Return the member at a leaf; None for a blank leaf and beyond the tree."""
        return self._leaves[index] if index < len(self._leaves) else None

    def found(self, user_id: int) -> None:
        """Begin a new tree with its creator at leaf 0."""
        self._leaves = [user_id]

    def clear(self) -> None:
        """Forget the tree."""
        self._leaves = []

    def apply(self, removed: Iterable[int], added: Iterable[int]) -> None:
        """Apply a commit: first the removes, then each add at the leftmost blank leaf (RFC 9420, 12.4.2, 12.1.1)."""
        for user_id in removed:
            self._leaves[self._leaves.index(user_id)] = None
        while self._leaves and self._leaves[-1] is None:
            self._leaves.pop()
        for user_id in added:
            if None in self._leaves:
                self._leaves[self._leaves.index(None)] = user_id
            else:
                self._leaves.append(user_id)
