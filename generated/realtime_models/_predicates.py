"""Says whether a payload is valid by the letter of its schema (strict), and nothing about why not.

The tables that the validator reads are composed into functions when a type is first asked for. They come in two kinds.
Of a value that is `read` the reader of its type has looked at types, required properties and tags, and only the rest is
judged; of any other value everything is. Both are for plain JSON values; where a function says no, the validator is
asked for the faults. Loaded only when decoding is strict, or tries the members of a union that nothing tells apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from threading import RLock
from typing import Any, cast

from ._attempts import remembering
from ._runtime import STRING, Mismatch
from ._validator import (
    CHECKS,
    FORMATS,
    Validator,
    exact,
    fits,
    identity,
    members_of,
    read_table,
)

Predicate = Callable[[Any], bool]

_NONE = type(None)
_FLAT = frozenset({str, int, bool, _NONE})
# the class of a value -> the JSON types that it may be of
_KINDS: dict[type, tuple[str, ...]] = {
    dict: ("object",),
    list: ("array",),
    str: ("string",),
    int: ("integer",),
    float: ("integer", "number"),
    bool: ("boolean",),
    _NONE: ("null",),
}
_SCALARS = {"string": str, "boolean": bool}
_NO_SCHEMA = frozenset(
    {"enum", "const", "fixed", "required", "tag", "dependentRequired"}
)
_BY_NAME = frozenset({"properties", "patternProperties", "dependentSchemas"})
_LOCK = RLock()


def judges(package: str, schema: Any, read: bool) -> tuple[Predicate, Predicate]:
    """Whether data is valid under a schema that refers to the tables of a package of codecs: for data of any origin, and for
    data that a JSON parser made. `read`: it was read as the type already."""
    holds = _composer(package).of(schema, read)
    return lambda data: is_plain(data) and holds(data), holds


def matching_members(codecs: str, name: str, data: object) -> list[int]:
    """Which members of an ambiguous union accept the data by the letter."""
    package, _, module = codecs.rpartition(".")
    matching: list[int] = remembering(data, _matching, package, f"{module}#{name}")
    return matching


def is_plain(value: Any) -> bool:
    """Whether a value is made of exactly the classes that `json` gives, and has no number that JSON lacks."""
    cls = value.__class__
    if cls is dict:
        if not STRING.issuperset(map(type, value)):
            return False
        items = value.values()
    elif cls is list:
        items = value
    else:
        return cls in _FLAT or (cls is float and value - value == 0)
    return _FLAT.issuperset(map(type, items)) or all(map(is_plain, items))


def _matching(data: Any, package: str, ref: str, tried: dict[Any, Any]) -> list[int]:
    matching: list[int] = []
    for n, trial in enumerate(_composer(package).members(ref)):
        try:
            if _passes(trial, data, tried):
                matching.append(n)
        except (TypeError, ValueError, AttributeError):
            pass  # no plain JSON, and nothing for a predicate
    return matching


def always(_: Any) -> bool:
    return True


def never(_: Any) -> bool:
    return False


_Trial = tuple[int, Predicate]


def _passes(trial: _Trial, value: Any, tried: dict[Any, Any]) -> bool:
    """Whether a member of a union accepts a value, tried once while the payload at hand is judged."""
    number, test = trial
    place = number, id(value)
    found = tried.get(place)
    if found is None:
        # the value is kept, so that no other has its id
        found = tried[place] = value, test(value)
    return cast("bool", found[1])


@cache
def _composer(package: str) -> Composer:
    return Composer(package)


class Composer:
    """Makes the predicates of a package, each when it is first asked for."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.composed: dict[tuple[str, bool], Predicate] = {}
        self.trials: dict[str, list[_Trial]] = {}

    def named(self, ref: str, read: bool) -> Predicate:
        """The predicate of a named type; of one that is being composed, a function that looks for it later."""
        key = ref, read
        with _LOCK:
            if key not in self.composed:
                self.composed[key] = lambda value: self.composed[key](value)
                try:
                    self.composed[key] = self.of(self.target(ref), read)
                except BaseException:
                    del self.composed[key]
                    raise
            return self.composed[key]

    def members(self, ref: str) -> list[_Trial]:
        """The members of a named union, to be tried."""
        with _LOCK:
            if ref not in self.trials:
                found = members_of(self.target(ref))
                self.trials[ref] = [self._trial(member) for member in found]
            return self.trials[ref]

    def target(self, ref: str) -> Any:
        module, _, name = ref.partition("#")
        return read_table(self.package, module)[name]

    def accepts(self, schema: Any, value: object) -> bool:
        """What the validator says, for a schema that is asked about one value only."""
        return Validator(self.package, strict=True).accepts(schema, value)

    def of(self, schema: Any, read: bool) -> Predicate:
        if schema is True:
            return always
        if schema is False:
            return never
        general = list(self._general(schema, read))
        special = {cls: list(self._special(schema, cls, read)) for cls in _KINDS}
        if "type" not in schema and not any(special.values()):
            return _every(general)
        table: dict[type, Predicate] = {}
        for cls, kinds in _KINDS.items():
            allowed = [kind for kind in kinds if fits(kind, schema.get("type", kind))]
            tests = general + special[cls]
            if len(allowed) == 1 and cls is float and not read:
                tests.insert(0, float.is_integer)
            if allowed:
                table[cls] = _every(tests)
        return _by_class(table, read)

    def _general(self, schema: Any, read: bool) -> Iterator[Predicate]:
        """What is judged of values of every kind."""
        if "$ref" in schema:
            yield self.named(schema["$ref"], read)
        if "enum" in schema:
            yield _enum(schema["enum"], read)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                yield self._union(schema, word, read)
        if "const" in schema:
            yield _enum([schema["const"]], False)
        for inner in schema.get("allOf", ()):
            yield self.of(inner, False)
        if "not" in schema:
            excluded = self.of(schema["not"], False)
            yield lambda value: not excluded(value)
        if "if" in schema:
            test, then, other = (
                self.of(schema.get(word, True), False)
                for word in ("if", "then", "else")
            )
            yield lambda value: then(value) if test(value) else other(value)

    def _special(self, schema: Any, cls: type, read: bool) -> Iterator[Predicate]:
        """What is judged of the values of one class."""
        if cls is dict:
            yield from self._object(schema, read)
        elif cls is list:
            yield from self._array(schema, read)
        elif cls is str and "format" in schema:
            yield _format(schema["format"], read and "type" in schema)
        kind = _KINDS[cls][-1]
        for keyword, check in CHECKS.get(kind, ()):
            if keyword not in schema:
                continue
            if keyword in _SIMPLE:
                yield _SIMPLE[keyword](schema[keyword])
            elif keyword in ("unevaluatedProperties", "unevaluatedItems"):
                yield self._unevaluated(schema, check)

    def _unevaluated(self, schema: Any, check: Any) -> Predicate:
        """What other keywords have looked at is found by the validator."""

        def judge(value: Any) -> bool:
            validator = Validator(self.package, strict=True)
            return next(check(validator, schema, value, "$"), None) is None

        return judge

    # -- arrays and objects ------------------------------------------------------------------------------------

    def _array(self, schema: Any, read: bool) -> Iterator[Predicate]:
        prefix = [self.of(inner, read) for inner in schema.get("prefixItems", ())]
        rest = self.of(schema.get("items", True), read)
        if any(test is not always for test in prefix):
            yield lambda value: all(
                test(item) for test, item in zip(prefix, value, strict=False)
            )
        words = _words(rest)
        start = len(prefix)
        if words is not None and not start:
            yield words.issuperset
        elif rest is not always:
            yield lambda value: all(map(rest, value[start:] if start else value))
        if "contains" in schema:
            found = self.of(schema["contains"], False)
            least, most = schema.get("minContains", 1), schema.get("maxContains")

            def contains(value: Any) -> bool:
                count = sum(map(found, value))
                return bool(least <= count and (most is None or count <= most))

            yield contains

    def _object(self, schema: Any, read: bool) -> Iterator[Predicate]:
        patterns = {
            pattern: self.of(inner, False)
            for pattern, inner in schema.get("patternProperties", {}).items()
        }
        properties = schema.get("properties", {})
        if properties or "required" in schema:
            declared = self._declared if not read else self._read
            yield from declared(properties, schema.get("required", ()))
        rest = schema.get("additionalProperties", True)
        if rest is not True or patterns:
            # of properties that match patterns, reading looks at nothing
            others = self.of(rest, read and not patterns)
            yield from _others(frozenset(properties), patterns, others)
        if "propertyNames" in schema:
            names = self.of(schema["propertyNames"], False)
            yield lambda value: all(map(names, value))
        for wire, needed in schema.get("dependentRequired", {}).items():
            yield _needs(wire, frozenset(needed))
        for wire, inner in schema.get("dependentSchemas", {}).items():
            yield _if_present(wire, self.of(inner, False))

    def _declared(
        self, properties: Mapping[str, Any], required: Sequence[str]
    ) -> Iterator[Predicate]:
        """Whether what is required is there, and every declared property is valid."""
        classes: list[tuple[str, type]] = []
        tests: list[tuple[str, Predicate]] = []
        for wire, inner in properties.items():
            cls = _SCALARS.get(str(inner["type"])) if _is_bare(inner) else None
            if cls is not None:
                classes.append((wire, cls))
            else:
                tests.append((wire, self.of(inner, False)))

        def judge(value: Any) -> bool:
            for wire in required:
                if wire not in value:
                    return False
            for wire, cls in classes:
                if wire in value and value[wire].__class__ is not cls:
                    return False
            for wire, test in tests:
                if wire in value and not test(value[wire]):
                    return False
            return True

        yield judge

    def _read(
        self, properties: Mapping[str, Any], required: Sequence[str]
    ) -> Iterator[Predicate]:
        """Of an object that was read: null was tolerated where a property may be absent, words were not compared."""
        nulls: list[str] = []
        words: list[tuple[str, frozenset[Any]]] = []
        tests: list[tuple[str, Predicate]] = []
        for wire, inner in properties.items():
            fixed = None if isinstance(inner, bool) else inner.get("fixed")
            test = self.of(inner, True)
            if fixed is not None:
                test = always if self.accepts(inner, fixed) else never
            listed = _words(test)
            tolerated = wire not in required
            if tolerated and not self.accepts(inner, None):
                nulls.append(wire)
            elif tolerated and test is not always:
                listed = None if listed is None else listed | {None}
                test = _or_null(test)
            if listed is not None:
                words.append((wire, listed))
            elif test is not always:
                tests.append((wire, test))
        if not (nulls or words or tests):
            return

        def judge(value: Any) -> bool:
            if None in value.values():
                for wire in nulls:
                    if wire in value and value[wire] is None:
                        return False
            for wire, listed in words:
                if wire in value and value[wire] not in listed:
                    return False
            for wire, test in tests:
                if wire in value and not test(value[wire]):
                    return False
            return True

        yield judge

    # -- unions ------------------------------------------------------------------------------------------------

    def _union(self, schema: Any, word: str, read: bool) -> Predicate:
        """By class; a member that is the only one for a class was chosen by the reader too."""
        members: list[Any] = schema[word]
        table: dict[type, Predicate] = {}
        for cls in _KINDS:
            candidates = self.candidates(members, cls)
            if cls is dict and "tag" in schema:
                table[cls] = _Switch(self, schema, word, read).judge(schema["tag"], ())
            elif candidates:
                table[cls] = self.chosen(
                    schema, word, candidates, candidates, cls, read
                )
        return _by_class(table, read)

    def candidates(self, members: Sequence[Any], cls: type) -> list[int]:
        """The members that admit values of a class."""
        validator = Validator(self.package, strict=True)
        kinds = [sorted(validator.kinds(member, 0)) for member in members]
        return [
            n
            for n, named in enumerate(kinds)
            if any(fits(k, named) for k in _KINDS[cls])
        ]

    def chosen(
        self,
        schema: Any,
        word: str,
        candidates: Sequence[int],
        rivals: Sequence[int],
        cls: type,
        read: bool,
    ) -> Predicate:
        """Whether one of the candidates accepts a value; for `oneOf`, none of its rivals beside it."""
        members: list[Any] = schema[word]
        if word == "anyOf":
            rivals = ()
            if any(_admits_all(members[n], cls) for n in candidates):
                return always
        others = [n for n in rivals if n not in candidates]
        if len(candidates) == 1 and not others:
            return self.of(members[candidates[0]], read)
        trials = [self._trial(members[n]) for n in candidates]
        against = [self._trial(members[n]) for n in others]
        if cls in (dict, list) and self._is_recursive(schema, schema[word]):

            def judge(value: Any, tried: dict[Any, Any]) -> bool:
                passing = (trial for trial in trials if _passes(trial, value, tried))
                if next(passing, None) is None:
                    return False
                if word == "anyOf":
                    return True
                if next(passing, None) is not None:
                    return False
                return not any(_passes(trial, value, tried) for trial in against)

            return lambda value: remembering(value, judge)
        tests = [test for _, test in trials]
        if word == "anyOf":
            return lambda value: any(test(value) for test in tests)
        tests_against = [test for _, test in against]
        return lambda value: (
            sum(test(value) for test in tests) == 1
            and not any(test(value) for test in tests_against)
        )

    def _trial(self, member: Any) -> _Trial:
        return id(member), self.of(member, False)

    def _is_recursive(self, schema: Any, members: Sequence[Any]) -> bool:
        """Whether a value of a union may hold another one."""
        seen: set[str] = set()
        ahead: list[Any] = list(members)
        while ahead:
            node = ahead.pop()
            if node is schema:
                return True
            if node.__class__ is list:
                ahead.extend(node)
            for word, operand in node.items() if node.__class__ is dict else ():
                if word == "$ref" and operand not in seen:
                    seen.add(operand)
                    ahead.append(self.target(operand))
                elif word in _BY_NAME:
                    ahead.extend(operand.values())
                elif word not in _NO_SCHEMA:
                    ahead.append(operand)
        return False

    def refuses(self, schema: Any, wire: str, tag: str, depth: int = 0) -> bool:
        """Whether a tag alone tells that an object is not of a schema."""
        if isinstance(schema, bool) or depth > 20:
            return schema is False
        inner = schema.get("properties", {}).get(wire, True)
        if not self.accepts(inner, tag):
            return True
        if "$ref" in schema and self.refuses(
            self.target(schema["$ref"]), wire, tag, depth + 1
        ):
            return True
        if any(
            self.refuses(part, wire, tag, depth + 1) for part in schema.get("allOf", ())
        ):
            return True
        return any(
            all(self.refuses(member, wire, tag, depth + 1) for member in schema[word])
            for word in ("anyOf", "oneOf")
            if word in schema
        )


class _Switch:
    """Finds the member of a union that tags name, as the validator does. What a tag leads to is composed when that tag
    is first met."""

    def __init__(self, composer: Composer, schema: Any, word: str, read: bool) -> None:
        self.composer = composer
        self.schema = schema
        self.word = word
        self.read = read

    def judge(self, choice: Any, tags: tuple[tuple[str, str], ...]) -> Predicate:
        if choice.__class__ is not dict:
            return self._members(choice if choice.__class__ is list else [choice], tags)
        wire: str = choice["on"]
        cases: dict[str, Any] = choice["cases"]
        missing, unknown = (
            self.judge(choice[word], tags) if word in choice else None
            for word in ("missing", "unknown")
        )
        tests: dict[str, Predicate] = {}

        def judge(value: Any) -> bool:
            tag = value.get(wire)
            if tag.__class__ is str:
                test = tests.get(tag)
                if test is None and tag in cases:
                    with _LOCK:
                        test = tests[tag] = self.judge(cases[tag], (*tags, (wire, tag)))
                elif test is None:
                    test = unknown
            elif tag is None and (missing is not None or wire not in value):
                test = missing
            else:
                test = unknown
            return test is not None and test(value)

        return judge

    def _members(
        self, candidates: Sequence[int], tags: tuple[tuple[str, str], ...]
    ) -> Predicate:
        members: list[Any] = self.schema[self.word]
        rivals = [
            n
            for n in self.composer.candidates(members, dict)
            if not any(self.composer.refuses(members[n], *tag) for tag in tags)
        ]
        return self.composer.chosen(
            self.schema, self.word, candidates, rivals, dict, self.read
        )


# -- predicates put together ---------------------------------------------------------------------------------------------


def _every(tests: Sequence[Predicate]) -> Predicate:
    """All of these."""
    left = [test for test in tests if test is not always]
    if never in left:
        return never
    if not left:
        return always
    if len(left) == 1:
        return left[0]
    first, second, *others = left
    if not others:
        return lambda value: first(value) and second(value)

    def judge(value: Any) -> bool:
        for test in left:
            if not test(value):
                return False
        return True

    return judge


def _by_class(table: Mapping[type, Predicate], read: bool) -> Predicate:
    """The one for the class of a value. A value that was read is of one of these classes."""
    if read and len(set(table.values())) == 1:
        return next(iter(table.values()))
    if all(test is always for test in table.values()):
        return _of_classes(frozenset(table))
    if read and set(table) == {str, _NONE} and table[_NONE] is always:
        words = _words(table[str])
        if words is not None:
            return (words | {None}).__contains__
    if len(table) == 1:
        ((cls, only),) = table.items()
        return lambda value: value.__class__ is cls and only(value)
    get = table.get

    def judge(value: Any) -> bool:
        test = get(value.__class__)
        return test is not None and test(value)

    return judge


def _of_classes(classes: frozenset[type]) -> Predicate:
    if len(classes) == 1:
        (cls,) = classes
        return lambda value: value.__class__ is cls
    return lambda value: value.__class__ in classes


def _is_bare(schema: Any) -> bool:
    """Whether a schema says nothing but the JSON type."""
    return schema.__class__ is dict and schema.keys() == {"type"}


def _admits_all(schema: Any, cls: type) -> bool:
    """Whether every value of a class is plainly valid."""
    return schema is True or (
        _is_bare(schema) and all(fits(kind, schema["type"]) for kind in _KINDS[cls])
    )


def _words(test: Predicate) -> frozenset[Any] | None:
    """What a predicate compares with, if it does nothing else."""
    owner: Any = getattr(test, "__self__", None)
    compares = owner.__class__ is frozenset and test == owner.__contains__
    words: frozenset[Any] | None = owner if compares else None
    return words


def _or_null(test: Predicate) -> Predicate:
    return lambda value: value is None or test(value)


# -- predicates of single keywords ---------------------------------------------------------------------------------------


def _enum(values: Sequence[Any], read: bool) -> Predicate:
    """One of these. What was read is of the JSON type of one of them."""
    if all(value is None or isinstance(value, str) for value in values):
        words = frozenset(values)
        if read:
            return words.__contains__
        classes = frozenset(map(type, values))
        return lambda value: value.__class__ in classes and value in words
    identities = frozenset(map(identity, values))
    return lambda value: identity(value) in identities


def _format(name: str, read: bool) -> Predicate:
    """A text of a format. Reading accepts a space where RFC 3339 mentions one and its grammar has none."""
    reader = FORMATS[name]

    def judge(value: Any) -> bool:
        if " " in value:
            return False
        if read:
            return True
        try:
            reader(value)
        except Mismatch:
            return False
        return True

    return judge


def _others(
    declared: frozenset[str], patterns: Mapping[str, Predicate], rest: Predicate
) -> Iterator[Predicate]:
    """Of the properties that are not declared by name: those that match patterns, and the rest."""
    searches = [
        (re.compile(pattern).search, test) for pattern, test in patterns.items()
    ]

    def judge(value: Any) -> bool:
        for wire, item in value.items():
            matched = wire in declared
            for search, test in searches:
                if search(wire):
                    matched = True
                    if not test(item):
                        return False
            if not (matched or rest(item)):
                return False
        return True

    if searches or rest is not always:
        closed = rest is never and not searches
        yield declared.issuperset if closed else judge


def _needs(wire: str, needed: frozenset[str]) -> Predicate:
    return lambda value: wire not in value or needed <= value.keys()


def _if_present(wire: str, test: Predicate) -> Predicate:
    return lambda value: wire not in value or test(value)


def _multiple(divisor: Any) -> Predicate:
    parts = exact(divisor)
    whole = divisor.__class__ is int
    return lambda value: (
        value % divisor == 0
        if whole and value.__class__ is int
        else exact(value) % parts == 0
    )


def _pattern(pattern: str) -> Predicate:
    search = re.compile(pattern).search
    return lambda value: search(value) is not None


def _unique(_: Any) -> Predicate:
    def judge(value: Any) -> bool:
        seen: set[object] = set()
        for item in value:
            found = identity(item)
            if found in seen:
                return False
            seen.add(found)
        return True

    return judge


def _at_least(fewest: Any) -> Predicate:
    return lambda value: len(value) >= fewest


def _at_most(most: Any) -> Predicate:
    return lambda value: len(value) <= most


# keyword -> its operand -> the predicate
_SIMPLE: dict[str, Callable[[Any], Predicate]] = {
    "minimum": lambda bound: lambda value: value >= bound,
    "maximum": lambda bound: lambda value: value <= bound,
    "exclusiveMinimum": lambda bound: lambda value: value > bound,
    "exclusiveMaximum": lambda bound: lambda value: value < bound,
    "multipleOf": _multiple,
    "minLength": _at_least,
    "maxLength": _at_most,
    "pattern": _pattern,
    "minItems": _at_least,
    "maxItems": _at_most,
    "uniqueItems": _unique,
    "minProperties": _at_least,
    "maxProperties": _at_most,
}
