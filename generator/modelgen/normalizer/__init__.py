"""Document -> Api: one spelling for every meaning. Every repair is an anomaly with a location."""

from .api import normalize

__all__ = ["normalize"]
