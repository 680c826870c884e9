"""`promptbook listening` as people meet it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app

HEAD = "listener,character_1,character_2,answer\n"


def run(file: Path, *more: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["listening", str(file), *more])
    return result.exit_code, result.output


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    rows = ["L1,kite,lamp,different"] * 9 + ["L1,kite,lamp,same"] + ["L2,kite,kite,same"] * 8
    file = tmp_path / "answers.csv"
    file.write_text(HEAD + "\n".join([*rows, "L2,lamp,lamp,different", "L2,lamp,lamp,different"]), "utf-8")
    return file


def test_each_pair_and_all_together_are_shown(answers: Path):
    code, told = run(answers)
    assert code == 0
    assert "kite / lamp" in told
    assert "9 of 10 (90%)" in told
    assert "2 of 10 (20%)" in told
    assert "1.84" in told
    assert "0.61 to 3.08" in told
    code, told = run(answers, "--json")
    (pair, everything) = json.loads(told)["pairs"]
    assert (pair["characters"], pair["hits"], pair["of_same"], pair["d_prime"]) == (["kite", "lamp"], 9, 10, 1.845)
    assert everything["d_prime"] == pair["d_prime"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("character_1,character_2\na,b\n", "has no column answer"),
        (HEAD + "L1,a,b,maybe\n", "line 2: name two characters, and answer with 'same' or 'different'"),
        (HEAD + "L1,a,,same\n", "line 2: name two characters"),
        (HEAD + "L1,a,b,same\n", "needs answers about one character and about two"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_is_wrong(tmp_path: Path, text: str, words: str):
    file = tmp_path / "answers.csv"
    file.write_text(text, "utf-8")
    code, told = run(file)
    assert code == 1
    assert words in " ".join(told.split())


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    code, told = run(tmp_path / "nothing.csv")
    assert (code, "cannot be read" in " ".join(told.split())) == (1, True)
