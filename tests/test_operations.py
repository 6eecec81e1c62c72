"""Records of operations: what they say, and that what travels decodes through them."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emitted import Emitted, importable, imported
from modelgen.emit.styles import STYLES
from modelgen.loader import load
from modelgen.pipeline import generate
from modelgen.project.config import Package

TEXT = {"type": "string"}
SHOP: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/orders/{id}": {
            "get": {
                "operationId": "getOrder",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": TEXT},
                    {"name": "expand", "in": "query", "schema": {"type": "array", "items": TEXT}},
                ],
                "responses": {
                    "200": {
                        "description": "ok",
                        "headers": {"X-Rate": {"schema": {"type": "integer"}}},
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["id"],
                                    "properties": {"id": TEXT},
                                }
                            },
                            "text/*": {"schema": TEXT},
                        },
                    },
                    "4XX": {
                        "description": "no",
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}
                        },
                    },
                    "default": {"description": "anything"},
                },
            },
        },
    },
    "components": {"schemas": {"Refusal": {"type": "object", "properties": {"why": TEXT}}}},
}


@pytest.fixture(scope="module", params=sorted(STYLES))
def shop(request: pytest.FixtureRequest) -> Iterator[Emitted]:
    with imported(SHOP, request.param) as emitted:
        yield emitted


def record(emitted: Emitted, name: str) -> Any:
    module = importlib.import_module(f"{emitted.package.__name__}.operations")
    assert module.OPERATIONS[name] is module.get_order
    return module.OPERATIONS[name]


def test_an_answer_decodes_by_its_status_and_media_type(shop: Emitted) -> None:
    order = record(shop, "getOrder")
    models = shop.package
    assert models.decode(order.response(200), {"id": "a"}) == models.GetOrderResponse(id="a")
    assert order.response(200, "Application/JSON; charset=utf-8") is models.GetOrderResponse
    assert models.decode(order.response(200, "text/csv"), "a,b") == "a,b"
    assert order.response(404) is models.Refusal
    with pytest.raises(LookupError, match="no application/json there: no body"):
        order.response(503)
    with pytest.raises(LookupError, match="no image/png there: application/json, text/"):
        order.response(200, "image/png")
    assert order.response_headers(200)(X_Rate=3).to_dict() == {"X-Rate": 3}
    assert order.response_headers(404) is None


def test_parameters_are_a_class_for_each_place(shop: Emitted) -> None:
    order = record(shop, "getOrder")
    assert order.parameter_type("path")(id="a").to_dict() == {"id": "a"}
    assert order.parameter_type("query")().to_dict() == {}
    assert order.parameter_type("cookie") is None
    assert order.styles == (("path", "id", "simple", False), ("query", "expand", "form", True))
    with pytest.raises(LookupError):
        order.body()


def test_a_status_that_is_not_there_is_an_error() -> None:
    only = {**SHOP["paths"]["/orders/{id}"]["get"], "responses": {"204": {"description": "x"}}}
    with (
        imported({**SHOP, "paths": {"/orders/{id}": {"get": only}}}) as emitted,
        pytest.raises(LookupError, match="does not answer with 200: 204"),
    ):
        record(emitted, "getOrder").response(200)


def test_sequences_and_parts_have_types() -> None:
    line = {"type": "object", "properties": {"id": TEXT}}
    lines = {"content": {"application/jsonl": {"itemSchema": line}}}
    size = {"X-Size": {"schema": {"type": "integer"}}}
    form = {"schema": {"type": "object"}, "encoding": {"file": {"headers": size}}}
    operation = {
        "operationId": "copy",
        "requestBody": {"content": {"multipart/form-data": form, **lines["content"]}},
        "responses": {"200": {"description": "ok", **lines}},
    }
    document = {
        **SHOP,
        "openapi": "3.2.0",
        "paths": {"/orders": {"additionalOperations": {"COPY": operation}}},
    }
    with imported(document) as emitted:
        module = importlib.import_module(f"{emitted.package.__name__}.operations")
        copy = module.copy
        assert copy.method == "COPY"
        assert copy.response(200, "application/jsonl") is None
        item = copy.response_item(200, "application/jsonl")
        assert emitted.package.decode(item, {"id": "a"}).id == "a"
        assert copy.body_item("application/jsonl") is not None
        assert copy.part_headers("multipart/form-data", "file")(X_Size=3).to_dict() == {"X-Size": 3}
        assert copy.part_headers("multipart/form-data", "other") is None
        with pytest.raises(LookupError, match="has no text/csv there: application/jsonl"):
            copy.response_item(200, "text/csv")


VENDORS = 10


def vendors(corpus: Path) -> list[Path]:
    return sorted((corpus / "vendors").iterdir())


@pytest.mark.parametrize("number", range(VENDORS))
@pytest.mark.parametrize("style", sorted(STYLES))
def test_documents_of_others_come_out_whole(corpus: Path, number: int, style: str) -> None:
    """Every module imports, and every type that an operation names is there."""
    path = vendors(corpus)[number]
    assert len(vendors(corpus)) == VENDORS
    package = Package(name=f"vendor_{number}_{style}", input=str(path), style=style)
    made = generate(load(str(path)), package)
    with (
        tempfile.TemporaryDirectory() as folder,
        importable(package.name, folder, dict(made.files)) as models,
    ):
        for file in made.files:
            if file.endswith(".py") and "/" not in file and not file.startswith("__"):
                importlib.import_module(f"{package.name}.{file.removesuffix('.py')}")
        for name in models.__all__:
            getattr(models, name)
        if "operations.py" in made.files:
            operations = importlib.import_module(f"{package.name}.operations").OPERATIONS
            for operation in operations.values():
                assert_complete(operation)


def assert_complete(operation: Any) -> None:
    for within in operation.parameters:
        assert operation.parameter_type(within) is not None
    for media, type_ in operation.request.items():
        assert (operation.body(media) is not None) == bool(type_)
    for status, content in operation.responses.items():
        if status.isdigit():
            for media, type_ in content.items():
                assert (operation.response(int(status), media) is not None) == bool(type_)
