"""Any number of versions of a document -> the life of every property: where it was, and what was said of it."""

from .lives import trace
from .model import Event, History, Moment, Property, Schema, State, Version

__all__ = ["Event", "History", "Moment", "Property", "Schema", "State", "Version", "trace"]
