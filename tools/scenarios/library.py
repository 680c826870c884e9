"""The scenarios: what happens in a call during a take, and what its tracks must contain nevertheless."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from tools.scenarios.play import Play, until
from tools.scenarios.truth import Verdict

MISPLACED_MS: Final = 60.0
"""A spurt that is further from its true position is in the wrong place."""

WAITED_MS: Final = 65.0
"""The event loop gathers packets for 50 ms. Without a wake-up it would look for them every 100 ms."""

ANNA, BEN, CLEO = 11, 12, 13


@dataclass(frozen=True)
class Scenario:
    """One row of the table."""

    name: str
    title: str
    run: Callable[[Play], Awaitable[Verdict]]


SCENARIOS: dict[str, Scenario] = {}


def scenario(title: str) -> Callable[..., Callable[[Play], Awaitable[Verdict]]]:
    def add(run: Callable[[Play], Awaitable[Verdict]]) -> Callable[[Play], Awaitable[Verdict]]:
        SCENARIOS[run.__name__] = Scenario(run.__name__, title, run)
        return run

    return add


async def verdict(play: Play, least_due: float = 0.5, misplaced_ms: float = MISPLACED_MS) -> Verdict:
    """End the take and judge it. A scenario in which almost no frame was due proves nothing."""
    await play.stop()
    verdict = play.verdict()
    if verdict.due < least_due * verdict.on_air or not verdict.due:
        verdict.problems.append(f"only {verdict.due} of {verdict.on_air} frames were due")
    if verdict.misplaced_ms > misplaced_ms:
        verdict.problems.append(f"a spurt misplaced by {verdict.misplaced_ms:.0f} ms")
    return verdict


def require(verdict: Verdict, holds: object, problem: str) -> None:
    if not holds:
        verdict.problems.append(problem)


@scenario("Three people talk, then one in single words")
async def calm(play: Play) -> Verdict:
    await play.join(ANNA, BEN, CLEO)
    await play.connect()
    await play.record()
    await asyncio.gather(*(play.speak(user_id, play.frames(4)) for user_id in (ANNA, BEN, CLEO)))
    # Nothing else may wake the loop. By now the owner of this voice is known.
    await play.stage.ask("set_faults", never_named=True)
    for number in range(round(5 + 12 * play.pace)):
        await play.speak(BEN, 1)
        await asyncio.sleep(0.1 + 0.007 * number)
    result = await verdict(play)
    waited_ms = 1000 * sorted(play.waits_after_quiet())[-2]
    require(
        result,
        waited_ms <= WAITED_MS,
        f"after a pause packets waited {waited_ms:.0f} ms for the event loop (second worst)",
    )
    return result


@scenario("People join one by one while talking")
async def joining(play: Play) -> Verdict:
    await play.join(ANNA)
    await play.connect()
    await play.record()
    talking = [play.speak(ANNA, play.frames(8))]
    for user_id in range(BEN, BEN + 6):
        await play.join(user_id)
        talking.append(play.speak(user_id, play.frames(3)))
        await asyncio.sleep(0.5 * play.pace)
    await asyncio.gather(*talking)
    return await verdict(play)


@scenario("Ten epoch changes while a performer talks")
async def epochs(play: Play) -> Verdict:
    await play.join(ANNA)
    await play.connect()
    await play.record()
    talking = play.speak(ANNA, 30 + play.frames(10))
    for user_id in range(BEN, BEN + 5):
        await asyncio.sleep(0.3 * play.pace)
        await play.join(user_id)
        await asyncio.sleep(0.3 * play.pace)
        await play.stage.ask("leave", user_id=user_id)
    await talking
    result = await verdict(play)
    changes = sum(entry["t"] > play.start for entry in play.truth().of_server("mls_transition_executed"))
    require(result, changes >= 10, f"only {changes} epochs changed")
    return result


@scenario("The bot joins while two people talk")
async def arriving(play: Play) -> Verdict:
    await play.join(ANNA, BEN)
    talking = [play.speak(user_id, play.frames(6)) for user_id in (ANNA, BEN)]
    await asyncio.sleep(0.5 * play.pace)
    await play.connect(key=False)
    await play.record()
    await asyncio.gather(*talking)
    return await verdict(play)


@scenario("Op 5 comes 2 s late")
async def named_late(play: Play) -> Verdict:
    await play.join(ANNA, BEN)
    late_s = max(2.0 * play.pace, 0.8)
    await play.stage.ask("set_faults", speaking_late_s=late_s)
    await play.connect()
    await play.record()
    await asyncio.gather(*(play.speak(user_id, round(50 * late_s) + play.frames(2)) for user_id in (ANNA, BEN)))
    return await verdict(play)


@scenario("Op 5 never comes")
async def never_named(play: Play) -> Verdict:
    await play.join(ANNA, BEN)
    await play.stage.ask("set_faults", never_named=True)
    await play.connect()
    await play.record()
    await asyncio.gather(*(play.speak(user_id, play.frames(4)) for user_id in (ANNA, BEN)))
    return await verdict(play)


@scenario("Keys reach the bot 2.5 s late, after others have begun to use them")
async def keyed_late(play: Play) -> Verdict:
    await play.join(ANNA, BEN)
    await play.connect()
    await asyncio.gather(*(play.speak(user_id, 20) for user_id in (ANNA, BEN)))
    await play.stage.ask("set_faults", keys_late_s=2.5)
    await play.record()
    talking = [play.speak(user_id, 135 + play.frames(1.5)) for user_id in (ANNA, BEN)]
    joining = play.stage.tell("join", user_id=CLEO)
    await asyncio.gather(*talking, joining)
    result = await verdict(play)
    unready = [entry["unready"] for entry in play.truth().of_server("mls_transition_executed") if entry["unready"]]
    require(result, unready, "the others waited for the bot")
    return result


ROUGH = {"loss": 0.05, "duplicated": 0.05, "reordered": 0.05, "jitter_s": 0.03, "seed": 5}


@scenario("5 % loss, 5 % twice, 5 % overtaken, 30 ms jitter")
async def rough(play: Play) -> Verdict:
    await play.join(ANNA, BEN, CLEO)
    await play.stage.ask("set_faults", **ROUGH)
    await play.connect()
    await play.record()
    for _ in range(2):
        await asyncio.gather(*(play.speak(user_id, play.frames(4)) for user_id in (ANNA, BEN, CLEO)))
        await asyncio.sleep(0.5)
    result = await verdict(play)
    server = play.truth()
    require(result, result.dropped > result.on_air // 50, "the network lost next to nothing")
    require(result, server.of_server("packet_duplicated"), "the network duplicated nothing")
    unopenable = play.capture.receiver.decryption_counts.unopenable
    require(result, not unopenable, f"{unopenable} packets treated as undecryptable")
    return result


@scenario("Ten epoch changes while one packet in three is overtaken")
async def rough_epochs(play: Play) -> Verdict:
    talkers = (ANNA, ANNA + 20, ANNA + 21)
    await play.join(*talkers)
    await play.stage.ask("set_faults", reordered=0.33, jitter_s=0.03, seed=5)
    await play.connect()
    await play.record()
    between_s = max(0.3 * play.pace, 0.25)
    talking = [play.speak(user_id, round(550 * between_s) + 20) for user_id in talkers]
    for user_id in range(BEN, BEN + 5):
        await asyncio.sleep(between_s)
        await play.join(user_id)
        await asyncio.sleep(between_s)
        await play.stage.ask("leave", user_id=user_id)
    await asyncio.gather(*talking)
    return await verdict(play)


@scenario("Padding on 15 % of packets, one- and two-word header extensions on all")
async def padded(play: Play) -> Verdict:
    for user_id in (ANNA, BEN):
        await play.join(user_id, extended=1.0, two_byte=0.5, padded_middle=0.05)
    await play.connect()
    await play.record()
    await asyncio.gather(*(play.speak(user_id, play.frames(6)) for user_id in (ANNA, BEN)))
    return await verdict(play)


@scenario("The event loop stalls for 3 s while a person joins")
async def stalled(play: Play) -> Verdict:
    await play.join(ANNA)
    await play.connect()
    await play.record()
    stall_s = 1.0 + 2.0 * play.pace
    talking = play.speak(ANNA, round(50 * stall_s) + 75)
    await asyncio.sleep(0.5)
    joining = play.stage.tell("join", user_id=BEN)
    await asyncio.sleep(0)
    time.sleep(stall_s)  # noqa: ASYNC251 - this is the fault
    await joining
    await asyncio.gather(talking, play.speak(BEN, 40))
    return await verdict(play)


@scenario("The whole interpreter stalls for 1.5 s while eight people talk")
async def choked(play: Play) -> Verdict:
    people = range(ANNA, ANNA + 8)
    await play.join(*people)
    await play.connect()
    await play.record()
    stall_s = 0.5 + play.pace
    talking = [play.speak(user_id, round(50 * stall_s) + 35) for user_id in people]
    await asyncio.sleep(0.4)
    hold_interpreter(stall_s)
    await asyncio.gather(*talking)
    return await verdict(play)


@scenario("The call is downgraded and encrypted again")
async def downgraded(play: Play) -> Verdict:
    await play.join(ANNA, BEN)
    await play.connect()
    await play.record()
    talking = [play.speak(user_id, 50 + play.frames(4)) for user_id in (ANNA, BEN)]
    await asyncio.sleep(0.4 + play.pace)
    await play.stage.ask("downgrade")
    await asyncio.sleep(0.4 + play.pace)
    await play.stage.ask("upgrade")
    await asyncio.gather(*talking)
    result = await verdict(play)
    kinds = {entry["kind"] for entry in play.truth().server}
    require(result, {"dave_downgraded", "dave_upgrade_begun"} <= kinds, "the call was never downgraded")
    return result


@scenario("A commit that the bot cannot process")
async def spoilt_commit(play: Play) -> Verdict:
    await play.join(ANNA)
    await play.connect()
    # Late enough for packets to be on their way when the keys are gone.
    await play.stage.ask("set_faults", corrupt_commits=1, delay_s=0.1)
    await play.record()
    talking = play.speak(ANNA, 75 + play.frames(3))
    await asyncio.sleep(0.5)
    await play.join(BEN)
    await asyncio.gather(talking, play.speak(BEN, 40))
    # A constant delay cannot be told from time.
    result = await verdict(play, misplaced_ms=MISPLACED_MS + 100)
    require(result, play.truth().of_server("mls_commit_rejected"), "no commit was rejected")
    return result


@scenario("The server's own silence in the clear, RTCP between the packets")
async def other_packets(play: Play) -> Verdict:
    await play.join(ANNA, BEN)
    await play.stage.ask("set_faults", inserted_silence=3, packets_per_rtcp=10)
    await play.connect()
    await play.record()
    for _ in range(2):
        await asyncio.gather(*(play.speak(user_id, play.frames(1.5)) for user_id in (ANNA, BEN)))
        await asyncio.sleep(0.2)
    result = await verdict(play)
    received, due = sum(summary.received_frames for summary in play.summaries), play.truth().due_with_silence()
    require(result, received == due, f"{due - received} of {due} frames, silence included, not taken in")
    counts = play.capture.receiver.counts
    require(result, not counts.not_authentic, f"{counts.not_authentic} packets without sound read as broken sound")
    require(result, counts.not_audio, "no RTCP arrived")
    return result


@scenario("Sequence numbers and timestamps wrap around, packets overtaken, op 5 late")
async def wrapping(play: Play) -> Verdict:
    people = range(ANNA, ANNA + 4)
    for user_id in people:
        # Both wrap in each client's first second, at different moments. With this seed, three of them have the last
        # packet before the wrap overtaken.
        first = {"first_sequence": 65_500 + user_id, "first_timestamp": (1 << 32) - 2_000 * user_id}
        await play.join(user_id, **first)
    await play.stage.ask("set_faults", reordered=0.4, jitter_s=0.01, seed=364, speaking_late_s=1.2)
    await play.connect()
    await play.record()
    await asyncio.gather(*(play.speak(user_id, 60 + play.frames(1)) for user_id in people))
    await asyncio.gather(*(play.speak(user_id, 20) for user_id in people))
    result = await verdict(play)
    concealed = sum(summary.concealed_frames for summary in play.summaries)
    require(result, not concealed, f"{concealed} frames concealed that were not lost")
    return result


@scenario("A client whose RTP time stops in silence, and one whose does not")
async def stopping_clock(play: Play) -> Verdict:
    await play.join(ANNA, stops_in_silence=True)
    await play.join(BEN)
    await play.connect()
    await play.record()
    for _ in range(3):
        await asyncio.gather(play.speak(ANNA, play.frames(1)), play.speak(BEN, play.frames(1)))
        await asyncio.sleep(max(play.pace, 0.4))
    return await verdict(play)


@scenario("A person leaves with their last word, and its packets are late")
async def last_words(play: Play) -> Verdict:
    await play.join(ANNA, BEN)
    # The ops of DAVE take as long: once a commit has removed a person, their key is gone.
    await play.stage.ask("set_faults", delay_s=0.2, keys_late_s=0.4)
    await play.connect()
    await play.record()
    await play.speak(ANNA, play.frames(2))
    await play.stage.ask("leave", user_id=ANNA)
    await asyncio.sleep(0.3)
    # A constant delay cannot be told from time.
    return await verdict(play, misplaced_ms=MISPLACED_MS + 200)


@scenario("Close 4006, a new session, the IP discovery answered twice")
async def reconnected(play: Play) -> Verdict:
    await play.join(ANNA)
    await play.stage.ask("set_faults", repeats_discovery=True)
    await play.connect()
    await play.record()
    talking = play.speak(ANNA, 90 + play.frames(3))
    await asyncio.sleep(0.5)
    await play.stage.ask("close_bot", code=4006)
    await talking
    result = await verdict(play, least_due=0.2)
    await until(lambda: play.has_key)
    require(result, play.truth().of_server("discovery_repeated"), "no IP discovery was answered twice")
    return result


def hold_interpreter(seconds: float) -> None:
    """Let no other thread run: one call into C that keeps the lock, as a long query or a large sort does."""
    began = time.monotonic()
    sum(range(2_000_000))
    rate = 2_000_000 / (time.monotonic() - began)
    sum(range(round(rate * seconds)))
