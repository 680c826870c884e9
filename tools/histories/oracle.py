"""What people permit after a history, by rules of its own: it shares no code with the bot's policy, nor its store.

It knows what people did and said in what order, and the sentences that they were promised:

- what the last form leaves out is not permitted; what is for every server ends everywhere if one form leaves it out;
- what was withdrawn once stays withdrawn for what was said before it, unless the person brings it back by name;
- a direction to a recipient names the recipient; a replica has a term;
- a text that asks again must be agreed to before the next take;
- a person who is erased is gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from tools.histories.deeds import Deed

RECORDING = ("record", "store_and_review")
SHARING = "share_with_client"
NEVER = -1


@dataclass(slots=True)
class Held:
    """One consent of one person on one server. Numbers are those of deeds; what was said up to `lost` is withdrawn."""

    is_given: bool = False
    is_suspended: bool = False
    lost: int = NEVER
    agreed: int = NEVER
    version: str = ""
    recipients: tuple[str, ...] = ()
    ends_at: str = ""

    def give(self, agreed: int, version: str) -> None:
        """Note a grant."""
        self.is_given, self.is_suspended, self.agreed, self.version = True, False, agreed, version

    def is_over(self, at: str) -> bool:
        """Whether its term has ended."""
        return bool(self.ends_at) and self.ends_at <= at

    def end(self, number: int) -> None:
        """Note a withdrawal of what is given."""
        if self.is_given:
            self.is_given, self.lost = False, number


@dataclass(frozen=True, slots=True)
class Text:
    """A consent text that came with a deed."""

    number: int
    version: str
    asks_again: bool


@dataclass
class Oracle:
    """What holds after some of the deeds: `take` them one after the other."""

    servers: Sequence[int]
    texts: list[Text] = field(default_factory=list[Text])
    erased: dict[int, int] = field(default_factory=dict[int, int])
    _held: defaultdict[tuple[int, int, str], Held] = field(default_factory=lambda: defaultdict(Held))
    _everywhere: set[tuple[int, str]] = field(default_factory=set[tuple[int, str]])
    _unknown: dict[int, Deed] = field(default_factory=dict[int, Deed])

    def take(self, deed: Deed) -> None:
        """Take in the next deed."""
        facts = deed.facts
        match deed.what:
            case "text":
                self.texts.append(Text(deed.number, facts["version"], facts["asks_again"]))
            case "form":
                self._form(deed)
            case "withdraw":
                self._end_everywhere(facts["user"], facts["scopes"], deed.number)
            case "erase":
                self.erased[facts["user"]] = deed.number
                self._end_everywhere(facts["user"], list(self._scopes_of(facts["user"])), deed.number)
            case "suspend" | "resume":
                self._held[facts["user"], facts["guild"], facts["scope"]].is_suspended = deed.what == "suspend"
            case "asked":
                self._unknown[deed.number] = deed
            case "granted":
                self._grant(self._unknown.pop(facts["asked"]), deed.number, facts["scopes"])
            case "refused":
                del self._unknown[facts["asked"]]
            case "life":
                # What a killed process had asked for may have been stored.
                for asked in [self._unknown.pop(number) for number in list(self._unknown)]:
                    self._grant(asked, deed.number, asked.facts["scopes"])
            case _:
                pass

    def permits_recording(self, user: int, guild: int) -> bool:
        """Whether someone may be recorded on a server now, apart from new texts."""
        return all(self._is_in_force(self._held[user, guild, scope], "") for scope in RECORDING)

    def agreed_to_text(self, user: int, guild: int) -> bool:
        """Whether no text waits for someone's agreement, at the call of a take."""
        return not any(self._must_agree(self._held[user, guild, scope]) for scope in RECORDING)

    def permits_export(
        self, user: int, guild: int, said: int, purpose: str | None, recipient: str | None, at: str
    ) -> str:
        """Why what someone said may not go into an export now; empty if it may."""
        for scope in (*RECORDING, *([purpose] if purpose else ()), *([SHARING] if recipient else ())):
            held = self._held[user, guild, scope]
            if not self._is_in_force(held, at):
                return f"{scope} is not in force"
            if said <= held.lost:
                return f"{scope} was withdrawn after it was said"
            if scope == SHARING and recipient not in held.recipients:
                return "another recipient was named"
        return ""

    def _form(self, deed: Deed) -> None:
        facts = deed.facts
        user, guild, wanted, everywhere = facts["user"], facts["guild"], facts["wanted"], facts["everywhere"]
        for scope in {*wanted, *self._scopes_of(user)}:
            here, is_everywhere = self._held[user, guild, scope], (user, scope) in self._everywhere
            is_wanted = scope in wanted
            if is_everywhere and not (is_wanted and everywhere):
                self._everywhere.discard((user, scope))
                for server in self.servers:
                    if server != guild or not is_wanted:
                        self._held[user, server, scope].end(deed.number)
            if is_wanted and everywhere:
                self._everywhere.add((user, scope))
            if not is_wanted:
                # A term that is over is no longer on the form: leaving it out takes nothing back.
                if not here.is_over(deed.at):
                    here.end(deed.number)
                continue
            for server in self.servers if everywhere else (guild,):
                held = self._held[user, server, scope]
                held.recipients, held.ends_at = here.recipients, here.ends_at
                held.give(deed.number, facts["version"])

    def _grant(self, asked: Deed, number: int, scopes: Collection[str]) -> None:
        facts = asked.facts
        for scope in scopes:
            held = self._held[facts["user"], facts["guild"], scope]
            if facts["covers"]:
                if not held.is_given:
                    continue
                held.lost = NEVER
                if (facts["user"], scope) in self._everywhere:
                    for server in self.servers:
                        self._held[facts["user"], server, scope].lost = NEVER
            else:
                held.recipients, held.ends_at = tuple(facts["recipients"]), facts["ends_at"]
            held.give(number, facts["version"])

    def _end_everywhere(self, user: int, scopes: Collection[str], number: int) -> None:
        for scope in scopes:
            self._everywhere.discard((user, scope))
            for server in self.servers:
                self._held[user, server, scope].end(number)

    def _scopes_of(self, user: int) -> set[str]:
        return {scope for one, _, scope in self._held if one == user}

    @staticmethod
    def _is_in_force(held: Held, at: str) -> bool:
        return held.is_given and not held.is_suspended and not held.is_over(at)

    def _must_agree(self, held: Held) -> bool:
        if not self.texts or self.texts[-1].version == held.version:
            return False
        return any(text.asks_again for text in self.texts if text.number > held.agreed and text.version != held.version)
