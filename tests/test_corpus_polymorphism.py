"""Discriminators of real documents: a payload becomes the class that its tag names."""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path
from typing import Any

import pytest

from emitted import importable
from modelgen.loader import load
from modelgen.pipeline import generate
from modelgen.project.config import Package

# A component, or an operation whose body it is; a payload, and the class that it becomes.
ROWS: dict[str, list[tuple[str, dict[str, Any], str]]] = {
    "readme__polymorphism.yaml": [
        ("Pet", {"pet_type": "Cat", "hunts": True}, "Cat"),
        ("Pet", {"pet_type": "Dog", "breed": "Husky"}, "Dog"),
        ("Pet", {"pet_type": "Fox"}, "PetBase"),
        ("patch_pets", {"pet_type": "Dog", "bark": True}, "Dog"),
    ],
    "readme__discriminators.json": [
        ("Pet", {"pet_type": "Cat", "age": 3}, "Cat"),
        ("BaseVehicle", {"powerSource": "electricity", "chargeAmps": 3}, "ElectricVehicle"),
        ("BaseVehicle", {"powerSource": "human-energy", "handlebars": "flat"}, "PedaledVehicle"),
        ("BaseVehicle", {"powerSource": "steam"}, "BaseVehicleBase"),
        (
            "one_of_with_top_level_discriminator_and_mapping",
            {"discrim": "Option Two"},
            "OptionTwoNoDisc",
        ),
        (
            "one_of_with_top_level_discriminator_no_mapping",
            {"discrim": "OptionTwoNoDisc"},
            "OptionTwoNoDisc",
        ),
        ("patch_embedded_discriminator", {"pet_type": "Dog"}, "Dog"),
        ("patch_oneof_allof_top_level_disc", {"pet_type": "DogNoDisc"}, "DogNoDisc"),
        (
            "patch_mapping_with_duplicate_schemas",
            {"discrimValue": "oneC", "discrim": "x"},
            "PatchMappingWithDuplicateSchemasRequestWithOptionone",
        ),
        ("patch_mapping_of_schema_names", {"discrim": "Option Two"}, "OptionTwoNoDisc"),
        (
            "post_potentially_undefined_form_data",
            {"event_type": "application_denied", "event_id": "e", "buyer_id": "b"},
            "ApplicationDeniedEvent",
        ),
    ],
}


@pytest.mark.parametrize("document", ROWS)
def test_a_payload_becomes_what_its_tag_names(corpus: Path, document: str) -> None:
    path = corpus / "vendors" / document
    package = Package(name=path.stem, input=str(path), style="dataclass")
    made = generate(load(str(path)), package)
    with (
        tempfile.TemporaryDirectory() as folder,
        importable(package.name, folder, dict(made.files)) as models,
    ):
        operations = importlib.import_module(f"{package.name}.operations")
        for name, payload, expected in ROWS[document]:
            record = getattr(operations, name, None)
            type_ = getattr(models, name) if record is None else record.body()
            value = models.decode(type_, payload)
            assert type(value).__name__ == expected, (name, payload)
            assert models.encode(value) == payload
            if record is None:  # `oneOf` is exclusive for a validator, which does not look at tags
                assert models.decode(type_, payload, strict=True) == value
