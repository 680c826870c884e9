"""What a person does not play, and what they play only because they said so. For no one else's eyes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LimitKind(StrEnum):
    """What a limit is about. Lines and vetoes keep something off the stage; an opt-in lets something on it."""

    LINE = "line"
    VETO = "veto"
    OPT_IN = "opt_in"

    @property
    def protects(self) -> bool:
        """Whether more of this kind means that less is dealt."""
        return self is not LimitKind.OPT_IN


@dataclass(frozen=True, slots=True)
class Limits:
    """One person's limits: topics, keys of emotions, and keys of kinds of emotions that are off without an opt-in."""

    lines: frozenset[str] = frozenset()
    vetoes: frozenset[str] = frozenset()
    opt_ins: frozenset[str] = frozenset()

    def of(self, kind: LimitKind) -> frozenset[str]:
        """Return the limits of one kind."""
        return {LimitKind.LINE: self.lines, LimitKind.VETO: self.vetoes, LimitKind.OPT_IN: self.opt_ins}[kind]

    def after(self, change: LimitChange) -> Limits:
        """Return the limits once a change has taken effect."""
        changed = (self.of(change.kind) | change.there) - change.gone
        lines, vetoes, opt_ins = (changed if kind is change.kind else self.of(kind) for kind in LimitKind)
        return Limits(lines, vetoes, opt_ins)


@dataclass(frozen=True, slots=True)
class LimitChange:
    """What a person said about some keys of one kind: those that they chose, and those that they left out.

    Keys that were not on their form stay as they are.
    """

    kind: LimitKind
    there: frozenset[str]
    gone: frozenset[str]

    @property
    def only_protecting(self) -> LimitChange:
        """The part of the change after which no more is dealt than before."""
        nothing = frozenset[str]()
        if self.kind.protects:
            return LimitChange(self.kind, self.there, nothing)
        return LimitChange(self.kind, nothing, self.gone)
