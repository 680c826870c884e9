"""`make guesser`: guesses the dealt emotion from what performers are told, with every shipped emotion set.

Writes docs/writing-directions.md. With other numbers than the default ones, nothing is written.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.guesser.measures import Row, guess_directions, guess_told
from tools.guesser.told import EVENINGS_OF_TROUPE, LIBRARY, SCENES, told_in_evenings

PAGE = Path(__file__).parents[2] / "docs" / "writing-directions.md"
TROUPES, SHUFFLES, SEED = 34, 39, 2026
SHUFFLES_OF_DIRECTIONS = 999


def table(troupes: int, shuffles: int) -> Iterator[str]:
    """Yield the table, row by row."""
    yield (
        f"{troupes * EVENINGS_OF_TROUPE} evenings of {SCENES} scenes with each emotion set, dealt by the design; "
        f"labels shuffled {shuffles} times ({SHUFFLES_OF_DIRECTIONS} times for the directions). Guessed prompts "
        "were never seen in training.\n"
    )
    yield "| emotion set | what the guesser reads | texts | right | chance | shuffled: mean | most | p |"
    yield "| --- | --- | --: | --: | --: | --: | --: | --: |"
    for name in LIBRARY.names("emotions"):
        for row in guess_told(told_in_evenings(name, troupes, SEED), shuffles, SEED):
            yield _row(f"`{name}`", row)
    yield _row("all", guess_directions(LIBRARY.directions(), SHUFFLES_OF_DIRECTIONS, SEED))


def _row(name: str, row: Row) -> str:
    shares = row.guessed.shuffled
    figures = [f"{row.guessed.mean:.1%}", f"{max(shares):.1%}", f"{row.guessed.p:.2f}"] if shares else ["", "", ""]
    cells = [name, row.what, str(row.texts), f"{row.guessed.right:.1%}", f"{row.chance:.1%}", *figures]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table, and write it into the page if it has the default numbers."""
    parser = argparse.ArgumentParser(prog="make guesser", description=__doc__)
    parser.add_argument("--troupes", type=int, default=TROUPES)
    parser.add_argument("--shuffles", type=int, default=SHUFFLES)
    wanted = parser.parse_args()
    rows: list[str] = []
    for row in table(wanted.troupes, wanted.shuffles):
        sys.stdout.write(f"{row}\n")
        sys.stdout.flush()
        rows.append(row)
    if (wanted.troupes, wanted.shuffles) == (TROUPES, SHUFFLES):
        text = "\n".join(rows)
        marked = re.sub(
            r"(<!-- make guesser: begin -->\n).*?(<!-- make guesser: end -->)",
            lambda found: f"{found[1]}{text}\n{found[2]}",
            PAGE.read_text("utf-8"),
            flags=re.DOTALL,
        )
        PAGE.write_text(marked, "utf-8")


if __name__ == "__main__":
    main()
