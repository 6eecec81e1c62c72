"""Sources that are a path or a revision, what is taken of their documents, and what the lock says of it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from modelgen.cli import main
from modelgen.loader import parse
from modelgen.loader.writing import as_yaml
from modelgen.project.taking import without_prose

UPSTREAM = """\
openapi: 3.1.0
info: {title: Pets, version: 1.2.0, description: All about pets.}
servers: [{url: https://pets.test, description: The one.}]
tags: [{name: pets, description: Pets.}, {name: other}]
x-group: {name: pets}
paths:
  /pets/{id}:
    summary: One pet.
    parameters: [{$ref: '#/components/parameters/Id'}]
    get:
      operationId: getPet
      tags: [pets]
      summary: Get a pet.
      responses:
        '200':
          description: The pet.
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}, example: {name: Rex}}}
        default: {$ref: '#/components/responses/Error'}
    delete:
      operationId: deletePet
      responses: {'204': {description: Gone.}}
  /other:
    get: {operationId: getOther, tags: [other], responses: {'204': {description: Nothing.}}}
webhooks:
  pet.born:
    post: {operationId: petBorn, responses: {'204': {description: Good.}}}
components:
  securitySchemes: {key: {type: http, scheme: bearer, description: A key.}}
  parameters:
    Id: {name: id, in: path, required: true, description: Which., schema: {type: string, title: The id}}
    Unused: {name: unused, in: query, schema: {type: string}}
  responses:
    Error: {description: It failed., content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
  schemas:
    Pet:
      description: A pet.
      type: object
      required: [name, description]
      x-oldest: 3
      x-words: [some]
      properties:
        name: {type: string, description: Its name., example: Rex, default: description, maxLength: 9}
        description: {type: string, title: Words, enum: ['on', '1e3', '0o7', '=', 2026-08-21, ~]}
        example: {$ref: '#/components/schemas/Kind', description: Beside a reference.}
      examples: [{name: Rex}]
    Kind: {oneOf: [{$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: kind, mapping: {dog: Dog}}}
    Cat: {type: object, properties: {kind: {const: cat}}}
    Dog: {type: object, properties: {kind: {const: dog}}}
    Error: {type: object}
    Other: {type: object}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "project"
    home.mkdir()
    monkeypatch.chdir(home)
    Path("../upstream.yaml").write_text(UPSTREAM)
    return home


def configure(*lines: str, url: str = "../upstream.yaml", path: str = "specs/pets.yaml") -> None:
    Path("pyproject.toml").write_text(
        f'[tool.modelgen.packages.pets]\ninput = "{path}"\n'
        f'[tool.modelgen.sources.pets]\nurl = "{url}"\npath = "{path}"\n' + "\n".join(lines)
    )


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["fetch", *arguments], catch_exceptions=False)


def kept(path: str = "specs/pets.yaml") -> dict[str, Any]:
    assert run().exit_code == 0
    return dict(parse(path, Path(path).read_bytes()).data)


def pin() -> dict[str, Any]:
    return dict(json.loads(Path("modelgen.lock").read_text())["sources"]["pets"])


def test_a_path_is_kept_byte_for_byte() -> None:
    configure()
    assert run().exit_code == 0
    assert Path("specs/pets.yaml").read_text() == UPSTREAM
    assert (pin()["version"], "taken" in pin()) == ("1.2.0", False)
    assert run("--locked").exit_code == 0


def test_what_is_selected_and_what_it_refers_to() -> None:
    configure('select = ["Pet"]')
    data = kept()
    assert list(data["components"]["schemas"]) == ["Pet", "Kind", "Cat", "Dog"]
    assert (data["paths"], data["tags"], "webhooks" in data) == ({}, [], False)
    assert list(data["components"]) == ["schemas"]
    assert pin()["taken"]["select"] == ["Pet"]


def test_operations_and_what_they_refer_to() -> None:
    configure('operations = ["GET /pets*", "petBorn"]')
    data = kept()
    assert list(data["paths"]) == ["/pets/{id}"]
    assert "delete" not in data["paths"]["/pets/{id}"]
    assert list(data["webhooks"]) == ["pet.born"]
    assert list(data["components"]["schemas"]) == ["Pet", "Kind", "Cat", "Dog", "Error"]
    assert list(data["components"]["parameters"]) == ["Id"]
    assert list(data["components"]["securitySchemes"]) == ["key"]
    assert [tag["name"] for tag in data["tags"]] == ["pets"]


def test_facts_without_words() -> None:
    configure("prose = false")
    data = kept()
    assert data["info"] == {"title": "Pets", "version": "1.2.0"}
    pet = data["components"]["schemas"]["Pet"]
    assert pet == {
        "type": "object",
        "required": ["name", "description"],
        "x-oldest": 3,
        "properties": {
            "name": {"type": "string", "default": "description", "maxLength": 9},
            "description": {
                "type": "string",
                "enum": ["on", "1e3", "0o7", "=", "2026-08-21", None],
            },
            "example": {"$ref": "#/components/schemas/Kind"},
        },
    }
    assert data["components"]["responses"]["Error"]["description"] == ""
    assert "x-group" not in data
    text = Path("specs/pets.yaml").read_text()
    assert not any(word in text for word in ("All about", "Its name", "Rex", "Beside", "failed"))


def test_an_overlay_brings_other_words() -> None:
    Path("words.overlay.yaml").write_text(
        "overlay: 1.1.0\ninfo: {title: Words, version: '1'}\nactions:\n"
        "- target: $.components.schemas.Pet\n  update: {description: One of ours.}\n"
    )
    configure("prose = false", 'overlays = ["words.overlay.yaml"]')
    assert kept()["components"]["schemas"]["Pet"]["description"] == "One of ours."
    assert list(pin()["taken"]["overlays"]) == ["words.overlay.yaml"]
    text = Path("words.overlay.yaml").read_text()
    Path("words.overlay.yaml").write_text(text.replace("ours", "mine"))
    assert run("--locked").exit_code == 2
    assert kept()["components"]["schemas"]["Pet"]["description"] == "One of mine."


def test_json_stays_json() -> None:
    configure("prose = false", path="specs/pets.json")
    Path("../upstream.yaml").write_text(json.dumps(yaml.safe_load(UPSTREAM), default=str))
    assert kept("specs/pets.json")["openapi"] == "3.1.0"
    assert Path("specs/pets.json").read_text()[0] == "{"


def test_swagger_is_kept_as_it_is_written() -> None:
    Path("../upstream.yaml").write_text(
        "swagger: '2.0'\ninfo: {title: Pets, version: '1'}\npaths: {}\ndefinitions:\n"
        "  Pet: {type: object, properties: {home: {$ref: '#/definitions/Home'}}}\n"
        "  Home: {type: string, description: Where it lives.}\n  Other: {type: string}\n"
    )
    configure('select = ["Pet"]', "prose = false")
    data = kept()
    assert data["definitions"]["Home"] == {"type": "string"}
    assert "Other" not in data["definitions"]


def test_another_selection_is_taken_although_upstream_is_the_same() -> None:
    configure('select = ["Pet"]')
    kept()
    configure('select = ["Other"]')
    assert run("--locked").exit_code == 2
    assert list(kept()["components"]["schemas"]) == ["Other"]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ('select = ["Pets"]', "Did you mean Pet?"),
        ('operations = ["getPets"]', "Correct operations"),
    ],
)
def test_what_is_selected_must_be_there(line: str, hint: str) -> None:
    configure(line)
    result = run()
    assert result.exit_code == 2
    assert "error[source-select]" in result.stderr
    assert hint in result.stderr
    assert not Path("specs").exists()


def test_a_revision_is_of_the_day_of_its_commit() -> None:
    repository("2026-08-21T23:30:00Z")
    configure(url="v1:upstream.yaml", path="pets.yaml")
    assert run().exit_code == 0
    assert pin()["date"] == "2026-08-21"
    Path("upstream.yaml").write_text(UPSTREAM.replace("1.2.0", "1.3.0"))
    configure(url="upstream.yaml", path="pets.yaml")
    assert run().exit_code == 0
    assert pin()["date"] > "2026-08-21"  # it was changed since


@pytest.mark.parametrize("how", ["day", "version"])
def test_what_is_older_is_not_taken(how: str) -> None:
    configure()
    if how == "day":
        configure(url="v1:upstream.yaml", path="pets.yaml")
        repository("2026-08-21T00:00:00Z")
    assert run().exit_code == 0
    before = Path("modelgen.lock").read_text()
    if how == "day":
        git("tag", "-d", "v1")
        Path("upstream.yaml").write_text(UPSTREAM.replace("All about", "Much of"))
        commit("2026-08-20T00:00:00Z")
    else:
        Path("../upstream.yaml").write_text(UPSTREAM.replace("1.2.0", "1.1.9"))
    result = run()
    assert result.exit_code == 2
    assert "error[source-older]" in result.stderr
    assert Path("modelgen.lock").read_text() == before


def git(*arguments: str, **environment: str) -> None:
    settings = ["-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", *settings, *arguments], check=True, env={**os.environ, **environment})


def commit(day: str) -> None:
    git("add", "upstream.yaml")
    git("commit", "-qm", "A version", GIT_COMMITTER_DATE=day, GIT_AUTHOR_DATE=day)
    git("tag", "v1")


def repository(day: str) -> None:
    git("init", "-q", ".")
    Path("upstream.yaml").write_text(UPSTREAM)
    commit(day)


TEXT = st.text() | st.sampled_from(
    ["on", "1e3", "0o7", "0x1", ".5", "-", "<<", "=", "~", "1_0", "12:30", "+1", "-.inf"]
)
DATA = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
)


@given(DATA)
def test_what_is_written_is_read_as_the_same(data: object) -> None:
    text = as_yaml({"data": data})
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        return
    assert parse("a.yaml", raw).data == {"data": data}


@given(DATA)
def test_facts_have_no_further_words_to_lose(data: object) -> None:
    facts = without_prose(data)
    assert without_prose(facts) == facts
