"""What became of each public name of a package: the one table that says what code that uses it has to do.

A name of OLD is given in full, with the module that defines it. What is the same in both is not in the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of an attribute.

    `becomes` is the way to it from an object of the class's counterpart, as attributes; empty if it is gone.
    `objects` are the classes on the way, in full, and `absent` says whether one of them may be absent. `reads` and `writes`
    say whether its values are others for who reads and who writes it. `values` are those that are another now, as JSON
    texts; None for one that nothing took the place of. `made` are the class and the arguments of those that are objects.
    """

    name: str
    rule: str
    becomes: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    absent: bool = False
    reads: bool = False
    writes: bool = False
    old: str = ""
    new: str = ""
    why: str = ""
    values: Mapping[str, str | None] = field(default_factory=dict)
    come: tuple[str, ...] = ()  # what it admits and did not
    gone: tuple[str, ...] = ()
    made: Mapping[str, tuple[str, Mapping[str, object]]] = field(default_factory=dict)

    @property
    def is_kept(self) -> bool:
        return self.becomes == (self.name,)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeFate:
    """What became of a class, an alias or a function: `becomes` is its name in full, empty if it is gone.

    `members` are the classes of a union that a class became, by the value of the argument `tag` that chooses one. `also` is a
    class in which it stands at some places. `attributes` are those that are not as they were, by name, and `required`
    the arguments that the constructor needs and did not have. `is_another` says that it is no longer a class, or no
    longer stands for the same.
    """

    name: str
    rule: str
    becomes: str = ""
    why: str = ""
    is_another: bool = False
    old: str = ""
    new: str = ""
    attributes: Mapping[str, Fate] = field(default_factory=dict)
    required: tuple[Fate, ...] = ()
    values: Mapping[str, str | None] = field(default_factory=dict)
    wires: Mapping[str, str] = field(default_factory=dict)  # attribute -> its name in JSON
    tag: str = ""
    members: Mapping[str, str] = field(default_factory=dict)
    also: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """The table. `roots` are the import names of both packages, `known` all public names of OLD by their short name."""

    roots: tuple[str, str]
    types: Mapping[str, TypeFate]
    known: Mapping[str, str]

    @property
    def attributes(self) -> frozenset[str]:
        """The names of all attributes that are not as they were."""
        return frozenset(name for fate in self.types.values() for name in fate.attributes)
