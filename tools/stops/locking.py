"""A process that holds a database's write lock: `locking.py DATABASE SECONDS`.

Prints "ready", waits for a line on standard input, takes the lock, and prints "held". It releases the lock after the
given seconds or when standard input closes, and then prints "released".
"""

from __future__ import annotations

import select
import sqlite3
import sys


def main() -> None:
    """Hold the lock as described."""
    path, seconds = sys.argv[1], float(sys.argv[2])
    database = sqlite3.connect(path, timeout=5, isolation_level=None)
    _say("ready")
    sys.stdin.readline()
    database.execute("BEGIN IMMEDIATE")
    _say("held")
    select.select([sys.stdin], [], [], seconds)
    database.execute("ROLLBACK")
    _say("released")
    database.close()


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
