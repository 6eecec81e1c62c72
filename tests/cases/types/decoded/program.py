from typing import Annotated, Any, Optional, assert_type

from decoded import Cat, Dog, Names, Pet, UnknownVariant, decode, decode_json, encode, validate


class Mine(Cat):
    __slots__ = ()

    def sound(self) -> str:
        return "purr"


def use(data: object, text: bytes, some: Any, kind: type[Cat], thing: object) -> None:
    assert_type(decode(Cat, data), Cat)
    assert_type(decode(Pet, data, strict=True), Cat | Dog | UnknownVariant)
    assert_type(decode(Names, data), list[str])
    assert_type(decode(list[Cat], data), list[Cat])
    assert_type(decode(list[Pet], data), list[Cat | Dog | UnknownVariant])
    assert_type(decode(dict[str, Cat], data), dict[str, Cat])
    assert_type(decode(tuple[int, Cat], data), tuple[int, Cat])
    assert_type(decode(Cat | None, data), Cat | None)
    assert_type(decode(Optional[Cat], data), Cat | None)
    assert_type(decode(Cat | Dog, data), Cat | Dog)
    assert_type(decode(Annotated[list[Cat], "a note"], data), list[Cat])
    assert_type(decode(kind, data), Cat)
    assert_type(decode(some, data), Any)
    assert_type(decode(thing, data), Any)
    assert_type(decode_json(list[Cat], text), list[Cat])
    assert_type(decode_json(Pet, text), Cat | Dog | UnknownVariant)
    assert_type(decode(Mine, data), Mine)
    assert_type(Mine.from_dict({}), Mine)
    assert_type(Mine.from_json(text).sound(), str)
    assert_type(encode([Cat()]), Any)
    validate(Cat())
