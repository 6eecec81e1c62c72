"""The edits of a file -> its new text. LibCST keeps everything else as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..disk.files import file_diff
from .look import Looked
from .sources import Source, tracked
from .types import missing
from .uses import Edits

try:
    import libcst as cst
    from libcst.metadata import MetadataWrapper, PositionProvider
except ImportError:
    raise missing("LibCST") from None


def rewritten(source: Source, edits: Edits) -> bytes:
    """The file with its edits, in its encoding. Raises ValueError if LibCST cannot read it."""
    try:
        module = cst.parse_module(source.text.removeprefix("\ufeff"))
    except (cst.ParserSyntaxError, RecursionError) as error:
        raise ValueError(f"LibCST cannot read it: {error}") from None
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    text = wrapper.visit(_Rewriter(edits)).code
    return text.encode(source.encoding, "backslashreplace")


class _Rewriter(cst.CSTTransformer):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, edits: Edits) -> None:
        super().__init__()
        self.edits = edits
        self._hoisted: list[str] = []

    def _place(self, node: cst.CSTNode) -> tuple[int, int]:
        start = self.get_metadata(PositionProvider, node).start
        return start.line, start.column

    # -- names -------------------------------------------------------------------------------------

    def leave_Name(  # noqa: N802
        self, original_node: cst.Name, updated_node: cst.Name
    ) -> cst.BaseExpression:
        new = self.edits.names.get(self._place(original_node))
        if new is None or "." in new or " " in new:
            return updated_node
        return updated_node.with_changes(value=new)

    def leave_Attribute(  # noqa: N802
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        new = self.edits.names.get(self._place(original_node.attr))
        if new is None or "." not in new:
            return updated_node
        *steps, last = new.split(".")
        value = updated_node.value
        for step in steps:
            value = cst.Attribute(value=value, attr=cst.Name(step), dot=updated_node.dot)
        return updated_node.with_changes(value=value, attr=cst.Name(last), dot=cst.Dot())

    # -- literals ----------------------------------------------------------------------------------

    def _literal(self, original: Any, updated: Any) -> Any:
        new = self.edits.literals.get(self._place(original))
        if new is None:
            return updated
        made = cst.parse_expression(new)
        return made.with_changes(lpar=updated.lpar, rpar=updated.rpar)

    def leave_SimpleString(  # noqa: N802
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.BaseExpression:
        made: cst.BaseExpression = self._literal(original_node, updated_node)
        return made

    def leave_Integer(  # noqa: N802
        self, original_node: cst.Integer, updated_node: cst.Integer
    ) -> cst.BaseExpression:
        made: cst.BaseExpression = self._literal(original_node, updated_node)
        return made

    def leave_List(  # noqa: N802
        self, original_node: cst.List, updated_node: cst.List
    ) -> cst.BaseExpression:
        made: cst.BaseExpression = self._literal(original_node, updated_node)
        return made

    # -- arguments that moved into objects ---------------------------------------------------------

    def leave_Call(  # noqa: N802
        self, original_node: cst.Call, updated_node: cst.Call
    ) -> cst.BaseExpression:
        moved = [
            (
                (new.split("."), self.edits.objects[place])
                if (place := self._keyword(arg)) in self.edits.objects
                and (new := self.edits.names.get(place, ""))
                else None
            )
            for arg in original_node.args
        ]
        if not any(moved):
            return updated_node
        callee = updated_node.func
        prefix = callee.value if isinstance(callee, cst.Attribute) else None
        args: list[cst.Arg] = []
        built: dict[str, int] = {}
        for arg, way in zip(updated_node.args, moved, strict=True):
            if way is None:
                args.append(arg)
                continue
            names, objects = way
            first = names[0]
            if first in built:
                self._hoist(arg, is_last=arg is updated_node.args[-1])
                args[built[first]] = _with(args[built[first]], arg, names, objects, prefix)
            else:
                built[first] = len(args)
                args.append(_made(arg, names, objects, prefix))
        if args and updated_node.args:
            args[-1] = args[-1].with_changes(
                comma=updated_node.args[-1].comma,
                whitespace_after_arg=updated_node.args[-1].whitespace_after_arg,
            )
        return updated_node.with_changes(args=args)

    def _hoist(self, arg: cst.Arg, is_last: bool) -> None:
        """Comments behind an argument that goes into an object; those of the last one stay where they are."""
        if is_last or not isinstance(arg.comma, cst.Comma):
            return
        space = arg.comma.whitespace_after
        if isinstance(space, cst.ParenthesizedWhitespace):
            comments = [space.first_line.comment, *(line.comment for line in space.empty_lines)]
            self._hoisted += [one.value for one in comments if one is not None]

    def _keyword(self, arg: cst.Arg) -> tuple[int, int] | None:
        return self._place(arg.keyword) if arg.keyword is not None else None

    # -- imports -----------------------------------------------------------------------------------

    def leave_ImportAlias(  # noqa: N802
        self, original_node: cst.ImportAlias, updated_node: cst.ImportAlias
    ) -> cst.ImportAlias:
        place = self._place(original_node)
        if place in self.edits.modules:
            return updated_node.with_changes(name=_dotted(self.edits.modules[place]))
        new = self.edits.names.get(place, "")
        if " as " in new:
            name, alias = new.split(" as ")
            return updated_node.with_changes(
                name=cst.Name(name), asname=cst.AsName(name=cst.Name(alias))
            )
        return updated_node

    def leave_SimpleStatementLine(  # noqa: N802
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> Any:
        marked = self._marked(original_node, updated_node)
        if len(original_node.body) != 1 or not isinstance(original_node.body[0], cst.ImportFrom):
            return marked
        before = original_node.body[0]
        if isinstance(before.names, cst.ImportStar):
            return marked
        homes = [self.edits.homes.get(self._place(name), "") for name in before.names]
        further = self.edits.further.get(self._place(before), {})
        if not any(homes) and not further:
            return marked
        node = marked.body[0]
        groups: dict[str, list[cst.ImportAlias]] = {}
        for home, name in zip(homes, node.names, strict=True):
            groups.setdefault(home, []).append(name)
        here = next(iter(homes)) or _text(node)
        for name, home in further.items():
            mine = here if home == here or (home == _text(node) and not homes[0]) else home
            key = next((known for known in groups if (known or _text(node)) == mine), mine)
            names = groups.setdefault(key, [])
            if all(_text_of(one.name) != name for one in names):
                _append(names, name)
        if len(groups) == 1:
            home = next(iter(groups))
            return marked.with_changes(body=[_from(node, home, groups[home])])
        lines = []
        for n, (home, names) in enumerate(groups.items()):
            made = _from(
                node.with_changes(lpar=None, rpar=None), home, [_alone(one) for one in names]
            )
            line = marked.with_changes(body=[made])
            lines.append(line if n == 0 else line.with_changes(leading_lines=[]))
        return cst.FlattenSentinel(lines)

    # -- comments ----------------------------------------------------------------------------------

    def _marked(self, original: Any, updated: Any) -> Any:
        texts = [*self.edits.marks.get(self._place(original)[0], ()), *self._hoisted]
        self._hoisted.clear()
        known = {line.comment.value for line in updated.leading_lines if line.comment is not None}
        lines = [cst.EmptyLine(comment=cst.Comment(text)) for text in texts if text not in known]
        if not lines:
            return updated
        return updated.with_changes(leading_lines=[*updated.leading_lines, *lines])


def _compound(name: str) -> None:
    def leave(self: _Rewriter, original_node: Any, updated_node: Any) -> Any:
        return self._marked(original_node, updated_node)

    setattr(_Rewriter, f"leave_{name}", leave)


for _name in (
    "ClassDef",
    "For",
    "FunctionDef",
    "If",
    "Match",
    "MatchCase",
    "Try",
    "TryStar",
    "While",
    "With",
):
    _compound(_name)


def _dotted(name: str) -> Any:
    made: Any = None
    for step in name.split("."):
        made = cst.Name(step) if made is None else cst.Attribute(value=made, attr=cst.Name(step))
    return made


def _text(node: cst.ImportFrom) -> str:
    return _text_of(node.module) if node.module is not None and not node.relative else ""


def _text_of(node: Any) -> str:
    if isinstance(node, cst.Attribute):
        return f"{_text_of(node.value)}.{node.attr.value}"
    return str(node.value)


def _from(node: cst.ImportFrom, home: str, names: Sequence[cst.ImportAlias]) -> cst.ImportFrom:
    made = node.with_changes(names=names)
    return made.with_changes(module=_dotted(home), relative=()) if home else made


def _append(names: list[cst.ImportAlias], name: str) -> None:
    """One name more, behind a comma like those before, and followed by what followed the last one."""
    last = names[-1]
    before = names[-2].comma if len(names) > 1 else None
    space: cst.BaseParenthesizableWhitespace = cst.SimpleWhitespace(" ")
    if isinstance(before, cst.Comma):
        space = before.whitespace_after
        if isinstance(space, cst.ParenthesizedWhitespace):
            space = space.with_changes(
                first_line=cst.TrailingWhitespace(newline=space.first_line.newline), empty_lines=[]
            )
    elif isinstance(last.comma, cst.Comma):
        space = last.comma.whitespace_after
    names.append(cst.ImportAlias(name=cst.Name(name), comma=last.comma))
    kept = last.comma.whitespace_after if isinstance(last.comma, cst.Comma) else None
    if isinstance(kept, cst.ParenthesizedWhitespace) and kept.first_line.comment is not None:
        space = kept.with_changes(
            last_line=getattr(space, "last_line", kept.last_line), indent=True
        )
        names[-1] = names[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    names[-2] = last.with_changes(comma=cst.Comma(whitespace_after=space))


def _alone(name: cst.ImportAlias) -> cst.ImportAlias:
    return name.with_changes(comma=cst.MaybeSentinel.DEFAULT)


def _class(full: str, prefix: Any) -> Any:
    name = cst.Name(full.rpartition(".")[2])
    return name if prefix is None else cst.Attribute(value=prefix, attr=name)


def _inner(arg: cst.Arg, name: str) -> cst.Arg:
    """An argument of a call within one line, whatever its own place was."""
    return cst.Arg(
        keyword=cst.Name(name),
        equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
        value=arg.value,
    )


def _made(arg: cst.Arg, names: Sequence[str], objects: Sequence[str], prefix: Any) -> cst.Arg:
    """The argument that stands for the outermost object, made of one of its values."""
    value = _inner(arg, names[-1])
    for name, full in zip(reversed(names[:-1]), reversed(objects), strict=True):
        call = cst.Call(func=_class(full, prefix), args=[value])
        value = _inner(cst.Arg(call), name)
    return arg.with_changes(keyword=cst.Name(names[0]), value=value.value)


def _with(
    outer: cst.Arg, arg: cst.Arg, names: Sequence[str], objects: Sequence[str], prefix: Any
) -> cst.Arg:
    """The argument with one value more in its object."""
    call = outer.value
    assert isinstance(call, cst.Call)
    inner = [*call.args]
    at = next(
        (n for n, one in enumerate(inner) if one.keyword and one.keyword.value == names[1]), None
    )
    if len(names) > 2 and at is not None:
        inner[at] = _with(inner[at], arg, names[1:], objects[1:], prefix)
    elif len(names) > 2:
        inner.append(_made(_inner(arg, names[1]), names[1:], objects[1:], prefix))
    else:
        inner.append(_inner(arg, names[1]))
    for n, one in enumerate(inner[:-1]):
        inner[n] = one.with_changes(comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
    return outer.with_changes(value=call.with_changes(args=inner))


# --- all files ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The lines of a unified diff, and the files that are left as they are, with the reason."""

    lines: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


def contents(looked: Looked, folder: Path, untracked: bool) -> tuple[dict[Path, bytes], Rewritten]:
    """The new content of each file that changes. Files that version control does not have stay, unless `untracked`."""
    known = None if untracked else tracked(folder)
    made: dict[Path, bytes] = {}
    lines: list[str] = []
    left: list[tuple[str, str]] = []
    for source, edits in looked.edits:
        if not untracked and (known is None or source.path.resolve() not in known):
            left.append((source.shown, "It is not under version control; --untracked rewrites it."))
            continue
        try:
            content = rewritten(source, edits)
        except ValueError as error:
            left.append((source.shown, str(error)))
            continue
        before = source.text.encode(source.encoding)
        if content != before:
            made[source.path] = content
            lines += file_diff(source.text, content.decode(source.encoding), source.shown)
    return made, Rewritten(tuple(lines), tuple(left))
