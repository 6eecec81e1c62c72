from typing import assert_type

from directions import Login, Team, TeamInput, User, UserInput, Unset, decode
from directions.operations import add_user


def add(name: str) -> dict[str, object]:
    return UserInput(name=name, password="secret").to_dict()


def read(data: object) -> int:
    user = decode(User, data)
    assert_type(user.id, int)
    assert_type(user.password, str | Unset)
    return user.id


assert_type(UserInput(name="a", password="b").id, int | Unset)
assert_type(TeamInput(members={"a": UserInput(name="a", password="b")}).members, dict[str, UserInput] | Unset)
assert_type(Team().members, dict[str, User] | Unset)
Login(code="a")
add_user.body()
