"""Document -> Api: one spelling for every meaning. Every repair is an anomaly with a place."""

from .api import normalize

__all__ = ["normalize"]
