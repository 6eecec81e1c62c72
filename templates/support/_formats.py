"""Values that JSON writes as strings: they remember how they were written, so that encoding gives the same text."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any, SupportsIndex


class DateTime(datetime.datetime):
    """A datetime read from text that its own `isoformat` would not give back. What is computed from it is not one."""

    wire: str | None = None

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        if self.wire is None:
            return super().__reduce_ex__(protocol)
        return _date_time_as, (self.isoformat(), self.wire)


class Uuid(uuid.UUID):
    """A UUID read from text in upper case or without dashes."""

    __slots__ = ("wire",)
    wire: str

    def __reduce__(self) -> tuple[Any, ...]:
        return read_uuid, (self.wire,)


def read_date_time(
    text: str, day: str, time: str, fraction: str | None, zone: str | None
) -> datetime.datetime:
    """A date-time, split into its parts, as a datetime. Python keeps microseconds; a leap second becomes the second before
    it. The text itself is kept wherever it says more. Raises ValueError.
    """
    time = f"{time}:00"[:8]
    leap = time.endswith(":60")
    micro = ((fraction or ".0")[1:] + "000000")[:6]
    plain = datetime.datetime.fromisoformat(
        f"{day}T{time[:-2] + '59' if leap else time}.{micro}{_offset(zone)}"
    )
    if leap and plain.astimezone(datetime.timezone.utc).strftime("%H:%M") != "23:59":
        raise ValueError("a leap second is the last one of a day")
    if zone is not None and _text(plain) == text:
        return plain
    return _date_time_as(plain.isoformat(), text)


def _offset(zone: str | None) -> str:
    """A zone as Python reads it, "" for none."""
    if zone is None:
        return ""
    return zone if zone[0] in "+-" else "+00:00"


def _date_time_as(text: str, wire: str) -> DateTime:
    kept = DateTime.fromisoformat(text)
    kept.wire = wire
    return kept


def read_date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def read_uuid(text: str) -> uuid.UUID:
    plain = uuid.UUID(text)
    if str(plain) == text:
        return plain
    kept = Uuid(text)
    object.__setattr__(kept, "wire", text)
    return kept


def _text(value: datetime.datetime) -> str:
    text = value.isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def _encode_date_time(value: datetime.datetime) -> str:
    if value.tzinfo is None:
        raise TypeError("a date-time needs a time zone (RFC 3339)")
    return _text(value)


def _encode_kept(value: Any) -> str:
    return getattr(value, "wire", None) or (
        _text(value) if isinstance(value, datetime.datetime) else str(value)
    )


def encoder(cls: type) -> Callable[[Any], str] | None:
    """How to write values of a class, None if it is none of those here."""
    if issubclass(cls, DateTime | Uuid):
        return _encode_kept
    if issubclass(cls, datetime.datetime):
        return _encode_date_time
    if issubclass(cls, datetime.date):
        return datetime.date.isoformat
    if issubclass(cls, uuid.UUID):
        return str
    return None
