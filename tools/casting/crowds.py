"""How even the deals of crowds are, for which the design searches for groups instead of comparing all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tools.casting import measures
from tools.casting.evenings import Record, play
from tools.casting.troupes import Troupe, draw_crowd

SIZES = (25, 50, 100)
CROWDS, SESSIONS, SCENES = 4, 2, 30


@dataclass(frozen=True, slots=True)
class CrowdRun:
    """One crowd, dealt by the design, by the design a second time, and at random."""

    crowd: Troupe
    designed: Record
    is_same_again: bool
    drawn: Record


def deal_crowd(people: int, number: int) -> CrowdRun:
    """Deal the sessions of one crowd of this size in each way."""
    crowd = draw_crowd(Random(f"crowd/{people}/{number}"), people, SESSIONS, SCENES)
    seed = f"crowd {number}"
    designed = play(crowd, seed)
    is_same = [scene.deal for scene in play(crowd, seed).scenes] == [scene.deal for scene in designed.scenes]
    return CrowdRun(crowd, designed, is_same, play(crowd, seed, at_random=True))


def crowd_table(runs: Sequence[CrowdRun]) -> str:
    """Return the largest differences in all crowds of each size; after a bar, those of random dealing."""
    crossed = sum(measures.crossed_lines(run.crowd, run.designed) for run in runs)
    limits = sum(sum(measures.crossed_limits(run.crowd, run.designed).values()) for run in runs)
    same = all(run.is_same_again for run in runs)
    lines = [
        f"{CROWDS} crowds of each size, with {SESSIONS} sessions of {SCENES} scenes each; in every session, "
        f"a quarter of the people come late or leave. Scenes that crossed a line: {crossed}. "
        f"Emotions dealt against a veto, "
        f"an opt-in or `not_emotions`: {limits}. The same seeds and "
        f"history dealt the same scenes: {'yes' if same else 'NO'}.",
        "",
        "| performers | scenes dealt | emotions | intensities | scenes on stage | partner pairs | uses of prompts "
        "| slowest deal |",
        "| --: | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for people in SIZES:
        of_size = [run for run in runs if len(run.crowd.people) == people]
        spans = [
            f"{max(measure(run.crowd, run.designed) for run in of_size)} "
            f"({max(measure(run.crowd, run.drawn) for run in of_size)})"
            for measure in (
                measures.emotion_span,
                measures.intensity_span,
                measures.stage_span,
                measures.pair_span,
                measures.prompt_span,
            )
        ]
        scenes = [scene for run in of_size for scene in run.designed.scenes]
        slowest = f"{max(scene.seconds for scene in scenes) * 1000:.0f} ms"
        lines.append(f"| {people} | {len(scenes)} | {' | '.join(spans)} | {slowest} |")
    return "\n".join(lines)
