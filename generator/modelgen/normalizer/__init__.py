"""Document -> Api: one spelling for every meaning. Every repair is an anomaly with a location."""

from .api import normalize
from .directions import directed

__all__ = ["directed", "normalize"]
