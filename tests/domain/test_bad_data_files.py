"""Mistakes that people make in a file, and the line number that they are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.characters import parse_character_set
from bot.domain.decks import deck_name, deck_problems, parse_deck
from bot.domain.directions import parse_directions
from bot.domain.emotions import parse_emotion_set
from bot.domain.errors import DataFileInvalid
from bot.domain.instrument_files import parse_instrument
from bot.domain.roles import Role
from bot.domain.tables import LARGEST_FILE_BYTES, MOST_PROBLEMS, decode_file, noting
from bot.domain.topics import Topic, Topics, parse_topics

TOPICS = Topics((Topic("death", "Death", "d"), Topic("war", "War", "w")))

DECK = """title = "T"

[[prompts]]
id = "one"
title = "One"
text = "Text"
roles = ["a", "b"]

[[prompts]]
id = "two"
title = "Two"
text = "Text"
roles = ["a", "b", "c"]
fewest_performers = 2
tags = ["death"]
"""

EMOTIONS = """title = "E"

[[emotions]]
key = "joy"
label = "Joy"
direction = "Do this."

[[emotions]]
key = "fear"
label = "Fear"
direction = "Do that."
"""

DIRECTIONS = """[[emotions]]
key = "joy"
synonyms = ["happy", "glad"]
hide = ["a1", "a2", "a3"]
act = ["b1", "b2", "b3"]
steered = [
  "c1",
  "c2",
  "c3",
]

[[emotions]]
key = "neutral"
synonyms = ["flat"]
plain = ["d1", "d2", "d3"]
"""

CODED = """title = "C"

[[characters]]
key = "one"
name = "One"
features = ["front", "crisp", "tall", "even", "nouns", "pairs"]
placement = "p"
articulation = "a"
rhythm = "r"
phrasing = "p"
stays = "s"
free = "f"

[[characters]]
key = "two"
name = "Two"
features = ["chest", "crisp", "tall", "long-short", "nouns", "pairs"]
placement = "p"
articulation = "a"
rhythm = "r"
phrasing = "p"
stays = "s"
free = "f"
"""

CHARACTERS = """title = "C"

[[characters]]
key = "one"
name = "One"
temperament = "is calm"
pitch = "low"
pace = "slow"
texture = "warm"
quirk = "hums"
"""

TOPIC_FILE = """[[topics]]
key = "death"
label = "Death"
description = "Dying"

[[topics]]
key = "war"
label = "War"
description = "Fighting"
"""

READERS = {
    DECK: lambda text: parse_deck("d", "f.toml", text, TOPICS),
    EMOTIONS: lambda text: parse_emotion_set("e", "f.toml", text),
    CHARACTERS: lambda text: parse_character_set("c", "f.toml", text),
    CODED: lambda text: parse_character_set("c", "f.toml", text),
    DIRECTIONS: lambda text: parse_directions("f.toml", text),
    TOPIC_FILE: lambda text: parse_topics("f.toml", text),
}


def problem_of(whole: str, text: str) -> tuple[int, str]:
    with pytest.raises(DataFileInvalid) as caught:
        READERS[whole](text)
    assert caught.value.file == "f.toml"
    return caught.value.line, caught.value.problem


def test_a_deck_is_read():
    deck = parse_deck("d", "decks/d.toml", DECK, TOPICS)
    assert [prompt.prompt_id for prompt in deck.prompts] == ["one", "two"]
    assert (deck.prompts[0].fewest_performers, deck.prompts[1].fewest_performers) == (2, 2)
    assert (deck.fewest_performers, deck.most_performers) == (2, 3)
    assert deck.topic_counts() == {"death": 1}


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ('title = "Two"', "title = 2", 11, "'title' must be a non-empty text"),
        ('id = "two"', 'id = "one"', 10, "the id 'one' is used twice"),
        ('id = "two"', 'id = "Two!"', 10, "lower-case letters"),
        ('roles = ["a", "b", "c"]', 'roles = []', 13, "1 to 6 different roles"),
        ('roles = ["a", "b", "c"]', 'roles = ["a", "b", " a "]', 13, "1 to 6 different roles"),
        ('roles = ["a", "b", "c"]', 'roles = "a"', 13, "list of texts"),
        ("fewest_performers = 2", "fewest_performers = 4", 14, "whole number from 1 to 3"),
        ("fewest_performers = 2", "fewest_perfomers = 2", 14, "'fewest_perfomers' is not a field"),
        ('text = "Text"\nroles = ["a", "b", "c"]', 'roles = ["a", "b", "c"]', 9, "'text' is missing"),
        ('title = "Two"', 'title = "Two', 11, "not valid TOML"),
        ('tags = ["death"]', 'tags = ["dead"]', 15, "'dead' is not a topic; the topics are death, war"),
        ('title = "Two"', f'title = "{"x" * 61}"', 11, "'title' has 61 characters; shorten it to at most 60"),
        ('title = "T"', 'titel = "T"', 1, "'titel' is not a field"),
        ("[[prompts]]\nid = \"two\"", "[[prompt]]\nid = \"two\"", 9, "'prompt' is not a field here"),
        ('text = "Text"\nroles = ["a", "b", "c"]', "text = ''\n'roles' = ['a', 'b']", 12, "'text' must be a non-empty"),
    ],
)  # fmt: skip
def test_a_deck_with_a_mistake_names_its_line(before: str, after: str, line: int, words: str):
    found, problem = problem_of(DECK, DECK.replace(before, after))
    assert words in problem
    assert found == line
    found, problem = problem_of(DECK, DECK.replace(before, after).replace("\n", "\r\n"))
    assert (found, words in problem) == (line, True), "the same must hold with the line ends of Windows"


def test_a_list_over_several_lines_names_the_line_within():
    roles = 'roles = [\n  "a",\n  # who?\n  "b",\n  "c",\n]'
    assert READERS[DECK](DECK.replace('roles = ["a", "b", "c"]', roles))
    late = DECK.replace('roles = ["a", "b", "c"]', roles)
    assert problem_of(DECK, late.replace("fewest_performers = 2", "fewest_performers = 9"))[0] == 19
    long = late.replace('"c",', f'"{"c" * 121}",')
    assert problem_of(DECK, long) == (17, "a text in 'roles' has 121 characters; shorten it to at most 120")
    tags = late.replace('tags = ["death"]', 'tags = [\n  "death",\n  "tax",\n]')
    assert problem_of(DECK, tags)[0] == 22


ROLE_TABLES = """title = "T"

[[prompts]]
id = "one"
title = "One"
text = "Text"
fewest_performers = 1
pull = ["joy"]
not_emotions = ["desire", "sexual_lust"]

[[prompts.roles]]
text = "a"
want = "b"
required = true

[[prompts.roles]]
text = "c"
secret = true

[[prompts]]
id = "two"
title = "Two"
text = "Text"
roles = [
    { text = "d", want = "e", required = true },
    "f",
]
"""


def test_roles_are_texts_or_tables_in_braces_or_below_the_prompt():
    one, two = parse_deck("d", "f.toml", ROLE_TABLES, TOPICS).prompts
    assert one.roles == (Role("a", "b", is_required=True), Role("c", has_secret=True))
    assert two.roles == (Role("d", "e", is_required=True), Role("f"))
    assert (one.fewest_performers, two.fewest_performers) == (1, 2)
    assert (one.pull, two.pull) == ({"joy"}, set())
    assert one.not_emotions == {"desire", "sexual_lust"}


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ('want = "b"', f'want = "{"w" * 101}"', 13, "'want' has 101 characters; shorten it to at most 100"),
        ('want = "b"', 'wants = "b"', 13, "'wants' is not a field here; the fields are text, want, required, secret"),
        ("secret = true", 'secret = "yes"', 18, "'secret' must be true or false"),
        ("secret = true", 'tags = ["war"]', 18, "'tags' is not a field here; the fields are text, want"),
        ('text = "c"', "", 16, "'text' is missing"),
        ('want = "e"', 'wants = "e"', 25, "'wants' is not a field here"),
        ('    "f",', "    7,", 24, "'roles' must be a list of non-empty texts or tables"),
        ("secret = true", "required = true", 7, "2 roles are 'required', so 'fewest_performers' must be at least 2"),
        (
            'pull = ["joy"]',
            'pull = ["dread"]',
            8,
            "'dread' is not a family of emotions; the families are joy, affection",
        ),
        ('["joy"]', '["joy", "fear", "anger", "shame"]', 8, "at most 3 families"),
        ('"sexual_lust"', '"Sexual Lust"', 9, "'Sexual Lust' is neither a family of emotions (joy, "),
    ],
)
def test_a_role_or_a_pull_with_a_mistake_names_its_line(before: str, after: str, line: int, words: str):
    found, problem = problem_of(DECK, ROLE_TABLES.replace(before, after))
    assert words in problem
    assert found == line


def test_a_prompt_has_six_roles_at_most():
    six = DECK.replace('["a", "b", "c"]', str([f"r{number}" for number in range(6)]))
    assert READERS[DECK](six).most_performers == 6
    assert problem_of(DECK, six.replace("'r5'", "'r5', 'r6'")) == (13, "'roles' must name 1 to 6 different roles")


def test_what_looks_like_toml_within_a_text_is_text():
    text = 'text = """\n[[prompts]]\nid = "[" \\\ntitle = 3 # no comment ""\n"""'
    deck = DECK.replace('text = "Text"', text, 1)
    assert READERS[DECK](deck).prompts[0].text == '[[prompts]] id = "[" title = 3 # no comment ""'
    assert problem_of(DECK, deck.replace('title = "Two"', "title = 2"))[0] == 15
    assert problem_of(DECK, deck.replace('title = "One"', "title = 1"))[0] == 5


@pytest.mark.parametrize(("text", "line"), [("", 1), ("prompts = []\n", 2), ("prompts = [1, 2]\n", 1)])
def test_a_deck_without_prompts_is_refused(text: str, line: int):
    found, problem = problem_of(DECK, f'title = "T"\n{text}')
    assert "[[prompts]] table" in problem
    assert found == line


def test_all_problems_of_a_deck_are_told_in_the_order_of_their_lines():
    deck = DECK.replace('title = "T"', "").replace('id = "one"', 'id = "One"').replace('["death"]', '["dead"]')
    assert [(found.line, found.problem.split(" ")[0]) for found in deck_problems("f.toml", deck, TOPICS)] == [
        (1, "'title'"),
        (4, "'id'"),
        (15, "the"),
    ]
    assert deck_problems("f.toml", DECK, TOPICS) == []


def test_all_wrong_fields_of_a_prompt_are_named_together():
    deck = DECK
    for before, after in (
        ('id = "two"', 'id = "Two"'),
        ('title = "Two"', f'title = "{"x" * 61}"'),
        ('["a", "b", "c"]', "[]"),
        ("fewest_performers = 2", "fewest = 2"),
        ('["death"]', '["dead"]'),
    ):
        deck = deck.replace(before, after)
    assert [(found.line, found.problem.split(" ")[0]) for found in deck_problems("f.toml", deck, TOPICS)] == [
        (10, "'id'"),
        (11, "'title'"),
        (13, "'roles'"),
        (14, "'fewest'"),
        (15, "the"),
    ]
    with pytest.raises(DataFileInvalid) as caught:
        parse_deck("d", "f.toml", deck, TOPICS)
    assert caught.value.line == 10


def test_a_missing_title_is_not_looked_for_in_the_first_prompt():
    deck = DECK.replace('title = "T"\n\n', "")
    assert [(found.line, found.problem) for found in deck_problems("f.toml", deck, TOPICS)] == [
        (1, "'title' is missing")
    ]


def test_where_one_number_fits_it_is_told_as_such():
    found, problem = problem_of(DECK, DECK.replace('["a", "b"]', '["a"]\nfewest_performers = 3'))
    assert (found, problem) == (8, "'fewest_performers' must be 1")


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ('key = "fear"', 'key = "joy"', 9, "the key 'joy' is used twice"),
        ('key = "fear"', 'key = "other"', 9, "must be none of 'other'"),
        ('label = "Fear"', f'label = "{"x" * 41}"', 10, "to at most 40"),
        ('direction = "Do that."', f'direction = "{"x" * 161}"', 11, "to at most 160"),
        ('label = "Fear"', 'label = "Fear"\nvalence = -0.5', 11, "'valence' needs 'coordinates' at the top"),
        ('title = "E"', 'title = "E"\ncoordinates = ""', 2, "'coordinates' must be a non-empty text"),
        ('direction = "Do that."', "", 8, "'direction' is missing, and directions/en.toml has none for 'fear'"),
        ('label = "Fear"', 'label = "Fear"\nfamily = "dread"', 11, "'dread' is not a family; the families are joy, "),
        ('label = "Fear"', 'label = "Fear"\nbodily = "yes"', 11, "'bodily' must be true or false"),
        (EMOTIONS[EMOTIONS.index("\n[[emotions]]\nkey = \"fear\"") :], "", 1, "at least two"),
    ],
)  # fmt: skip
def test_an_emotion_set_with_a_mistake_names_its_line(before: str, after: str, line: int, words: str):
    found, problem = problem_of(EMOTIONS, EMOTIONS.replace(before, after))
    assert words in problem
    assert found == line


@pytest.mark.parametrize("value", ["1.01", "-1.5", "nan", "inf", '"high"', "true"])
def test_coordinates_run_from_minus_one_to_one(value: str):
    told = EMOTIONS.replace('title = "E"', 'title = "E"\ncoordinates = "measured"')
    emotion = READERS[EMOTIONS](told.replace('label = "Joy"', 'label = "Joy"\nvalence = 1\narousal = -0.25')).emotions[
        0
    ]
    assert (emotion.valence, emotion.arousal) == (1.0, -0.25)
    found, problem = problem_of(EMOTIONS, told.replace('label = "Joy"', f'label = "Joy"\narousal = {value}'))
    assert (found, problem) == (7, "'arousal' must be a number from -1 to 1")


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ('pitch = "low"', "", 3, "'pitch' is missing"),
        ('pitch = "low"', f'pitch = "{"x" * 81}"', 7, "to at most 80"),
        ('key = "one"', 'key = "One"', 4, "lower-case letters"),
        ('quirk = "hums"', 'quirk = "hums"\nage = "old"', 11, "'age' is not a field"),
    ],
)
def test_a_character_with_a_mistake_names_its_line(before: str, after: str, line: int, words: str):
    found, problem = problem_of(CHARACTERS, CHARACTERS.replace(before, after))
    assert words in problem
    assert found == line


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ('"front", "crisp"', '"front", "mumbled"', 6, "'mumbled' is no value of a feature (placement: front, mask"),
        ('"front", "crisp"', '"front"', 6, "'features' needs one value for articulation: crisp, soft"),
        ('"front", "crisp"', '"front", "crisp", "soft"', 6, "'features' needs one value for articulation"),
        ('"long-short"', '"even"', 17, "'two' differs from 'one' only in placement; make them differ in two"),
        ('free = "f"', f'free = "{"x" * 71}"', 12, "to at most 70"),
        ('free = "f"', 'pitch = "low"', 6, "'features' is not a field here"),
    ],
)
def test_a_coded_character_with_a_mistake_names_its_line(before: str, after: str, line: int, words: str):
    found, problem = problem_of(CODED, CODED.replace(before, after))
    assert words in problem
    assert found == line


def test_characters_of_an_earlier_version_can_still_be_read():
    (one,) = parse_character_set("c", "f.toml", CHARACTERS).characters
    assert (one.voice["temperament"], one.voice["quirk"], one.features) == ("is calm", "hums", {})


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ('hide = ["a1", "a2", "a3"]', 'hide = ["a1", "a2"]', 4, "'hide' must have 3 directions, but has 2"),
        ('"c2"', '"b2"', 8, "this direction is used for 'joy', too: b2"),
        ('"d2"', '"c2"', 15, "this direction is used for 'joy', too: c2"),
        ('"c2"', '"Make happiness."', 8, "the direction says the emotion with 'happiness': Make"),
        ('"c2"', '"Enjoy joyfully."', 8, "the direction says the emotion with 'joyfully'"),
        ('key = "neutral"', 'key = "joy"', 13, "'joy' is not a key of its own"),
        ('synonyms = ["flat"]', "", 12, "'synonyms' is missing"),
        ("plain = ", "hide = ", 12, "'act' is missing"),
    ],
)
def test_directions_with_a_mistake_name_its_line(before: str, after: str, line: int, words: str):
    found, problem = problem_of(DIRECTIONS, DIRECTIONS.replace(before, after))
    assert words in problem
    assert found == line


def test_a_set_has_the_shared_directions_unless_it_brings_its_own():
    shared = parse_directions("f.toml", DIRECTIONS)
    own = parse_emotion_set("e", "f.toml", EMOTIONS, shared).find("joy")
    assert [own.directions_at(intensity) for intensity in (1, 3)] == [("Do this.",), ("Do this.",)]
    text = EMOTIONS.replace('direction = "Do this."', "")
    joy = parse_emotion_set("e", "f.toml", text, shared).find("joy")
    assert [joy.directions_at(intensity) for intensity in (1, 2, 3)] == list(shared.of("joy"))
    assert [joy.direction_at(3, number) for number in (2, 3, None, 9)] == ["c2", "c3", "c1", "c1"]
    plain = text.replace('"joy"', '"neutral"').replace('label = "Joy"', 'label = "N"\nhas_degrees = false')
    assert parse_emotion_set("e", "f.toml", plain, shared).find("neutral").directions_at(1) == ("d1", "d2", "d3")
    with pytest.raises(DataFileInvalid, match="'direction' is missing"):
        parse_emotion_set("e", "f.toml", plain.replace("has_degrees = false", ""), shared)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (TOPIC_FILE.replace('"war"', '"death"'), 7, "used twice"),
        (TOPIC_FILE.replace('"Fighting"', f'"{"x" * 101}"'), 9, "to at most 100"),
        (TOPIC_FILE.replace("label", "name", 1), 3, "'name' is not a field"),
        ("".join(f'[[topics]]\nkey = "k{n}"\nlabel = "l"\ndescription = "d"\n' for n in range(26)), 102, "at most 25"),
    ],
)
def test_topics_with_a_mistake_name_its_line(text: str, line: int, words: str):
    found, problem = problem_of(TOPIC_FILE, text)
    assert words in problem
    assert found == line


def test_bytes_become_text_or_a_problem_with_a_line():
    assert decode_file("f.toml", b"\xef\xbb\xbf" + DECK.encode()) == DECK, "Windows editors put a mark in front"
    for data, line in ((b"title = 'a'\n\n# caf\xe9\n", 3), ("title".encode("utf-16"), 1), (b"\xef\xbb\xbf\n\xff", 2)):
        with pytest.raises(DataFileInvalid) as caught:
            decode_file("f.toml", data)
        assert (caught.value.line, "UTF-8" in caught.value.problem) == (line, True)
    assert decode_file("f.toml", b" " * LARGEST_FILE_BYTES)
    with pytest.raises(DataFileInvalid) as caught:
        decode_file("f.toml", b" " * (LARGEST_FILE_BYTES + 1))
    assert "larger than 256 KiB" in caught.value.problem


PARTS = [*DECK.splitlines(), *ROLE_TABLES.splitlines(), "[", "]", "{", "}", '"""', "'", "\r"]


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PARTS)).map("\n".join)))
@example("a = " + "[" * 100_000)
@example("a = " + "9" * 5_000)
@example('title = "T"\n[[prompts]]\nid = "' + "x" * 20_000)
@example("prompts = [{id = 'a'}, {}]")
@example("[prompts]\nid = 1")
@example("prompts = [{id = 'a', roles = [{}, [], 3, {text = 'x'}]}]")
@example("[[prompts]]\n[prompts.roles]\ntext = 'a'\n[[prompts]]\nroles = [{text = 1}]")
@example("[[prompts]]\n[[prompts.roles]]\n[[prompts.roles]]\ntext = 'a'")
@example("[[prompts]]\nroles = [{}]")
@example("[[prompts]]\npull = [1]\nnot_emotions = 'desire'")
def test_whatever_is_in_a_file_is_told_with_a_line_of_it(text: str):
    problems = list(deck_problems("f.toml", text, TOPICS))
    for read in READERS.values():
        with noting(problems):
            read(text)
    for problem in problems:
        assert 1 <= problem.line <= text.count("\n") + 1
        assert "\n" not in problem.problem


@pytest.mark.parametrize(
    ("filename", "name"),
    [("Weddings & Wakes.toml", "weddings-wakes"), ("ÉTÉ_2025.TOML", "ete-2025"), ("../../a/b.toml", "a-b")],
)
def test_a_deck_is_named_by_its_file(filename: str, name: str):
    assert deck_name(filename) == name


@pytest.mark.parametrize("filename", ["deck.txt", ".toml", "日本.toml", "x" * 61 + ".toml", ""])
def test_a_file_that_gives_no_name_is_refused(filename: str):
    with pytest.raises(DataFileInvalid):
        deck_name(filename)


@pytest.mark.parametrize("text", ["{}=1", "[{}]", 'title = "T"\n"b".{}=1'])
def test_a_name_of_many_dots_is_refused_before_anything_is_read(text: str):
    found, problem = problem_of(DECK, text.format("a" + ".a" * 100_000))
    assert "more than 50 dots" in problem
    assert found == text.count("\n") + 1
    assert READERS[DECK](DECK.replace('"Text"', f'"{"No. " * 60}"', 1)).prompts[0].text.startswith("No. No.")


def test_no_more_problems_are_told_than_anyone_reads():
    deck = 'title = "T"\n' + "".join(f"a{n} = 1\n" for n in range(10_000)) + "prompts = [" + "{}," * 10_000 + "]\n"
    assert len(deck_problems("f.toml", deck, TOPICS)) == MOST_PROBLEMS


def test_what_a_form_has_no_room_for_is_refused():
    found, problem = problem_of(TOPIC_FILE, TOPIC_FILE.replace('"war"', f'"{"w" * 41}"'))
    assert (found, "to at most 40" in problem) == (7, True)
    core = (Path(__file__).parents[2] / "data" / "instruments" / "core.toml").read_text("utf-8")
    anchor = parse_instrument("core", "core.toml", core).scales[0].anchors[0]
    with pytest.raises(DataFileInvalid, match="to at most 100"):
        parse_instrument("core", "core.toml", core.replace(f'"{anchor}"', f'"{"x" * 101}"', 1))
