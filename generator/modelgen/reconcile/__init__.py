"""Several variants of one API -> one model that can hold what any of them says.

`read_map` takes the map as written: a frozen `Map` of shapes, their entries, members, tables of values and streams.
`resolve` holds it against the Apis of the variants and makes a frozen `Resolution`:

- An `Occurrence` is a shape, or a member of a union, in one schema of one variant. Its `Key` is hashable and stays the
  same from run to run: shape, variant, schema, the tag of the member, the wrapper. `resolution[key]` is the occurrence;
  occurrences refer to each other by key, since shapes may contain themselves.
- `occurrence.placements[entry.path]` is the `Placement` of an entry in that schema: its path there, types, whether it is
  required and nullable, and the keys of the shapes there. An entry without a placement is lost there.
- `occurrence.members[tag]` are the keys of a union's members, each with the tag under which the schema has it.
- `resolution.roots` are the keys of the families, by family, role and variant; `resolution.of(shape, tag)` all
  occurrences of a shape or member, oldest variant first; `resolution.sections()` each list of entries with its
  occurrences.

`faults` says what the map does not decide (`totality`, `containers`, `values`). A resolution without faults is what
`hub_api` makes the hub's model of, and what conversions are made of.
"""

from __future__ import annotations

from .constants import constant, constants, required
from .containers import Container, containers
from .faults import faults
from .forms import Form, ListForm, ObjectForm, ScaleForm, TimeForm, climbs, ladder
from .hub import hub_api, member_key
from .map import HUB, Choice, Entry, Fills, Forms, Map, Member, Row, Shape, Stream
from .meaning import Types
from .paths import Steps, is_in_list, lists, prefixes, steps
from .read import read_map
from .resolution import Key, Occurrence, Placement, Resolution, Root, Section, TaggedMember
from .resolve import resolve

__all__ = [
    "HUB",
    "Choice",
    "Container",
    "Entry",
    "Fills",
    "Form",
    "Forms",
    "Key",
    "ListForm",
    "Map",
    "Member",
    "ObjectForm",
    "Occurrence",
    "Placement",
    "Resolution",
    "Root",
    "Row",
    "ScaleForm",
    "Section",
    "Shape",
    "Steps",
    "Stream",
    "TaggedMember",
    "TimeForm",
    "Types",
    "climbs",
    "constant",
    "constants",
    "containers",
    "faults",
    "hub_api",
    "is_in_list",
    "ladder",
    "lists",
    "member_key",
    "prefixes",
    "read_map",
    "required",
    "resolve",
    "steps",
]
