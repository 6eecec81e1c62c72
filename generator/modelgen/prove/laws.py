"""The laws of conversions. Each is held against one payload of one variant, on the way to another."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..ir import Value
from ..reconcile import HUB
from .paths import Path, at, differences, has, parsed, written
from .subject import Case, Subject


@dataclass(frozen=True, slots=True)
class Breach:
    """What breaks a law: where in the payload, and what is wrong there."""

    path: Path
    message: str


@dataclass(frozen=True, slots=True)
class Law:
    """`says` is what holds; `broken_by` yields what breaks it for a payload."""

    name: str
    says: str
    broken_by: Callable[[Subject, Case], Iterator[Breach]]


def no_failure(subject: Subject, case: Case) -> Iterator[Breach]:
    try:
        subject.converted(case.payload, case.source, case.to, case)
    except Exception as error:
        yield failed(error)


def failed(error: Exception) -> Breach:
    """A conversion that ends with an error."""
    return Breach((), f"the conversion ends with {type(error).__name__}: {error}.")


def own(subject: Subject, case: Case) -> Iterator[Breach]:
    same = subject.package.convert(
        case.payload, to=case.source, source=case.source, family=case.family
    )
    for loss in same.losses:
        yield Breach(parsed(loss.path), f"to the own variant, {loss.path} is {loss.kind}.")
    for path in differences(case.payload, same.value):
        yield Breach(path, f"to the own variant, {written(path)} is not the same.")


def untouched(subject: Subject, case: Case) -> Iterator[Breach]:
    before = copy.deepcopy(case.payload)
    made = subject.package.convert(case.payload, to=case.to, source=case.source, family=case.family)
    for path in differences(before, case.payload):
        yield Breach(path, f"{written(path)} of the payload itself was changed.")
    if _containers(case.payload) & _containers(made.value):
        yield Breach((), "the result shares a list or an object with the payload.")


def there_and_back(subject: Subject, case: Case) -> Iterator[Breach]:
    there, losses = subject.converted(case.payload, case.source, case.to, case)
    if there is None:
        if not losses:
            yield Breach((), "it has no form, and no loss says so.")
        return
    back, more = subject.converted(there, case.to, case.source, case)
    if back is None:
        if not more:
            yield Breach((), "it has no form on the way back, and no loss says so.")
        return
    said = _paths([*losses, *more])
    for path in differences(case.payload, back):
        if not has(case.payload, path) and subject.is_constant(path, at(back, path)):
            continue
        if not subject.spellings.explained(path, said):
            yield Breach(
                path, f"there and back, {written(path)} is not the same, and no loss says so."
            )


def of_the_payload(subject: Subject, case: Case) -> Iterator[Breach]:
    _, losses = subject.converted(case.payload, case.source, case.to, case)
    for loss in losses:
        is_of_target = loss.kind == "missing" or (loss.kind == "changed" and loss.value is None)
        if not is_of_target and not has(case.payload, parsed(loss.path)):
            yield Breach(
                parsed(loss.path), f"a loss names {loss.path}, which the payload does not have."
            )


def nothing_invented(subject: Subject, case: Case) -> Iterator[Breach]:
    made, _ = subject.converted(case.payload, case.source, case.to, case)
    if made is None:
        return
    said = {text for _, text in _leaves(case.payload)}
    said |= {other for text in said for other in subject.computed(text)}
    for path, text in _leaves(made):
        if text not in said and text not in subject.sayable:
            yield Breach(
                path,
                f"{written(path)} of the result is {text}, which neither the payload nor the map says.",
            )


def valid(subject: Subject, case: Case) -> Iterator[Breach]:
    made, losses = subject.converted(case.payload, case.source, case.to, case)
    if made is None:
        return
    said = _paths(losses)
    for path, message in subject.faults(made, case.to, case):
        if not subject.spellings.explained(path, said):
            yield Breach(
                path, f"{case.to} does not admit {written(path)} ({message}), and no loss says so."
            )


def through_another(subject: Subject, case: Case) -> Iterator[Breach]:
    if case.through in (case.source, case.to):
        return
    straight, losses = subject.converted(case.payload, case.source, case.to, case)
    middle, first = subject.converted(case.payload, case.source, case.through, case)
    if straight is None or middle is None:
        return
    made, second = subject.converted(middle, case.through, case.to, case)
    if made is None:
        return
    said = _paths([*losses, *first, *second])
    silent = [p for p in differences(straight, made) if not subject.spellings.explained(p, said)]
    # what has several forms is compared in the hub, where each of them may stand
    left, _ = subject.converted(straight, case.to, HUB, case)
    right, _ = subject.converted(made, case.to, HUB, case)
    if silent and all(
        subject.spellings.explained(path, said) or _is_one(subject, left, right, path)
        for path in differences(left, right)
    ):
        return
    for path in silent:
        yield Breach(
            path, f"through {case.through}, {written(path)} is another, and no loss says so."
        )


def _is_one(subject: Subject, left: Any, right: Any, path: Path) -> bool:
    """Whether two payloads mean the same at a path: forms of one value, or a constant that one of them does not say."""
    one, other = at(left, path), at(right, path)
    if not has(left, path) or not has(right, path):
        return subject.is_constant(path, other if has(right, path) else one)
    return subject.is_one(one, other)


LAWS = (
    Law("no-failure", "A conversion does not fail.", no_failure),
    Law("own", "To the own variant, a payload stays the same, and nothing is lost.", own),
    Law("untouched", "A payload is not changed, and the result shares nothing with it.", untouched),
    Law("there-and-back", "There and back gives the same, but for what is lost.", there_and_back),
    Law("of-the-payload", "A loss names what the payload has.", of_the_payload),
    Law("nothing-invented", "The result says what the payload or the map says.", nothing_invented),
    Law("valid", "The target admits the result, but for what is lost.", valid),
    Law(
        "through-another",
        "Through a third variant it becomes the same, but for what is lost.",
        through_another,
    ),
)


def _paths(losses: Iterable[Any]) -> list[Path]:
    return [parsed(loss.path) for loss in losses]


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every value that has no other in it, as text."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(item, (*path, name))
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from _leaves(item, (*path, n))
    else:
        yield path, Value.of(value).text


def _containers(value: Any) -> set[int]:
    if not isinstance(value, dict | list):
        return set()
    inner = value.values() if isinstance(value, dict) else value
    return {id(value)}.union(*map(_containers, inner))
