"""How even what was dealt is: each measure is 0 or 1 where it could not be better, and grows with what is uneven."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from itertools import combinations

from bot.domain.ids import PersonId
from tools.casting.evenings import Dealt, Record
from tools.casting.troupes import Troupe

Pair = tuple[int, int]


def span(counts: Iterable[int]) -> int:
    """The difference between the largest and the smallest; 0 without any."""
    found = list(counts)
    return max(found) - min(found) if found else 0


def emotion_span(troupe: Troupe, record: Record) -> int:
    """The largest difference between how often one performer was dealt two emotions, at any time."""
    keys = [one.key for one in troupe.materials.emotions.emotions]
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    worst = 0
    for _, part in record.parts():
        counts[part.person_id][part.target_emotion] += 1
        worst = max(worst, span(counts[part.person_id][key] for key in keys))
    return worst


def intensity_span(troupe: Troupe, record: Record) -> int:
    """The largest difference between how often one performer was dealt two intensities, of emotions with degrees."""
    graded = {one.key for one in troupe.materials.emotions.emotions if one.has_degrees}
    counts: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for _, part in record.parts():
        if part.target_emotion in graded:
            counts[part.person_id][part.target_intensity] += 1
    return max((span(of[degree] for degree in (1, 2, 3)) for of in counts.values()), default=0)


def stage_span(troupe: Troupe, record: Record) -> int:
    """The largest difference, in any session, between how often two who were always there were on stage."""
    worst = 0
    for session in range(len(troupe.sessions)):
        scenes = [one for one in record.scenes if one.session == session]
        always = set(scenes[0].present).intersection(*(one.present for one in scenes)) if scenes else set[PersonId]()
        counts = Counter(person for one in scenes for person in one.cast)
        worst = max(worst, span(counts[person] for person in always))
    return worst


def longest_stay(troupe: Troupe, record: Record) -> int:
    """The most scenes in a row that anybody was on stage while as many as the scene took were waiting for them all."""
    longest = 0
    for session in range(len(troupe.sessions)):
        in_a_row = Counter[int]()
        for scene in (one for one in record.scenes if one.session == session):
            enough = len(scene.present) >= 2 * len(scene.cast)
            in_a_row = Counter({person: in_a_row[person] + 1 for person in scene.cast if enough})
            longest = max(longest, *in_a_row.values(), 0)
    return longest


def pair_span(troupe: Troupe, record: Record) -> int:
    """The largest difference between how often two pairs met that were there for the same scenes, after a session."""
    worst = 0
    for session in range(len(troupe.sessions)):
        so_far = [one for one in record.scenes if one.session <= session]
        worst = max(worst, span_within_kinds(so_far))
    return worst


def span_within_kinds(scenes: Iterable[Dealt]) -> int:
    """The largest difference between how often two pairs met, of pairs that were there for the same scenes."""
    there: defaultdict[Pair, list[int]] = defaultdict(list)
    met = Counter[Pair]()
    for number, scene in enumerate(scenes):
        met.update(combinations(scene.cast, 2))
        for pair in combinations(scene.present, 2):
            there[pair].append(number)
    return max((span(met[pair] for pair in kind) for kind in kinds_of(there)), default=0)


def kinds_of(there: Mapping[Pair, list[int]]) -> list[list[Pair]]:
    """Pairs sorted by the scenes they were there for."""
    kinds: defaultdict[Hashable, list[Pair]] = defaultdict(list)
    for pair, scenes in there.items():
        kinds[tuple(scenes)].append(pair)
    return list(kinds.values())


def prompt_span(troupe: Troupe, record: Record) -> int:
    """The largest difference between how often two prompts were dealt that could have been dealt in every scene."""
    fewest = min((len(scene.present) for scene in record.scenes), default=0)
    lines = troupe.lines_of(troupe.people)
    counts = Counter(scene.deal.prompt.prompt_id for scene in record.scenes)
    prompts = troupe.materials.deck.prompts
    return span(
        counts[one.prompt_id] for one in prompts if one.tags.isdisjoint(lines) and one.fewest_performers <= fewest
    )


def known_prompts(_: Troupe, record: Record) -> int:
    """Castings in a prompt that the performer had played before."""
    played = Counter((part.person_id, scene.deal.prompt.prompt_id) for scene, part in record.parts())
    return sum(times - 1 for times in played.values())


def shared_emotions(troupe: Troupe, record: Record) -> int:
    """Castings with the target of somebody else on stage, beyond what so few emotions make necessary."""
    there_are = len(troupe.materials.emotions.emotions)
    return sum(
        min(len(scene.cast), there_are) - len({part.target_emotion for part in scene.deal.castings})
        for scene in record.scenes
    )


def emotions_again(_: Troupe, record: Record) -> int:
    """Castings with the target of the performer's scene before."""
    last: dict[int, str] = {}
    again = 0
    for _scene, part in record.parts():
        again += last.get(part.person_id) == part.target_emotion
        last[part.person_id] = part.target_emotion
    return again


def crossed_lines(troupe: Troupe, record: Record) -> int:
    """Scenes dealt against a line of somebody present."""
    return sum(not scene.deal.prompt.tags.isdisjoint(troupe.lines_of(scene.present)) for scene in record.scenes)
