from typing import assert_type

from tuples import Pair, Row, Series, decode, decode_point

assert_type(decode_point([1, 2]), tuple[float, float])
assert_type(decode(Pair, []), tuple[str, int])
assert_type(decode(Row, []), tuple[str | int, ...])
x, y = decode_point([1, 2])
name, count, *rest = decode(Series, [])
assert_type(name, str)
assert_type(rest, list[float])
