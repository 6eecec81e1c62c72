"""Links between the modules of a package: what a module needs of another is imported when it is first needed.

So modules may need each other, and who imports one model loads its module and no other. A class mentions types of other
modules in annotations alone, which Python does not evaluate; an alias that mentions one is a string until somebody asks
for it; a reader of another module is looked up when it is first called.
"""

from __future__ import annotations

import re
import sys
from _thread import RLock
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, ForwardRef

from ._runtime import Model

_NAME = re.compile(r"[^\W\d]\w*")
_LOCK = RLock()
# by module: its aliases that are strings, those of them that are being made, and whether it holds all that it mentions
_WAITING: dict[str, dict[str, Any]] = {}
_MAKING: dict[str, dict[str, Any]] = {}
_COMPLETE: set[str] = set()


def link(module: str) -> None:
    """Make a module of models find what it mentions; for its last line."""
    linked = sys.modules[module]
    names = vars(linked)
    waiting = {name: value for name, value in names.items() if _is_text(value)}
    for name, value in waiting.items():
        del names[name]
        text = ForwardRef(value.__origin__.__forward_arg__, module=module)
        waiting[name] = Annotated[text, value.__metadata__[-1]]
    _WAITING[module], _MAKING[module] = waiting, {}
    _COMPLETE.discard(module)
    linked.__class__ = _LinkedModule


def _is_text(value: Any) -> bool:
    return isinstance(getattr(value, "__origin__", None), ForwardRef)


class _LinkedModule(ModuleType):
    """A module that makes its aliases when they are asked for. Who asks for all that is in it, as `get_type_hints` does,
    finds what its annotations mention, too."""

    def held(self) -> dict[str, Any]:
        """What it holds already."""
        names: dict[str, Any] = super().__dict__
        return names

    def __getattr__(self, name: str) -> Any:
        with _LOCK:
            names, making = self.held(), _MAKING[self.__name__]
            if name in names:
                return names[name]
            if name in making:
                return making[name]  # an alias that leads back to itself
            if name not in _WAITING[self.__name__]:
                raise AttributeError(
                    f"module {self.__name__!r} has no attribute {name!r}"
                )
            alias = making[name] = _WAITING[self.__name__][name]
            text, schema = alias.__origin__.__forward_arg__, alias.__metadata__[-1]
            try:
                unfinished = _find(self, text)
                # the generator has written it, and has seen that it is a type expression
                names[name] = Annotated[eval(text, names, unfinished), schema]
            finally:
                del making[name]
            return names[name]

    if not TYPE_CHECKING:

        @property
        def __dict__(self) -> dict[str, Any]:
            names = self.held()
            with _LOCK:
                if self.__name__ not in _COMPLETE:
                    for name in _WAITING[self.__name__]:
                        getattr(self, name)
                    for value in list(names.values()):
                        if _is_class_of(self.__name__, value):
                            for text in value.__annotations__.values():
                                _find(self, text)
                    _COMPLETE.add(self.__name__)
            return names


def _is_class_of(module: str, value: Any) -> bool:
    return (
        isinstance(value, type)
        and issubclass(value, Model)
        and value.__module__ == module
    )


def _find(module: _LinkedModule, text: str) -> dict[str, Any]:
    """Put what a type expression mentions into the module; but for aliases that are being made, which are returned."""
    names = module.held()
    package = module.__name__.rpartition(".")[0]
    unfinished: dict[str, Any] = {}
    for name in _NAME.findall(text):
        home = sys.modules[package]._HOMES.get(name, "")
        if name not in names and home and not home.startswith(("._", "..")):
            found = import_module(home, package)
            value = getattr(found, name)
            is_made = name not in _MAKING.get(found.__name__, ())
            (names if is_made else unfinished)[name] = value
    return unfinished


def reader(codecs: str, name: str) -> Callable[[Any], Any]:
    """What reads a type of another module, in a module of codecs: its first call puts the reader itself into its place."""

    def read(value: Any) -> Any:
        package = codecs.rpartition("._codecs.")[0]
        home = sys.modules[package]._HOMES[name]
        found = getattr(import_module(f"{package}._codecs{home}"), f"read_{name}")
        names = vars(sys.modules[codecs])
        for key, held in list(names.items()):
            if not key.startswith("__"):
                names[key] = _replaced(held, read, found)
        return found(value)

    return read


def _replaced(held: Any, old: Any, new: Any) -> Any:
    """A reader, or a table of readers, with one put for another."""
    if held.__class__ is dict:
        for key, value in held.items():
            if value is old:
                held[key] = new
        return held
    if held.__class__ is tuple:
        return tuple([_replaced(value, old, new) for value in held])
    return new if held is old else held
