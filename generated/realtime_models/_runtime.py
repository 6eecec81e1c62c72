"""Support for the models of this package: three-state values, errors, and the entry points of the codecs.

Models and codecs are generated; this module is the same in every package and depends on the standard library alone.
`orjson` reads and writes JSON text where it is installed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from importlib import import_module
from types import MappingProxyType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Literal,
    NoReturn,
    TypeVar,
    cast,
    overload,
)

try:
    import orjson as _installed
except ImportError:
    _orjson: Any = None
else:
    _orjson = _installed

__all__ = [
    "UNSET",
    "DecodeError",
    "Fault",
    "Model",
    "Schema",
    "UnknownVariant",
    "Unset",
    "decode",
    "decode_json",
    "encode",
    "encode_json",
    "encode_json_str",
    "validate",
]


class _AbsentProperty:
    """No encoder has a form for it: those that write enums by their values refuse this one."""

    __slots__ = ()


class Unset(Enum):
    """The type of `UNSET`, the value of a property that is absent. It is falsy and never written."""

    UNSET = _AbsentProperty()

    def __bool__(self) -> Literal[False]:
        return False

    if not TYPE_CHECKING:

        def __reduce_ex__(self, protocol: object) -> str:
            return "UNSET"

    def __repr__(self) -> str:
        return "UNSET"

    __str__ = __repr__


UNSET: Final = Unset.UNSET


class Fault:
    """One thing that is wrong with a payload: `path` (`$.a.b[0]`), `message`, and the JSON Schema `keyword` behind it."""

    __slots__ = ("keyword", "message", "path")

    def __init__(self, path: str, message: str, keyword: str) -> None:
        self.path = path
        self.message = message
        self.keyword = keyword

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fault) and (self.path, self.message) == (
            other.path,
            other.message,
        )

    def __hash__(self) -> int:
        return hash((self.path, self.message))

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"

    def __repr__(self) -> str:
        return f"Fault({self.path!r}, {self.message!r}, {self.keyword!r})"


class DecodeError(ValueError):
    """A payload does not fit its type. `errors` lists every fault with its path, `type_name` says which type."""

    def __init__(self, type_name: str, errors: Iterable[Fault]) -> None:
        self.type_name = type_name
        self.errors = tuple(errors)
        super().__init__(type_name, self.errors)

    def __str__(self) -> str:
        if len(self.errors) == 1:
            return f"{self.type_name}: {self.errors[0]}"
        faults = "".join(f"\n  {fault}" for fault in self.errors)
        return f"{self.type_name}: {len(self.errors)} faults{faults}"


class UnknownVariant:
    """A member of a tagged union that the schema does not know: its `tag` and the object as received (`raw`)."""

    __slots__ = ("raw", "tag")
    __match_args__ = ("tag", "raw")

    def __init__(self, tag: str, raw: dict[str, Any]) -> None:
        self.tag = tag
        self.raw = raw

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnknownVariant) and (self.tag, self.raw) == (
            other.tag,
            other.raw,
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"UnknownVariant(tag={self.tag!r}, raw={self.raw!r})"

    def to_dict(self) -> dict[str, Any]:
        """The object as received."""
        return cast("dict[str, Any]", encode(self.raw))


_M = TypeVar("_M", bound="Model")
_N = TypeVar("_N", bound="Nullable")


_HIDDEN = ("__dataclass_fields__", "__attrs_attrs__")


class _Hidden:
    """The fields of a class, for the standard library and attrs. Encoders that write the attributes of any such class
    (orjson, msgspec) look for them in the class itself, or for a dict or tuple: they would write Python names and
    what is absent, and find nothing here."""

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        self.convert = convert

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type) -> Any:
        for cls in owner.__mro__:
            fields = cls.__dict__.get("__model_fields__")
            if fields is not None and self.name in fields:
                found = fields[self.name]
                return found if instance is None else self.convert(found)
        raise AttributeError(self.name)


# The base of all generated classes; those without a description would inherit one.
class Model:
    __slots__ = ()

    if not TYPE_CHECKING:
        __dataclass_fields__ = _Hidden(MappingProxyType)
        __attrs_attrs__ = _Hidden(list)

        def __init_subclass__(cls, **options: Any) -> None:
            super().__init_subclass__(**options)
            hidden = {
                name: cls.__dict__[name] for name in _HIDDEN if name in cls.__dict__
            }
            if hidden:
                cls.__model_fields__ = hidden
                for name in hidden:
                    delattr(cls, name)

    @classmethod
    def from_dict(
        cls: type[_M], data: Mapping[str, Any], *, strict: bool = False
    ) -> _M:
        """Decode parsed JSON. Raises DecodeError."""
        return _an_object(cls, decode(cls, data, strict=strict))

    @classmethod
    def from_json(
        cls: type[_M], text: str | bytes | bytearray, *, strict: bool = False
    ) -> _M:
        """Decode JSON text (UTF-8 if bytes). Raises DecodeError."""
        return _an_object(cls, decode_json(cls, text, strict=strict))

    def to_dict(self) -> dict[str, Any]:
        """The value as JSON-ready data."""
        return cast("dict[str, Any]", encode(self))

    def to_json(self) -> bytes:
        """The value as JSON text in UTF-8."""
        return encode_json(self)

    def to_json_str(self) -> str:
        """The value as JSON text."""
        return encode_json_str(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: object) -> Any:
        """What pydantic calls: it decodes and encodes as this package does."""
        return import_module(f"{__package__}._pydantic").core_schema(source)

    def __repr__(self) -> str:
        names = [
            name
            for cls in reversed(type(self).__mro__)
            for name in cls.__dict__.get("__slots__", ())
        ]
        shown = (
            (name, getattr(self, name, UNSET))
            for name in names
            if name != "__weakref__"
        )
        return f"{type(self).__name__}({', '.join(f'{n}={v!r}' for n, v in shown if v is not UNSET)})"


# The base of classes whose schema admits null too: `decode` gives None for it.
class Nullable(Model):
    __slots__ = ()


class Schema:
    """Marks a union or alias (`Annotated[..., Schema(module, name)]`), so that it can be told apart at run time."""

    __slots__ = ("module", "name")

    def __init__(self, module: str, name: str) -> None:
        self.module = module
        self.name = name

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> Any:
        """What pydantic calls: it decodes and encodes as this package does."""
        T = Annotated[Any, self]
        return import_module(f"{__package__}._pydantic").core_schema(T)

    def __repr__(self) -> str:
        return f"Schema({self.module!r}, {self.name!r})"


# -- decoding ----------------------------------------------------------------------------------------------------------


class Mismatch(Exception):
    """Raised by generated decoders: something does not fit. What and where is found out afterwards."""


MISMATCH = Mismatch()

# by class, or by the schema that marks a union or alias
_DECODERS: dict[Any, Callable[[Any], Any]] = {}
_JUDGES: dict[Any, tuple[Callable[[Any], bool], Callable[[Any], bool]]] = {}
_TOO_DEEP = "nested too deeply"

_T = TypeVar("_T")

if TYPE_CHECKING:  # type checkers know this module without its being installed
    from typing_extensions import TypeForm, TypeVar as _TypeVar

    _F = _TypeVar("_F", default=Any)


@overload
def decode(T: type[_N], data: object, *, strict: bool = ...) -> _N | None: ...


@overload
def decode(T: type[_T], data: object, *, strict: bool = ...) -> _T: ...


@overload
def decode(T: TypeForm[_F], data: object, *, strict: bool = ...) -> _F: ...


@overload
def decode(T: object, data: object, *, strict: bool = ...) -> Any: ...


def decode(T: Any, data: object, *, strict: bool = False) -> Any:
    """Parsed JSON as a value of `T`: a class, union or alias of the package, or what is made of those, as `list[Cat]`,
    `dict[str, Cat]` or `Cat | None`.

    Lax, the default: JSON types, required properties and tags are checked; unknown properties and enum values are
    kept, null is tolerated on optional properties. Strict: exactly what the schema says.
    Raises DecodeError with every fault. The input is not changed.
    """
    try:
        key = T if T.__class__ is type else T.__metadata__[-1]
        value = _DECODERS[key](data)
        if not strict or _JUDGES[key][0](data):
            return value
    except Exception:
        pass  # the first use of a type, or a payload that does not fit it
    return _run(T, data, strict)


@overload
def decode_json(
    T: type[_N], text: str | bytes | bytearray, *, strict: bool = ...
) -> _N | None: ...


@overload
def decode_json(
    T: type[_T], text: str | bytes | bytearray, *, strict: bool = ...
) -> _T: ...


@overload
def decode_json(
    T: TypeForm[_F], text: str | bytes | bytearray, *, strict: bool = ...
) -> _F: ...


@overload
def decode_json(
    T: object, text: str | bytes | bytearray, *, strict: bool = ...
) -> Any: ...


def decode_json(T: Any, text: str | bytes | bytearray, *, strict: bool = False) -> Any:
    """JSON text (UTF-8 if bytes) as a value of `T`. Raises DecodeError, for text that is not JSON too; TypeError for what
    is no text."""
    try:
        data = _loads(text)
    except RecursionError:
        raise DecodeError(_name(T), [Fault("$", _TOO_DEEP, "json")]) from None
    except ValueError as error:
        raise DecodeError(
            _name(T), [Fault("$", f"not valid JSON: {error}", "json")]
        ) from None
    except (AttributeError, TypeError):
        raise TypeError(
            f"JSON text is str, bytes or bytearray, not {type(text).__name__}"
        ) from None
    try:
        key = T if T.__class__ is type else T.__metadata__[-1]
        value = _DECODERS[key](data)
        if not strict or _JUDGES[key][1](data):
            return value
    except Exception:
        pass  # the first use of a type, or a payload that does not fit it
    return _run(T, data, strict)


def validate(value: Model) -> None:
    """Check a value as strict decoding would. Raises DecodeError with every fault, and TypeError or ValueError for what JSON
    cannot hold."""
    decode(type(value), encode(value), strict=True)


def _run(T: Any, data: Any, strict: bool) -> Any:
    if data is None and isinstance(T, type) and issubclass(T, Nullable):
        return None
    return run(reader_of(T), T, data, strict)


def _an_object(cls: type[_M], value: _M | None) -> _M:
    if value is None:
        fault = Fault("$", "expected object, got null", "type")
        raise DecodeError(cls.__name__, [fault])
    return value


def run(decoder: Callable[[Any], _T], T: Any, data: Any, strict: bool) -> _T:
    """Decode fast; if that fails, find out why."""
    if strict:
        try:
            value = decoder(data)
            if _judges(T)[0](data):
                return value
        except Exception:
            pass
        _explain(T, data, True)
    try:
        return decoder(data)
    except (Mismatch, KeyError, RecursionError):
        pass
    plain = _explain(T, data, strict)
    message = f"does not fit {_name(T)}"
    try:
        return decoder(plain)
    except (Mismatch, KeyError):
        pass
    except RecursionError:
        message = _TOO_DEEP
    raise DecodeError(_name(T), [Fault("$", message, "type")])


def _explain(T: Any, data: Any, strict: bool) -> Any:
    """The data as plain JSON values. Raises DecodeError with all faults."""
    validator = import_module(f"{__package__}._validator")
    plain, faults = validator.examine(*located(T), data, strict)
    if faults:
        raise DecodeError(_name(T), faults)
    return plain


def _judges(T: Any) -> tuple[Callable[[Any], bool], Callable[[Any], bool]]:
    """Whether data that was read as `T` is valid: for data of any origin, and for data of a JSON parser."""
    key = _key(T)
    if key not in _JUDGES:
        predicates = import_module(f"{__package__}._predicates")
        _JUDGES[key] = predicates.judges(*located(T), True)
    return _JUDGES[key]


def reader_of(T: Any) -> Callable[[Any], Any]:
    """The function that reads values of a type. Raises TypeError for what is no type of the package or made of those."""
    key = _key(T)
    try:
        is_known = key in _DECODERS
    except TypeError:
        raise not_a_type(T) from None
    if not is_known:
        found = home(T)
        if found is None:
            read = _compound().compound(T).read
        else:
            read = getattr(_codecs(found[0]), f"read_{found[1]}")
            if isinstance(T, type) and not _is_generated(T):
                read = _extended(T, read)
        _DECODERS[key] = read
    return _DECODERS[key]


def not_a_type(T: Any) -> TypeError:
    return TypeError(
        f"{T!r} is not a class, union or alias of a generated package, and not made of those"
    )


def located(T: Any) -> tuple[str, Any]:
    """The package of the tables of a type, and its schema in their notation."""
    found = home(T)
    if found is None:
        compound = _compound().compound(T)
        return compound.package, compound.schema
    package, _, module = _codecs(found[0]).__name__.rpartition(".")
    return package, {"$ref": f"{module}#{found[1]}"}


def _extended(T: Any, read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What reads values of a class of a user, which extends a generated one."""
    names = _attributes(T)

    def extend(data: Any) -> Any:
        value, extended = read(data), new(T)
        for name in names:
            object.__setattr__(extended, name, getattr(value, name))
        return extended

    return extend


def _attributes(T: Any) -> frozenset[str]:
    """The names of the fields of a class that extends a generated one. Raises TypeError if it has any of its own, for which
    JSON has no place."""
    fields = frozenset(_field_names(T))
    base = next(cls for cls in T.__mro__ if _is_generated(cls))
    if own := fields - _field_names(base):
        raise TypeError(
            f"{T.__name__} has fields that {base.__name__} does not have: {', '.join(sorted(own))}"
        )
    return fields


def _field_names(T: Any) -> set[str]:
    attributes = getattr(T, "__attrs_attrs__", ())
    return {
        *getattr(T, "__dataclass_fields__", ()),
        *(attribute.name for attribute in attributes),
    }


def _key(T: Any) -> Any:
    """What a type is known by: a union or alias by the mark of its schema, anything else by itself."""
    metadata: tuple[Any, ...] = getattr(T, "__metadata__", ())
    return next((mark for mark in reversed(metadata) if isinstance(mark, Schema)), T)


def _codecs(module: str) -> Any:
    """The codecs of a module of models."""
    package, _, name = module.rpartition(".")
    return import_module(f"{package}._codecs.{name}")


def _compound() -> Any:
    return import_module(f"{__package__}._compound")


def home(T: Any) -> tuple[str, str] | None:
    """The module of models that defines a type, and the type's name there; None for one that no module defines. A class of
    a user counts as the generated class that it extends."""
    if isinstance(T, type):
        for cls in getattr(T, "__mro__", ()):
            if _is_generated(cls):
                return cls.__module__, cls.__name__
    mark: Any = _key(T)
    return (mark.module, mark.name) if isinstance(mark, Schema) else None


def _is_generated(cls: type) -> bool:
    return (
        cls not in (Model, Nullable)
        and issubclass(cls, Model)
        and cls.__module__.startswith(f"{__package__}.")
    )


def _name(T: Any) -> str:
    mark = _key(T)
    if isinstance(mark, Schema):
        return mark.name
    if T.__class__ is type:
        return T.__name__
    return cast("str", _compound().name(T))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _read_float(text: str) -> float:
    value = float(text)
    if value - value != 0:
        raise ValueError(f"{text} is too large for a number")
    return value


def _loads_standard(text: str | bytes | bytearray) -> Any:
    if isinstance(text, str):
        text.encode("utf-8")
    else:
        text = text.decode("utf-8")
    data = json.loads(text, parse_constant=_refuse_constant, parse_float=_read_float)
    if "\\ud" in text or "\\uD" in text:
        # half of a surrogate pair is no text, and could not be written again
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    return data


_DIGITS = bytes(48 if 48 <= n < 58 else 46 for n in range(256))
_MANY_DIGITS = b"0" * 19
_LONG = 1000


def _loads_fast(text: str | bytes | bytearray) -> Any:
    raw = text.encode("utf-8") if isinstance(text, str) else text
    # orjson reads integers beyond 64 bits as floats
    if len(raw) < _LONG:
        if raw.translate(_DIGITS).find(_MANY_DIGITS) < 0:
            return _orjson.loads(raw)
        return _loads_standard(text)
    # where a string makes the text long, classes are sooner looked at than digits
    try:
        data = _orjson.loads(raw)
    except ValueError:
        if raw.translate(_DIGITS).find(_MANY_DIGITS) < 0:
            raise
        return _loads_standard(text)
    if data.__class__ is dict and _EXACT.issuperset(map(type, data.values())):
        return data
    return (
        data if raw.translate(_DIGITS).find(_MANY_DIGITS) < 0 else _loads_standard(text)
    )


_loads: Callable[[Any], Any] = _loads_standard if _orjson is None else _loads_fast


# -- what generated decoders call ----------------------------------------------------------------------------------------

_NONE = type(None)
NUMBER = frozenset({int, float})
STRING = frozenset({str})
_EXACT = frozenset({str, int, bool, _NONE})

new: Any = object.__new__


def integer(value: Any) -> int:
    """A JSON integer as an int: `1.0` is one, `true` is not."""
    if value.__class__ is int:
        return value
    if value.__class__ is float and value.is_integer():
        return int(value)
    raise MISMATCH


def number(value: Any) -> float:
    if value.__class__ in NUMBER:
        return cast("float", value)
    raise MISMATCH


def string(value: Any) -> str:
    if value.__class__ is str:
        return value
    raise MISMATCH


def boolean(value: Any) -> bool:
    if value.__class__ is bool:
        return value
    raise MISMATCH


def null(value: Any) -> Any:
    """None, as `Any`: type checkers refuse to assign what can only be None."""
    if value is not None:
        raise MISMATCH
    return None


def strings(value: Any) -> list[str]:
    """A list of strings."""
    if value.__class__ is list and STRING.issuperset(map(type, value)):
        return cast("list[str]", value[:])
    raise MISMATCH


def items(value: Any) -> list[Any]:
    if value.__class__ is list:
        found: list[Any] = value
        return found
    raise MISMATCH


def members(value: Any) -> Iterable[tuple[str, Any]]:
    """The members of a JSON object."""
    if value.__class__ is dict and STRING.issuperset(map(type, value)):
        return cast("dict[str, Any]", value).items()
    raise MISMATCH


def kinds(value: Any, allowed: tuple[type, ...]) -> Any:
    """A scalar of one of these classes."""
    if value.__class__ in allowed:
        return value
    raise MISMATCH


def whole(value: Any, allowed: tuple[type, ...]) -> Any:
    """A scalar of one of these classes, numbers being integers."""
    return integer(value) if value.__class__ is float else kinds(value, allowed)


def positional(
    value: Any, rest: Callable[[Any], Any], *prefix: Callable[[Any], Any]
) -> list[Any]:
    """An array whose first items have types of their own."""
    decoders = prefix + (rest,) * (len(items(value)) - len(prefix))
    return [decoder(item) for decoder, item in zip(decoders, value, strict=False)]


def unchanged(value: Any) -> Any:
    return value


def extra(data: dict[Any, Any], known: set[str]) -> dict[str, Any]:
    """The properties that the schema does not name."""
    rest: dict[str, Any] = {}
    for key, value in data.items():
        if key not in known:
            if key.__class__ is not str:
                raise MISMATCH
            rest[key] = value
    return rest


_Reader = Callable[[Any], Any]


def variant(
    data: Any,
    wire: str,
    table: Mapping[str, _Reader],
    missing: _Reader | None = None,
    unknown: _Reader | None = None,
) -> Any:
    """The member that a tag names. `missing` reads objects without the tag, `unknown` those with another one; without
    them the former is an error and the latter is kept as it is."""
    tag = data.get(wire)
    if tag.__class__ is str:
        reader = table.get(tag) or unknown
        return UnknownVariant(tag, data) if reader is None else reader(data)
    reader = (
        missing
        if tag is None and (missing is not None or wire not in data)
        else unknown
    )
    if reader is None:
        raise MISMATCH
    return reader(data)


# -- formats -------------------------------------------------------------------------------------------------------------

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATE_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def date_time(value: Any) -> Any:
    """RFC 3339 date-time as a datetime that remembers how it was written."""
    if value.__class__ is str:
        found = _DATE_TIME.fullmatch(value)
        if found:
            formats = import_module(f"{__package__}._formats")
            try:
                return formats.read_date_time(value, *found.groups())
            except (ValueError, OverflowError):
                pass
    raise MISMATCH


def date(value: Any) -> Any:
    """RFC 3339 full-date as a date."""
    if value.__class__ is str and _DATE.fullmatch(value):
        formats = import_module(f"{__package__}._formats")
        try:
            return formats.read_date(value)
        except ValueError:
            pass
    raise MISMATCH


def uuid(value: Any) -> Any:
    """RFC 4122 text as a UUID that remembers how it was written."""
    if value.__class__ is str and _UUID.fullmatch(value):
        return import_module(f"{__package__}._formats").read_uuid(value)
    raise MISMATCH


# -- encoding ------------------------------------------------------------------------------------------------------------


def encode(value: Any) -> Any:
    """JSON-ready data for a value of the package: a model, or lists and dicts of them. `UNSET` properties are left
    out, null is written. Raises TypeError or ValueError for what JSON cannot hold."""
    encoder = _ENCODERS.get(value.__class__)
    try:
        return encoder(value) if encoder is not None else _encoder(value)(value)
    except RecursionError:
        raise ValueError(f"{_TOO_DEEP} for JSON") from None


def encode_json(value: Any) -> bytes:
    """JSON text in UTF-8."""
    return _dumps(encode(value))


def encode_json_str(value: Any) -> str:
    """JSON text, as `encode_json` in UTF-8."""
    return encode_json(value).decode("utf-8")


def merge(data: dict[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Write unknown properties back; declared ones win."""
    for key, value in more.items():
        if key not in data:
            data[key] = encode(value)
    return data


# These two take one call for each level.


def _encode_list(value: Iterable[Any]) -> list[Any]:
    encoded: list[Any] = []
    for item in value:
        encoder = _ENCODERS.get(item.__class__) or _encoder(item)
        encoded.append(encoder(item))
    return encoded


def _encode_dict(value: Mapping[Any, Any]) -> dict[str, Any]:
    encoded: dict[str, Any] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"a JSON object needs string keys, not {key!r}")
        if item is not UNSET:
            encoder = _ENCODERS.get(item.__class__) or _encoder(item)
            encoded[key] = encoder(item)
    return encoded


def _encode_unknown(value: UnknownVariant) -> Any:
    return encode(value.raw)


def _same(value: Any) -> Any:
    return value


def _finite(value: float) -> float:
    if value - value == 0:
        return value
    raise ValueError(f"{value} is not a JSON value")


_ENCODERS: dict[type, Callable[[Any], Any]] = {
    str: _same,
    int: _same,
    float: _finite,
    bool: _same,
    _NONE: _same,
    list: _encode_list,
    tuple: _encode_list,
    dict: _encode_dict,
    UnknownVariant: _encode_unknown,
}


def _encoder(value: Any) -> Callable[[Any], Any]:
    cls = value.__class__
    for base in cls.__mro__:
        if _is_generated(base):
            _attributes(cls)
            _ENCODERS[cls] = found = getattr(
                _codecs(base.__module__), f"write_{base.__name__}"
            )
            return cast("Callable[[Any], Any]", found)
    # before the known bases: a datetime that remembers its text is a datetime too
    encoder = import_module(f"{__package__}._formats").encoder(cls)
    if encoder is None:
        known = (_ENCODERS[base] for base in cls.__mro__ if base in _ENCODERS)
        encoder = next(known, None)
    if encoder is None:
        raise TypeError(f"{cls.__name__} has no JSON form")
    _ENCODERS[cls] = encoder
    return cast("Callable[[Any], Any]", encoder)


_write = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode


def _dumps_standard(data: Any) -> bytes:
    try:
        return _write(data).encode("utf-8")
    except RecursionError:
        raise ValueError(f"{_TOO_DEEP} for JSON") from None


def _dumps_fast(data: Any) -> bytes:
    try:
        return cast("bytes", _orjson.dumps(data))
    except TypeError:  # integers beyond 64 bits
        return _dumps_standard(data)


_dumps: Callable[[Any], bytes] = _dumps_standard if _orjson is None else _dumps_fast
