"""A file and the types in it -> the uses of names that are not as they were, and the edits that follow."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

from ..diff.rules import RULES
from ..errors import visible
from ..ir import Value
from .fates import Fate, Fates, TypeFate
from .sources import Source
from .types import Found, Types
from .uses import (
    Edits,
    Place,
    State,
    Use,
    bindings,
    imported_from,
    is_of,
    rebound,
    short,
    statements,
)

_READERS = frozenset({"from_dict"})
_NAME = re.compile(r"[^\W\d]\w*")
_LINE = re.compile(r"\r\n|\r|\n")
FEW, QUOTE = 4, '"'
_NOTHING = Fate(name="", rule="")


def find(source: Source, types: Types, fates: Fates) -> tuple[list[Use], Edits]:
    """The uses in a file, in its order, and its edits."""
    finder = _Finder(source, types, fates)
    finder.imports()
    finder.visit(source.tree)
    finder.finish()
    uses = sorted(dict.fromkeys(finder.uses), key=lambda use: use.order)
    return uses, finder.edits


class _Finder(ast.NodeVisitor):
    def __init__(self, source: Source, types: Types, fates: Fates) -> None:
        self.source, self.types, self.fates = source, types, fates
        self.uses: list[Use] = []
        self.edits = Edits()
        self._lines = _LINE.split(source.text)
        self._plain = _LINE.split(source.plain)
        self._module = types.module(source)
        self._is_package = source.path.name == "__init__.py"
        self._rebound = rebound(source.tree)
        self._bound: dict[str, str] = {}
        self._imports: dict[str, tuple[Place, str, str]] = {}
        for name, module, member in bindings(source.tree, self._module, self._is_package):
            full = types.member(module, member) or f"{module}.{member}" if member else module
            self._bound[name] = full
        self._statements = statements(source.tree)
        self._making: Callable[[str], str] = (
            lambda _: ""
        )  # a value that is an object now -> what makes it
        homes = (full.rpartition(".")[0] for full in fates.known.values())
        self._packages = {home.rpartition(".")[0] for home in homes if "._codecs" not in home}
        self._calm: set[Place] = (
            set()
        )  # attributes that are only compared with values that are known
        self._classes: set[Place] = set()  # where only a class will do
        self._chosen: dict[Place, str] = {}  # the member of a union that a class became
        self._local: dict[str, str] = {}  # names of the file that become others

    # -- what is said of a place -------------------------------------------------------------------

    def _add(
        self, at: Place, state: State, rule: str, what: str, old: str, new: str, remedy: str
    ) -> None:
        line, column = at
        use = Use(
            file=self.source.shown,
            line=line,
            column=column + 1,
            rule=rule,
            state=state,
            what=what,
            old=old,
            new=new,
            remedy=remedy,
        )
        self.uses.append(use)
        if state == "choose":
            self._mark(use)

    def _mark(self, use: Use) -> None:
        about = f"{use.what}: {use.remedy}" if use.remedy else use.what
        page = f" (docs/diff/{use.rule}.md)" if use.rule in RULES else ""
        text = visible(f"# modelgen: {use.rule}: {about}{page}")
        marks = self.edits.marks.setdefault(self._statements.get(use.line, use.line), [])
        if text not in marks:
            marks.append(text)

    def _rename(self, at: Place, new: str) -> None:
        self.edits.names[at] = new

    # -- references --------------------------------------------------------------------------------

    def _resolve(self, node: ast.AST) -> str:
        """What an expression of names refers to, in full, if that is known."""
        known = self.types.reference(self.source, node)
        if known and (is_of(self.fates, known) or not isinstance(node, ast.Name | ast.Attribute)):
            return known
        if isinstance(node, ast.Name):
            full = self._bound.get(node.id, "")
            is_sure = node.id not in self._rebound or self.types.of(self.source, node) is None
            return full if is_sure and (not known or known == full) else known
        if isinstance(node, ast.Attribute):
            base = self._resolve(node.value)
            return self.types.member(base, node.attr) if base and self.types.has(base) else known
        return known

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._reference(node, (node.lineno, node.col_offset), node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        at = _end(node, node.attr)
        if is_of(self.fates, self._resolve(node)) and self._resolve(node.value):
            self._reference(node, at, node.attr)
        else:
            self._attribute(node, at)
        self.visit(node.value)

    def _reference(self, node: ast.expr, at: Place, written: str) -> None:
        full = self._resolve(node)
        if not is_of(self.fates, full):
            return
        if full == self.fates.roots[0] and isinstance(node, ast.Attribute):
            new = short(self.fates.roots[1])
            if new != written:
                self._rename(at, new)
        fate = self.fates.types.get(full)
        if isinstance(node, ast.Name) and written in self._local:
            self._rename(at, self._local[written])
        if fate is None or not self._is_named(fate):
            return
        self._name(at, fate)
        if fate.also:
            remedy = f"where it is all that is sent, it stands in a {fate.also}"
            self._add(at, "remark", "properties-grouped", short(fate.name), "", fate.also, remedy)
        becomes = self._chosen.get(at, fate.becomes)
        if isinstance(node, ast.Attribute) and becomes and short(becomes) != written:
            self._rename(at, short(becomes))
        if isinstance(node, ast.Attribute) and fate.becomes:
            self._home(node, fate)

    def _home(self, node: ast.Attribute, fate: TypeFate) -> None:
        """`pkg.session.A`, where A stands in another module now."""
        base = self._resolve(node.value)
        before, after = fate.name.rpartition(".")[0], fate.becomes.rpartition(".")[0]
        if base != before or short(before) == short(after) or before in self._packages:
            return
        self._add(
            (node.lineno, node.col_offset),
            "choose",
            "module-changed",
            f"{short(fate.name)} stands in {after}",
            before,
            after,
            f"import it from {after}",
        )

    def _is_named(self, fate: TypeFate) -> bool:
        return bool(fate.rule) or not fate.becomes

    def _name(self, at: Place, fate: TypeFate) -> None:
        name = short(fate.name)
        if not fate.becomes:
            remedy = fate.why or "nothing took its place"
            self._add(at, "choose", fate.rule, f"{name} is gone", fate.old, "", remedy)
        elif fate.is_another:
            is_bad = (
                at in self._classes and fate.old.startswith("class ") and at not in self._chosen
            )
            told = f"{name} is {short(self._chosen.get(at, ''))}" if at in self._chosen else ""
            self._add(
                at,
                "choose" if is_bad else "follows" if told else "remark",
                fate.rule,
                told or f"{name} stands for something else",
                fate.old,
                fate.new,
                (
                    ""
                    if told
                    else "it is no class any more" if is_bad else "look at what is done with it"
                ),
            )
        elif short(fate.becomes) != name:
            new = short(fate.becomes)
            self._add(at, "follows", fate.rule, f"{name} is {new}", fate.name, fate.becomes, "")

    # -- imports -----------------------------------------------------------------------------------

    def imports(self) -> None:
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.Import):
                self._modules(node)
            elif isinstance(node, ast.ImportFrom):
                self._names_from(node)

    def _modules(self, node: ast.Import) -> None:
        for name in node.names:
            if is_of(self.fates, name.name):
                new = self._other_module(name.name)
                if new != name.name:
                    at = (name.lineno, name.col_offset)
                    self.edits.modules[at] = new
                    self._add(
                        at, "follows", "module-changed", f"{name.name} is {new}", name.name, new, ""
                    )

    def _names_from(self, node: ast.ImportFrom) -> None:
        home = imported_from(node, self._module, self._is_package)
        for name in node.names:
            at = (name.lineno, name.col_offset)
            full = self.types.member(home, name.name)
            if not full and is_of(self.fates, home):
                full = f"{home}.{name.name}"
            if name.name == "*":
                if is_of(self.fates, home):
                    self._add(at, "undecided", "module-changed", f"* of {home}", home, "", "")
            elif full == self.fates.roots[0] and self.fates.roots[0] != self.fates.roots[1]:
                self._imported(at, name, short(self.fates.roots[1]))
                self._add(
                    at,
                    "follows",
                    "module-changed",
                    f"{full} is {self.fates.roots[1]}",
                    *self.fates.roots,
                    "",
                )
            elif is_of(self.fates, full):
                self._import(node, name, at, home, full)

    def _import(
        self, node: ast.ImportFrom, name: ast.alias, at: Place, home: str, full: str
    ) -> None:
        fate = self.fates.types.get(full)
        if fate is not None and self._is_named(fate):
            self._name(at, fate)
        new = fate.becomes if fate is not None and fate.becomes else ""
        if new and short(new) != name.name:
            self._imported(at, name, short(new))
        if is_of(self.fates, home):
            after = self._other_module(home)
            if new and home == full.rpartition(".")[0] and home not in self._packages:
                after = new.rpartition(".")[0]
            if after != home:
                self.edits.homes[at] = after
        self._imports[name.asname or name.name] = ((node.lineno, node.col_offset), home, full)

    def _imported(self, at: Place, name: ast.alias, new: str) -> None:
        """A name that is imported under its own name is another in the whole file, unless that is taken."""
        if name.asname is None and (new in self._rebound or new in self._bound):
            self._rename(at, f"{new} as {name.name}")
            return
        self._rename(at, new)
        if name.asname is None:
            self._local[name.name] = new
            self.edits.listed[name.name] = new

    def _other_module(self, module: str) -> str:
        old, new = self.fates.roots
        rest = module.removeprefix(old)
        if not rest:
            return new
        homes = {
            fate.becomes.rpartition(".")[0]
            for fate in self.fates.types.values()
            if fate.becomes and fate.name.rpartition(".")[0] == module
        }
        return homes.pop() if len(homes) == 1 else f"{new}{rest}"

    # -- attributes --------------------------------------------------------------------------------

    def _fate(self, found: Found | None, attribute: str) -> tuple[Fate | None, str, bool]:
        """What became of an attribute of what an expression is, the class, and whether that is sure."""
        if found is None or (found.unknown and not found.classes):
            is_foreign = found is not None and not found.unknown
            return None, "", not (attribute in self.fates.attributes and not is_foreign)
        fates: list[tuple[Fate | None, str]] = []
        for owner in found.owners(attribute):
            if owner:
                fate = self.fates.types.get(owner)
                fates.append((fate.attributes.get(attribute) if fate else None, owner))
        known = [(fate, owner) for fate, owner in fates if fate is not None]
        if not known:
            return None, "", not (found.unknown and attribute in self.fates.attributes)
        first, owner = known[0]
        is_sure = len(known) == len(fates) and all(
            fate is not None and fate.becomes == first.becomes for fate, _ in known
        )
        return first, owner, is_sure

    def _attribute(self, node: ast.Attribute, at: Place) -> None:
        found = self.types.of(self.source, node.value)
        fate, owner, is_sure = self._fate(found, node.attr)
        if not is_sure:
            self._undecided(at, node.attr, fate)
        elif fate is not None:
            self._attribute_of(at, fate, owner, isinstance(node.ctx, ast.Load))

    def _attribute_of(self, at: Place, fate: Fate, owner: str, is_read: bool) -> None:
        what = f"{short(owner)}.{fate.name}"
        if not fate.becomes:
            remedy = fate.why or "nothing took its place"
            self._add(at, "choose", fate.rule, f"{what} is gone", fate.old, "", remedy)
            return
        new = ".".join(fate.becomes)
        remedies = []
        if fate.absent:
            remedies.append(f"say what to do where {'.'.join(fate.becomes[:-1])} is absent")
        if fate.why:
            remedies.append(fate.why)
        elif fate.reads and is_read and at not in self._calm:
            remedies.append(f"it may be {_listed(fate.come)}")
        if not fate.is_kept:
            self._rename(at, new)
            what = f"{what} is {new}"
        elif remedies:
            what = f"{what} has other values"
        if remedies or not fate.is_kept:
            state: State = "choose" if remedies else "follows"
            self._add(at, state, fate.rule, what, fate.old, fate.new, "; ".join(remedies))

    def _undecided(self, at: Place, attribute: str, fate: Fate | None) -> None:
        rules = sorted(
            {
                one.attributes[attribute].rule
                for one in self.fates.types.values()
                if attribute in one.attributes
            }
        )
        rule = fate.rule if fate is not None else rules[0]
        self._add(
            at,
            "undecided",
            rule,
            (
                f".{attribute} of what nothing says the type of"
                if fate is None
                else f".{attribute} of several classes, in which it became different things"
            ),
            "",
            "",
            "annotate it, and run this again" if fate is None else "tell the classes apart first",
        )

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._stored(target, node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._stored(node.target, node.value)
            full = self._resolve(node.annotation)
            fate = self.fates.types.get(full)
            if fate is not None and fate.values:
                self._values(
                    node.value, fate.values, short(full), fate.rule or "enum-value-removed"
                )
        self._annotation(node.annotation)
        self.generic_visit(node)

    def _stored(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Attribute):
            found = self.types.of(self.source, target.value)
            fate, owner, is_sure = self._fate(found, target.attr)
            if fate is not None and is_sure:
                self._written(_end(target, target.attr), value, fate, owner)

    def _written(
        self,
        at: Place,
        value: ast.expr,
        fate: Fate,
        owner: str,
        call: ast.Call | None = None,
    ) -> None:
        """A value that is given to an attribute."""
        what = f"{short(owner)}.{fate.name}"
        if not fate.becomes:
            return
        self._making = lambda text: self._call_of(fate.made.get(text), call)
        is_known = bool(fate.values) and self._values(value, fate.values, what, fate.rule)
        self._making = lambda _: ""
        if is_known:
            return
        if fate.writes and not self._is_fine(value, fate):
            self._add(
                at,
                "choose",
                fate.rule,
                f"{what} takes other values",
                fate.old,
                fate.new,
                f"not {_listed(fate.gone)}, but {_after(fate.new)}",
            )

    def _call_of(self, made: tuple[str, Mapping[str, object]] | None, call: ast.Call | None) -> str:
        """The text that makes an object, named as the class of a call is; "" if it cannot be named so."""
        if made is None or call is None or not self._named(call, (made[0],)):
            return ""
        full, arguments = made
        prefix = f"{ast.unparse(call.func.value)}." if isinstance(call.func, ast.Attribute) else ""
        given = ", ".join(f"{name}={_written(value, QUOTE)}" for name, value in arguments.items())
        return f"{prefix}{short(full)}({given})"

    def _is_fine(self, value: ast.expr, fate: Fate) -> bool:
        """Whether a literal is one that only the lists of values tell apart, and that is not among the gone."""
        if self._literal(value) is None or not fate.values:
            return False
        return _constants(value) is not None and not any(
            one in fate.values for one in _constants(value) or ()
        )

    # -- values ------------------------------------------------------------------------------------

    def _values(
        self, node: ast.expr, values: Mapping[str, str | None], what: str, rule: str
    ) -> bool:
        """A literal, or the literals in a list, that are other values now. Returns whether all of it is known."""
        text = self._literal(node)
        if text is not None and text in values:
            self._value(node, values[text], text, what, rule)
            return True
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            known = [self._values(one, values, what, rule) for one in node.elts]
            return all(known) and text is not None
        if isinstance(node, ast.IfExp):
            known = [self._values(one, values, what, rule) for one in (node.body, node.orelse)]
            return all(known)
        return isinstance(node, ast.Constant)

    def _value(self, node: ast.expr, new: str | None, text: str, what: str, rule: str) -> None:
        at = (node.lineno, node.col_offset)
        value = Value(new).json if new is not None else None
        made = self._making(new) if isinstance(value, dict) and new is not None else ""
        if made:
            state: State = "follows"
            remedy = ""
            self.edits.literals[at] = made
        elif (
            new is None
            or isinstance(value, dict)
            or isinstance(value, list) != isinstance(node, ast.List)
        ):
            state = "choose"
            remedy = f"it is written {new} now" if new is not None else "choose another value"
        else:
            state, remedy = "follows", ""
            quote = "'" if "'" in self._lines[node.lineno - 1][node.col_offset :][:3] else '"'
            self.edits.literals[at] = _written(value, quote)
        if rule not in ("const-changed", "tag-value-changed"):
            rule = "enum-value-renamed" if new is not None else "enum-value-removed"
        told = f"{text} of {what} is {new}" if new is not None else f"{text} of {what} is gone"
        self._add(at, state, rule, told, text, new or "", remedy)

    def _literal(self, node: ast.expr) -> str | None:
        """A literal as canonical JSON, as it stands in the file, beyond ASCII too; None if it is none."""
        if self.source.text is self.source.plain or node.end_lineno is None:
            return _json(node)
        lines = self._lines[node.lineno - 1 : node.end_lineno]
        lines[-1] = lines[-1][: node.end_col_offset]
        lines[0] = lines[0][node.col_offset :]
        return _json(node, "\n".join(lines))

    def visit_Compare(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        for one, other in pairwise(sides):
            for attribute, literal in ((one, other), (other, one)):
                if isinstance(attribute, ast.Attribute):
                    found = self.types.of(self.source, attribute.value)
                    fate, owner, is_sure = self._fate(found, attribute.attr)
                    if fate is not None and is_sure and fate.values:
                        what = f"{short(owner)}.{fate.name}"
                        if self._values(literal, fate.values, what, fate.rule):
                            self._calm.add(_end(attribute, attribute.attr))
        self.generic_visit(node)

    # -- calls -------------------------------------------------------------------------------------

    def visit_Call(self, node: ast.Call) -> None:
        callee = self.types.of(self.source, node.func)
        self._constructed(node)
        if self._resolve(node.func) == "dataclasses.replace" and node.args:
            self._arguments(node, self.types.of(self.source, node.args[0]), is_call=False)
        elif callee is not None and callee.is_class:
            self._arguments(node, callee, is_call=True)
        self._read(node)
        self.generic_visit(node)

    def _constructed(self, node: ast.Call) -> None:
        """Where a class is called, or asked for, that may be a union now."""
        self._needs_class(node.func)
        if self._resolve(node.func) == "builtins.isinstance" and len(node.args) == 2:
            asked = node.args[1]
            for one in asked.elts if isinstance(asked, ast.Tuple) else [asked]:
                self._needs_class(one)
            return
        fate = self.fates.types.get(self._resolve(node.func))
        if fate is not None and fate.members and isinstance(node.func, ast.Attribute):
            for word in node.keywords:
                text = self._literal(word.value) if word.arg == fate.tag else None
                if text is not None and text in fate.members:
                    self._chosen[_end(node.func, node.func.attr)] = fate.members[text]

    def _needs_class(self, node: ast.expr) -> None:
        if isinstance(node, ast.Name):
            self._classes.add((node.lineno, node.col_offset))
        elif isinstance(node, ast.Attribute):
            self._classes.add(_end(node, node.attr))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for base in node.bases:
            self._needs_class(base)
        self.generic_visit(node)

    def _arguments(self, node: ast.Call, found: Found | None, is_call: bool) -> None:
        if found is None or not any(self._is_model(info) for info in found.classes):
            return
        if is_call and any(_has_constructor(info, self.fates) for info in found.classes):
            return
        names = [word.arg for word in node.keywords]
        for word in node.keywords:
            at = (word.lineno, word.col_offset)
            if word.arg is None:
                self._spread(word, found)
                continue
            fate, owner, is_sure = self._fate(found, word.arg)
            if not is_sure:
                self._undecided(at, word.arg, fate)
            elif fate is not None:
                self._argument(node, word, fate, owner, is_call, names)
        if is_call and None not in names:
            self._required(node, found)

    def _argument(
        self,
        node: ast.Call,
        word: ast.keyword,
        fate: Fate,
        owner: str,
        is_call: bool,
        names: list[str | None],
    ) -> None:
        at = (word.lineno, word.col_offset)
        what = f"{short(owner)}({fate.name}=)"
        if not fate.becomes:
            remedy = fate.why or "nothing took its place"
            self._add(at, "choose", fate.rule, f"{what} is gone", fate.old, "", remedy)
            return
        new = ".".join(fate.becomes)
        clashes = fate.becomes[0] in names and fate.becomes[0] != fate.name
        if fate.is_kept:
            pass
        elif clashes or (
            len(fate.becomes) > 1 and not (is_call and self._named(node, fate.objects))
        ):
            remedy = f"give it as {new}"
            self._add(at, "choose", fate.rule, f"{what} is {new}", fate.old, fate.new, remedy)
            return
        else:
            self._rename(at, new)
            if len(fate.becomes) > 1:
                self.edits.objects[at] = fate.objects
            self._add(at, "follows", fate.rule, f"{what} is {new}", fate.old, fate.new, "")
        self._written(at, word.value, fate, owner, node)

    def _named(self, node: ast.Call, objects: Iterable[str]) -> bool:
        """Whether the classes on the way of a moved argument can be named as the called one is; asks for their import."""
        if isinstance(node.func, ast.Attribute):
            return self._resolve(node.func.value) in self._packages
        if isinstance(node.func, ast.Name) and node.func.id in self._imports:
            place, home, _ = self._imports[node.func.id]
            if any(short(one) in self._rebound or short(one) in self._bound for one in objects):
                return False
            for one in objects:
                is_root = home in self._packages
                if not is_of(self.fates, home):
                    return False
                told = f"{short(one)} is needed"
                self._add(place, "follows", "property-moved", told, "", one, "")
                after = self._other_module(home) if is_root else one.rpartition(".")[0]
                self.edits.further.setdefault(place, {})[short(one)] = after
            return True
        return False

    def _required(self, node: ast.Call, found: Found) -> None:
        at = (node.lineno, node.col_offset)
        for info in found.classes:
            home = next((base for base in info.mro if base.fullname in self.fates.types), None)
            if home is None:
                continue
            fate = self.fates.types[home.fullname]
            if fate.is_another:
                continue
            given = {
                becomes[0]
                for word in node.keywords
                if word.arg is not None
                for becomes in [fate.attributes.get(word.arg, _NOTHING).becomes or (word.arg,)]
            }
            for one in fate.required:
                if one.name not in given:
                    what = f"{short(fate.becomes or fate.name)}({one.name}=) is required"
                    self._add(at, "choose", one.rule, what, "", one.new, "give a value")

    def _spread(self, word: ast.keyword, found: Found) -> None:
        names = [
            name
            for info in found.classes
            for base in info.mro
            if base.fullname in self.fates.types
            for name in self.fates.types[base.fullname].attributes
        ]
        if names:
            at = (word.value.lineno, word.value.col_offset)
            remedy = f"look for {', '.join(sorted(set(names)))} among them"
            self._add(at, "undecided", "property-renamed", "arguments of **", "", "", remedy)

    def _is_model(self, info: object) -> bool:
        mro = getattr(info, "mro", ())
        return any(is_of(self.fates, base.fullname) for base in mro)

    def _read(self, node: ast.Call) -> None:
        """The keys of what is decoded at once: names in JSON, which no type checker sees."""
        fate: TypeFate | None = None
        payload: ast.expr | None = None
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr="from_dict"), args=[payload, *_]):
                fate = self.fates.types.get(self._resolve(value))
            case ast.Call(func=func, args=[value, payload, *_]):
                if short(self._resolve(func)) == "decode":
                    fate = self.fates.types.get(self._resolve(value))
        if fate is None or not isinstance(payload, ast.Dict):
            return
        wires = {wire: name for name, wire in fate.wires.items() if name in fate.attributes}
        for key in payload.keys:
            if isinstance(key, ast.Constant) and key.value in wires:
                one = fate.attributes[wires[key.value]]
                if one.rule == "attribute-name-changed":
                    continue
                self._add(
                    (key.lineno, key.col_offset),
                    "remark",
                    one.rule,
                    f'the key "{key.value}" of a {short(fate.name)}',
                    one.old,
                    one.new,
                    f"it is {'.'.join(one.becomes)} now" if one.becomes else "it is gone",
                )

    # -- patterns ----------------------------------------------------------------------------------

    def visit_MatchClass(self, node: ast.MatchClass) -> None:
        self._needs_class(node.cls)
        full = self._resolve(node.cls)
        fate = self.fates.types.get(full)
        start = (node.cls.end_lineno or 0, node.cls.end_col_offset or 0)
        for name, pattern in zip(node.kwd_attrs, node.kwd_patterns, strict=True):
            at = self._before(pattern, name, start)
            start = (pattern.end_lineno, pattern.end_col_offset)
            one = fate.attributes.get(name) if fate is not None else None
            if one is None or at is None:
                continue
            self._pattern(at, one, full, pattern)
        self.generic_visit(node)

    def _before(self, pattern: ast.pattern, name: str, start: Place) -> Place | None:
        """Where the name of an attribute stands, which the tree does not say: between what is before and its pattern."""
        line, column = pattern.lineno, pattern.col_offset
        while line >= start[0]:
            text = self._plain[line - 1][: column if line == pattern.lineno else None]
            first = start[1] if line == start[0] else 0
            for match in reversed(list(_NAME.finditer(text, first))):
                if match[0] == name:
                    return line, match.start()
            line -= 1
        return None

    def _pattern(self, at: Place, fate: Fate, owner: str, pattern: ast.pattern) -> None:
        what = f"{short(owner)}({fate.name}=)"
        if len(fate.becomes) > 1:
            new = ".".join(fate.becomes)
            remedy = f"match {new}"
            self._add(at, "choose", fate.rule, f"{what} is {new}", fate.old, fate.new, remedy)
            return
        listed = [one.value for one in ast.walk(pattern) if isinstance(one, ast.MatchValue)]
        known = [self._values(one, fate.values, what, fate.rule) for one in listed]
        if known and all(known):
            self._calm.add(at)
        self._attribute_of(at, fate, owner, is_read=True)

    # -- annotations and texts ---------------------------------------------------------------------

    def visit_arg(self, node: ast.arg) -> None:
        self._annotation(node.annotation)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._annotation(node.returns)
        self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._annotation(node.returns)
        self.generic_visit(node)

    def _annotation(self, node: ast.expr | None) -> None:
        """Texts in an annotation are expressions: `"list[rt.Session]"`."""
        for one in ast.walk(node) if node is not None else ():
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                self._text(one, one.value)

    def _text(self, node: ast.Constant, text: str) -> None:
        try:
            tree = ast.parse(text, mode="eval")
        except SyntaxError:
            return
        at = (node.lineno, node.col_offset)
        changed = text
        for one in ast.walk(tree):
            full = self._resolve_bound(one)
            fate = self.fates.types.get(full)
            written = one.id if isinstance(one, ast.Name) else getattr(one, "attr", "")
            new = self._local.get(written, "") if isinstance(one, ast.Name) else ""
            if fate is not None and self._is_named(fate):
                self._name(at, fate)
                if isinstance(one, ast.Attribute) and fate.becomes:
                    new = short(fate.becomes)
            if full == self.fates.roots[0] and isinstance(one, ast.Attribute):
                new = short(self.fates.roots[1])
            if new and new != written:
                changed = re.sub(rf"\b{re.escape(written)}\b", new, changed)
        if changed != text:
            quote = self._lines[node.lineno - 1][node.col_offset]
            self.edits.literals[at] = f"{quote}{changed}{quote}"

    def _resolve_bound(self, node: ast.AST) -> str:
        if isinstance(node, ast.Name):
            return self._bound.get(node.id, "")
        if isinstance(node, ast.Attribute):
            base = self._resolve_bound(node.value)
            return self.types.member(base, node.attr) if base else ""
        return ""

    def finish(self) -> None:
        """`__all__` names what is another now."""
        for node in self.source.tree.body:
            match node:
                case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List() | ast.Tuple()):
                    for one in ast.walk(node.value):
                        if isinstance(one, ast.Constant) and one.value in self._local:
                            quote = self._lines[one.lineno - 1][one.col_offset]
                            new = self._local[str(one.value)]
                            self.edits.literals[one.lineno, one.col_offset] = f"{quote}{new}{quote}"


def _end(node: ast.expr, name: str) -> Place:
    """Where the last name of an expression begins."""
    return node.end_lineno or 0, (node.end_col_offset or 0) - len(name)


def _listed(texts: Iterable[str]) -> str:
    shown = list(texts)
    more = f" and {len(shown) - FEW} more" if len(shown) > FEW else ""
    return ", ".join(shown[:FEW]) + more


def _after(signature: str) -> str:
    return signature.partition(": ")[2] or signature


def _json(node: ast.expr, real: str = "") -> str | None:
    """A literal as canonical JSON; None if it is none."""
    try:
        value = ast.literal_eval(real or node)
    except (ValueError, SyntaxError, TypeError, RecursionError):
        return None
    if isinstance(value, tuple):
        value = list(value)
    try:
        return Value.of(value).text
    except (TypeError, ValueError):
        return None


def _constants(node: ast.expr) -> list[str] | None:
    nodes: Iterable[ast.expr] = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    texts = [_json(one) for one in nodes]
    return None if None in texts else [text for text in texts if text is not None]


def _written(value: object, quote: str) -> str:
    """A JSON value as Python, in the quotes that stood there."""
    if isinstance(value, list):
        return f"[{', '.join(_written(one, quote) for one in value)}]"
    if isinstance(value, str):
        text = repr(value)
        return text if quote in text[1:-1] or "\\" in text else f"{quote}{text[1:-1]}{quote}"
    return repr(value)


def _has_constructor(info: object, fates: Fates) -> bool:
    """Whether a class that is not of the package says itself how it is made."""
    for base in getattr(info, "mro", ()):
        if is_of(fates, base.fullname):
            return False
        made = base.names.get("__init__") or base.names.get("__new__")
        if made is not None and not made.plugin_generated:
            return True
    return False
