"""`make casting`: a thousand troupes dealt by the design and at random, and brute force beside it; docs/casting.md."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from random import Random
from statistics import mean

from casting.check import possible_table
from casting.evenings import (
    Record,
    Troupe,
    crossed_lines,
    draw_troupe,
    emotion_span,
    pair_span,
    play,
    prompt_span,
    stage_span,
)

PAGE = Path(__file__).parents[2] / "docs" / "casting.md"


def measure(troupes: list[Troupe], *, at_random: bool) -> list[tuple[Troupe, Record]]:
    """Every troupe's sessions."""
    return [(one, play(one, f"seed {number}", at_random=at_random)) for number, one in enumerate(troupes)]


def row(name: str, designed: list[float], random: list[float], digits: int = 2) -> str:
    """One line of the table: what, and mean and largest of both."""
    cells = [f"{mean(values):.{digits}f} | {max(values):.0f}" for values in (designed, random)]
    return f"| {name} | {cells[0]} | {cells[1]} |"


def simulation(count: int) -> str:
    """The table of so many troupes."""
    random = Random(2026)
    troupes = [draw_troupe(random) for _ in range(count)]
    designed, drawn = measure(troupes, at_random=False), measure(troupes, at_random=True)
    again = measure(troupes[:50], at_random=False)
    same = all(one[1].deals == other[1].deals for one, other in zip(designed, again, strict=False))
    unusual = sum(bool(one.lines) or one.has_latecomer or one.has_leaver for one in troupes)

    def spans(measured: list[tuple[Troupe, Record]], of: str) -> list[float]:
        kinds = {
            "emotion": lambda troupe, record: emotion_span(record, troupe.materials),
            "pair": lambda _, record: pair_span(record),
            "prompt": lambda troupe, record: prompt_span(record, troupe),
            "stage": lambda _, record: stage_span(record),
        }
        return [float(kinds[of](troupe, record)) for troupe, record in measured]

    scenes = sum(len(record.deals) for _, record in designed)
    crossed = sum(crossed_lines(record, troupe) for troupe, record in designed)
    lines = [
        f"{count} troupes of 2 to 12, two sessions of 4 to 20 scenes each, {scenes} scenes; {unusual / count:.0%} of "
        f"the troupes with lines, latecomers or leavers. Scenes dealt against a line: {crossed}. The same seed and "
        f"history dealt the same scenes: {'yes' if same else 'NO'}.",
        "",
        "| largest difference of counts | design: mean | most | at random: mean | most |",
        "| --- | --: | --: | --: | --: |",
        row("one performer's emotions", spans(designed, "emotion"), spans(drawn, "emotion")),
        row("scenes on stage, of those always there", spans(designed, "stage"), spans(drawn, "stage")),
        row("partner pairs, of those always there", spans(designed, "pair"), spans(drawn, "pair")),
        row("uses of prompts", spans(designed, "prompt"), spans(drawn, "prompt")),
    ]
    return "\n".join(lines)


def main() -> None:
    """Print both tables and write them into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--troupes", type=int, default=1000)
    parser.add_argument("--write", action="store_true", help="write the tables into docs/casting.md")
    arguments = parser.parse_args()
    table = f"{simulation(arguments.troupes)}\n\n{possible_table()}"
    sys.stdout.write(f"{table}\n")
    if arguments.write:
        text = PAGE.read_text("utf-8")
        marked = re.sub(
            r"(<!-- make casting: begin -->\n).*?(<!-- make casting: end -->)",
            lambda found: f"{found[1]}{table}\n{found[2]}",
            text,
            flags=re.DOTALL,
        )
        PAGE.write_text(marked, "utf-8")


if __name__ == "__main__":
    main()
