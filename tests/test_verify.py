"""The last look before writing: an emitted module of models that is not what was meant is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import emitted
from modelgen.emit import parts
from modelgen.emit.styles import STYLES
from modelgen.emit.verify import UnexpectedCodeError, check_module
from modelgen.emit.views import AliasView, ClassView, ImportView, ModuleView

SCHEMAS = {
    "Session": {
        "description": "A session.",
        "type": "object",
        "required": ["id", "kind"],
        "properties": {
            "id": {"type": "string", "description": "Its name."},
            "kind": {"const": "session"},
            "level": {"const": -1},
            "at": {"type": "string", "format": "date-time"},
            "tree": {"$ref": "#/components/schemas/Tree"},
        },
    },
    "Tree": {
        "description": "A tree.",
        "type": "array",
        "items": {"$ref": "#/components/schemas/Tree"},
    },
    "Level": {"enum": ["low", "high"]},
}


@pytest.fixture(params=STYLES)
def module(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, ModuleView]:
    """A module of models as emitted, and its view."""
    seen: list[tuple[str, ModuleView]] = []
    monkeypatch.setattr(parts, "check_module", lambda *of: seen.append(of))
    emitted.generated(emitted.document(SCHEMAS), request.param)
    return seen[0]


def test_what_was_meant_passes(module: tuple[str, ModuleView]) -> None:
    check_module(*module)


# old, new: what is put in place of what
CHANGES = {
    "import": ("__all__ = [", "import os\n\n__all__ = ["),
    "import-more": (" Unset\n", " Unset, decode\n"),
    "import-from-elsewhere": ("from ._runtime import", "from .runtime import"),
    "import-other": ("from ._runtime import", "from os import"),
    "import-missing": ("from __future__ import annotations\n", ""),
    "decorator": ("class Session", "@print\nclass Session"),
    "decorator-arguments": ("repr=False", "repr=print()"),
    "base": ("(_Model)", "(_Model, print())"),
    "other-base": ("(_Model)", "(object)"),
    "metaclass": ("(_Model)", "(_Model, metaclass=print)"),
    "exports-call": ('    "Level",\n', '    "Level",\n    print("x"),\n'),
    "exports-star": ('    "Level",\n', '    "Level",\n    *print("x"),\n'),
    "exports-order": ('    "Level",\n    "Session",\n', '    "Session",\n    "Level",\n'),
    "default": ('"session"', 'print("session")'),
    "other-default": ('= "session"', '= "session "'),
    "default-name": ("tree: Tree | Unset = UNSET", "tree: Tree | Unset = Unset"),
    "no-default": ("tree: Tree | Unset = UNSET", "tree: Tree | Unset"),
    "annotation": ("    id: str", "    id: int"),
    "annotation-call": ("    id: str", "    id: print(1)"),
    "field-doc": ('    id: str\n    """Its name."""\n', "    id: str\n"),
    "field-more": ("    id: str\n", "    id: str\n    other: str\n"),
    "statement-in-class": ("    id: str\n", "    id: str\n    print()\n"),
    "method": ("    id: str\n", "    id: str\n    def __del__(self): ...\n"),
    "docstring": ("A session.", "Another session."),
    "alias-type": ('Annotated["list[Tree]"', 'Annotated["list[Session]"'),
    "alias-quotes": ('Annotated["list[Tree]"', "Annotated[list[Tree]"),
    "alias-call": ('Schema(__name__, "Tree")', 'Schema(__name__, "Tree", print())'),
    "alias-function": ('Schema(__name__, "Tree")', 'print(__name__, "Tree")'),
    "alias-name": ("Level: TypeAlias", "Other: TypeAlias"),
    "statement-before": ("from __future__", "print()\nfrom __future__"),
    "statement-after": ('    """A tree."""', '    """A tree."""'),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_not_meant_is_refused(change: str, module: tuple[str, ModuleView]) -> None:
    text, view = module
    old, new = CHANGES[change]
    if change == "statement-after":
        changed = text + "print()\n"
    else:
        assert old in text
        changed = text.replace(old, new)
    with pytest.raises(UnexpectedCodeError):
        check_module(changed, view)


def changed(view: ModuleView, kind: type[ClassView | AliasView], **values: Any) -> ModuleView:
    """The view with other values in each item of that kind."""
    items = [replace(item, **values) if isinstance(item, kind) else item for item in view.items]
    return replace(view, items=tuple(items))


def with_field(view: ModuleView, **values: Any) -> ModuleView:
    class_ = next(item for item in view.items if isinstance(item, ClassView))
    return changed(
        view, ClassView, fields=(replace(class_.fields[0], **values), *class_.fields[1:])
    )


@pytest.mark.parametrize(
    "code", ["print()", "x[print()]", "x.y(z)", "x + y", "lambda: 0", "[x]", "(yield)", "f'{x}'"]
)
def test_no_view_can_mean_code(code: str, module: tuple[str, ModuleView]) -> None:
    """Text that runs is refused wherever a view has it, even where it was printed as the view says."""
    _, view = module
    views = [
        with_field(view, type=code, declaration=code),
        with_field(view, default=code, declaration=f"str = {code}"),
        changed(view, AliasView, type=code),
        changed(view, ClassView, decorator=f"@{code}"),
        changed(view, ClassView, doc=code),
        replace(view, exports=(code,)),
        replace(view, doc=code),
        replace(view, import_groups=((ImportView("os", "system"),),)),
        replace(view, import_groups=((ImportView("os", alias="datetime"),),)),
        replace(view, import_groups=((ImportView(".m", f"x\n{code}"),),)),
        replace(view, import_groups=((ImportView(".m", "*"),),)),
    ]
    for meant in views:
        with pytest.raises(UnexpectedCodeError):
            check_module(parts.render(meant), meant)
