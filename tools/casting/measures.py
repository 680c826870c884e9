"""How even the deals are. Each measure is 0 or 1 if it could not be better, and grows with unevenness."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from itertools import combinations

from bot.domain.casting.allowed import allowed_emotions
from bot.domain.emotions import Emotion
from bot.domain.families import Relation, Stance, relation_of, stance_of
from bot.domain.ids import PersonId
from tools.casting.evenings import Dealt, Record, targets_together
from tools.casting.troupes import Troupe

Pair = tuple[int, int]


def span(counts: Iterable[int]) -> int:
    """Return the difference between the largest and the smallest count; 0 without any."""
    found = list(counts)
    return max(found) - min(found) if found else 0


def emotion_span(troupe: Troupe, record: Record) -> int:
    """Return the largest difference between how often one performer was dealt two emotions, at any time.

    Only emotions that could be dealt in the same of their scenes are compared.
    """
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    could: defaultdict[int, defaultdict[str, tuple[int, ...]]] = defaultdict(lambda: defaultdict(tuple))
    worst = 0
    for number, (scene, part) in enumerate(record.parts()):
        counts[part.person_id][part.target_emotion] += 1
        own = could[part.person_id]
        for one in allowed_in(troupe, scene):
            own[one.key] += (number,)
        kinds: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
        for key, scenes in own.items():
            kinds[scenes].append(counts[part.person_id][key])
        worst = max(worst, *map(span, kinds.values()))
    return worst


def intensity_span(troupe: Troupe, record: Record) -> int:
    """Return the same for two intensities, of emotions with degrees."""
    graded = {one.key for one in troupe.materials.emotions.emotions if one.has_degrees}
    counts: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for _, part in record.parts():
        if part.target_emotion in graded:
            counts[part.person_id][part.target_intensity] += 1
    return max((span(of[degree] for degree in (1, 2, 3)) for of in counts.values()), default=0)


def stage_span(troupe: Troupe, record: Record) -> int:
    """Return the largest difference in any session between the times on stage of two people who were always present."""
    worst = 0
    for session in range(len(troupe.sessions)):
        scenes = [one for one in record.scenes if one.session == session]
        always = set(scenes[0].present).intersection(*(one.present for one in scenes)) if scenes else set[PersonId]()
        counts = Counter(person for one in scenes for person in one.cast)
        worst = max(worst, span(counts[person] for person in always))
    return worst


def longest_stay(troupe: Troupe, record: Record) -> int:
    """Return the most consecutive scenes of a person on stage while enough people waited to replace the whole group."""
    longest = 0
    for session in range(len(troupe.sessions)):
        in_a_row = Counter[int]()
        for scene in (one for one in record.scenes if one.session == session):
            enough = len(scene.present) >= 2 * len(scene.cast)
            in_a_row = Counter({person: in_a_row[person] + 1 for person in scene.cast if enough})
            longest = max(longest, *in_a_row.values(), 0)
    return longest


def pair_span(troupe: Troupe, record: Record) -> int:
    """Return the largest difference after a session between the meetings of two pairs present for the same scenes."""
    worst = 0
    for session in range(len(troupe.sessions)):
        so_far = [one for one in record.scenes if one.session <= session]
        worst = max(worst, span_within_kinds(so_far))
    return worst


def span_within_kinds(scenes: Iterable[Dealt]) -> int:
    """Return the largest difference between the meetings of two pairs that were present for the same scenes."""
    there: defaultdict[Pair, list[int]] = defaultdict(list)
    met = Counter[Pair]()
    for number, scene in enumerate(scenes):
        met.update(combinations(scene.cast, 2))
        for pair in combinations(scene.present, 2):
            there[pair].append(number)
    return max((span(met[pair] for pair in kind) for kind in kinds_of(there)), default=0)


def kinds_of(there: Mapping[Pair, list[int]]) -> list[list[Pair]]:
    """Group pairs by the scenes for which both were present."""
    kinds: defaultdict[Hashable, list[Pair]] = defaultdict(list)
    for pair, scenes in there.items():
        kinds[tuple(scenes)].append(pair)
    return list(kinds.values())


def prompt_span(troupe: Troupe, record: Record) -> int:
    """Return the largest difference between the uses of two prompts that could have been dealt in every scene."""
    fewest = min((len(scene.present) for scene in record.scenes), default=0)
    lines = troupe.lines_of(troupe.people)
    counts = Counter(scene.deal.prompt.prompt_id for scene in record.scenes)
    prompts = troupe.materials.deck.prompts
    return span(
        counts[one.prompt_id] for one in prompts if one.tags.isdisjoint(lines) and one.fewest_performers <= fewest
    )


def known_prompts(_: Troupe, record: Record) -> int:
    """Count castings in a prompt that the performer had played before."""
    played = Counter((part.person_id, scene.deal.prompt.prompt_id) for scene, part in record.parts())
    return sum(times - 1 for times in played.values())


def emotions_again(troupe: Troupe, record: Record) -> int:
    """Count castings with the target of the performer's previous scene, though they were dealt another one no more."""
    last: dict[int, str] = {}
    counts = Counter[tuple[int, str]]()
    again = 0
    for scene, part in record.parts():
        person, target = part.person_id, part.target_emotion
        if last.get(person) == target:
            others = [counts[person, one.key] for one in allowed_in(troupe, scene) if one.key != target]
            again += min(others, default=counts[person, target] + 1) <= counts[person, target]
        counts[person, target] += 1
        last[person] = target
    return again


def allowed_in(troupe: Troupe, scene: Dealt) -> tuple[Emotion, ...]:
    """Return the emotions that could be dealt in a scene to its cast."""
    allowed = allowed_emotions(troupe.materials, scene.deal.prompt, scene.cast, troupe.refused)
    return allowed.emotions if allowed else ()


def pull_distance(troupe: Troupe, record: Record) -> float:
    """Return the largest distance of a count of emotion and stance from even, after all sessions.

    Even is what the situations offer: an emotion is dealt with, beside and against the pull as often as situations into
    which it could be dealt stand like that to it.
    """
    dealt, offered = Counter[tuple[str, Stance]](), Counter[tuple[str, Stance]]()
    for scene in record.scenes:
        for one in allowed_in(troupe, scene):
            offered[one.key, stance_of(one.family, scene.deal.prompt.pull)] += len(scene.deal.castings)
        for part in scene.deal.castings:
            family = troupe.materials.emotions.find(part.target_emotion).family
            dealt[part.target_emotion, stance_of(family, scene.deal.prompt.pull)] += 1
    return max((distance_from_even(dealt, offered, key) for key in {key for key, _ in dealt}), default=0.0)


def distance_from_even(
    dealt: Mapping[tuple[str, Stance], int], offered: Mapping[tuple[str, Stance], int], key: str
) -> float:
    """Return the largest distance of one emotion's counts from what is offered, in parts."""
    times, parts = (sum(counts.get((key, stance), 0) for stance in Stance) for counts in (dealt, offered))
    return max(abs(dealt.get((key, one), 0) - times * offered.get((key, one), 0) / parts) for one in Stance)


def relations_of(troupe: Troupe, record: Record) -> Counter[Relation]:
    """Count the relations of partners' emotions."""
    families = {one.key: one.family for one in troupe.materials.emotions.emotions}
    found = Counter[Relation]()
    for scene in record.scenes:
        for one, other in targets_together(scene.deal):
            relation = relation_of(families[one], families[other])
            assert relation is not None
            found[relation] += 1
    return found


def relation_span(troupe: Troupe, record: Record) -> int:
    """Return the largest difference between how often partners were dealt two relations, after all sessions."""
    counts = relations_of(troupe, record)
    return span(counts[one] for one in Relation)


def guessed_from_pull(troupe: Troupe, record: Record) -> tuple[float, float]:
    """Return in how many parts a guess of an emotion that the situation favours is right, and a guess of any.

    If the situation favours none that could be dealt, both guess any.
    """
    informed = blind = 0.0
    for scene in record.scenes:
        allowed = allowed_in(troupe, scene)
        favoured = [one.key for one in allowed if one.family in scene.deal.prompt.pull] or [one.key for one in allowed]
        for part in scene.deal.castings:
            informed += (part.target_emotion in favoured) / len(favoured)
            blind += 1 / len(allowed)
    return informed, blind


def crossed_limits(troupe: Troupe, record: Record) -> dict[str, int]:
    """Count emotions dealt, also at cues, against a veto, without an opt-in, and against a prompt's `not_emotions`."""
    found: dict[str, int] = {"veto": 0, "opt-in": 0, "not_emotions": 0}
    for scene in record.scenes:
        felt = [one.target_emotion for one in scene.deal.castings]
        felt += [one.arc.second_emotion for one in scene.deal.castings if one.arc]
        for key in felt:
            family = troupe.materials.emotions.find(key).family
            found["veto"] += any(key in troupe.vetoes.get(person, ()) for person in scene.cast)
            found["opt-in"] += any(key in troupe.closed[person] for person in scene.cast)
            found["not_emotions"] += not {key, family}.isdisjoint(scene.deal.prompt.not_emotions)
    return found


def crossed_lines(troupe: Troupe, record: Record) -> int:
    """Count scenes dealt against a line of a person who was present."""
    return sum(not scene.deal.prompt.tags.isdisjoint(troupe.lines_of(scene.present)) for scene in record.scenes)
