"""The values that a schema admits, as far as one test can tell, and that test as an expression."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Domain:
    """The values that a schema admits, as far as one test can tell. `texts`: None for any."""

    null: bool = False
    text: bool = False
    texts: tuple[str, ...] | None = None
    longest: int | None = None
    number: bool = False
    integer: bool = False
    low: float | None = None
    high: float | None = None
    boolean: bool = False
    array: bool = False
    fewest: int = 0
    items: Domain | None = None
    object: bool = False
    values: Domain | None = None
    any: bool = False

    def covers(self, other: Domain) -> bool:
        """Whether everything that `other` admits is admitted here."""
        if self.any:
            return True
        if other.any or (other.null and not self.null):
            return False
        if other.text and not self.covers_text(other):
            return False
        if other.number and not self.covers_number(other):
            return False
        if (other.boolean and not self.boolean) or (other.object and not self.object):
            return False
        if other.object and self.values and not (other.values and self.values.covers(other.values)):
            return False
        if other.array:
            if not self.array or self.fewest > other.fewest:
                return False
            if self.items and other.items and not self.items.covers(other.items):
                return False
        return True

    def covers_text(self, other: Domain) -> bool:
        if not self.text:
            return False
        longest = other.longest if other.texts is None else max(map(len, other.texts), default=0)
        if self.longest is not None and (longest is None or longest > self.longest):
            return False
        if self.texts is None:
            return True
        return other.texts is not None and set(other.texts) <= set(self.texts)

    def covers_number(self, other: Domain) -> bool:
        if not self.number or (self.integer and not other.integer):
            return False
        if self.low is not None and (other.low is None or other.low < self.low):
            return False
        return self.high is None or (other.high is not None and other.high <= self.high)
