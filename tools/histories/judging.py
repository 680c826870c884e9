"""Compares what is on the disk after a history with what people permitted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tools.histories.channel import GUILDS, USERS
from tools.histories.deeds import Deed, read_deeds
from tools.histories.evidence import TakeNumbers, exported_sounds, files_with, marks_below, take_of_folder
from tools.histories.life import Places
from tools.histories.oracle import Oracle
from tools.histories.story import PEOPLE


@dataclass
class Judgement:
    """What is wrong after a history, as sentences, and how much was looked at."""

    wrong: list[str] = field(default_factory=list[str])
    counts: Counter[str] = field(default_factory=Counter[str])


def judge(places: Places) -> Judgement:
    """Judge a history that has come to rest, or was interrupted."""
    deeds, found = read_deeds(places.deeds), Judgement()
    found.counts.update(deed.what for deed in deeds if deed.what in ("killed", "erase", "filled", "locked"))
    recordable = _recordable(deeds)
    found.counts.update(f"not done: {deed.facts['why']}" for deed in deeds if deed.what == "not done")
    final = Oracle(GUILDS)
    for deed in deeds:
        final.take(deed)
    _judge_frames(places, deeds, recordable, final, found)
    for deed in deeds:
        if deed.what == "exported":
            found.wrong += _judge_export(places, deeds, recordable, deed, found.counts)
    _judge_erased(places, deeds, final, found)
    return found


def _recordable(deeds: Sequence[Deed]) -> dict[int, bool]:
    """Whether each talk might be recorded, by the number of its deed."""
    oracle, called, may = Oracle(GUILDS), dict[int, set[int]](), dict[int, bool]()
    for deed in deeds:
        oracle.take(deed)
        if deed.what == "take":
            guild: int = deed.facts["guild"]
            agreed = {user for user in USERS if oracle.agreed_to_text(user, guild)}
            # A call of a take while one is running changes nothing for those who are in it.
            called[guild] = agreed | called.get(guild, set())
        elif deed.what == "talk":
            user, guild = deed.facts["user"], deed.facts["guild"]
            may[deed.number] = oracle.permits_recording(user, guild) and user in called.get(guild, ())
        elif deed.what == "cut":
            called.pop(deed.facts["guild"], None)
        elif deed.what == "life":
            called.clear()
    return may


def _judge_frames(places: Places, deeds: Sequence[Deed], may: dict[int, bool], final: Oracle, found: Judgement) -> None:
    heard: Counter[int] = Counter()
    for path, marks in marks_below(places.home.folder):
        name = path.relative_to(places.home.folder).as_posix()
        for number, count in Counter(number for number, _ in marks).items():
            deed = deeds[number]
            heard[number] += count
            if not may[number]:
                found.wrong.append(f"{name} has {count} frames of talk {number}, which was not permitted")
            if number < final.erased.get(deed.facts["user"], -1):
                found.wrong.append(f"{name} has {count} frames of talk {number} of someone who was erased since")
    found.counts["talks"] += len(may)
    found.counts["talks permitted"] += sum(may.values())
    found.counts["talks on disk"] += len(heard)
    found.counts["frames on disk"] += heard.total()


def _judge_export(
    places: Places, deeds: Sequence[Deed], may: dict[int, bool], exported: Deed, counts: Counter[str]
) -> Iterator[str]:
    """Yield what is in an export that was not permitted when it was complete."""
    oracle = Oracle(GUILDS)
    for deed in deeds[: exported.number]:
        oracle.take(deed)
    said: defaultdict[tuple[TakeNumbers, int], list[Deed]] = defaultdict(list)
    for deed in deeds[: exported.number]:
        if deed.what == "talk" and may[deed.number]:
            said[take_of_folder(deed.facts["folder"]), USERS.index(deed.facts["user"])].append(deed)
    purpose, recipient = exported.facts["purpose"], exported.facts["recipient"]
    what = f"export {exported.number} for {purpose or 'keeping'} to {recipient or 'no one'}"
    counts["exports"] += 1
    for file in exported_sounds(places.copy_of_export(exported.number), PEOPLE):
        counts["exported sounds"] += 1
        if not file.people:
            counts["exported sounds without a voice"] += 1
        for person in sorted(file.people):
            talks = said[file.take, person]
            if not talks:
                yield f"{what}: {file.path} has person {person}, who said nothing in this take that was permitted"
            for talk in talks:
                user, guild = talk.facts["user"], talk.facts["guild"]
                at = exported.facts["decided_at"]
                if why := oracle.permits_export(user, guild, talk.number, purpose, recipient, at):
                    yield f"{what}: {file.path} has talk {talk.number} of person {person}: {why}"


def _judge_erased(places: Places, deeds: Sequence[Deed], final: Oracle, found: Judgement) -> None:
    """Accounts of erased people are nowhere below the home folder, unless they came back."""
    for user, number in final.erased.items():
        later = {deed.what for deed in deeds[number + 1 :] if deed.facts.get("user") == user}
        if later - {"talk", "erase", "leave"}:
            continue
        found.counts["erased people looked for"] += 1
        account = [str(user).encode(), user.to_bytes(8, "big")]
        found.wrong += [
            f"{name} names the account of someone erased" for name in files_with(places.home.folder, account)
        ]
