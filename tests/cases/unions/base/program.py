from typing import assert_never, assert_type

from base import UNSET, Car, Cat, Dog, Owner, Pedals, Pet, PetBase, UnknownVariant, Unset, Vehicle
from base import decode_pet


def name(pet: Pet) -> str:
    assert_type(pet, Cat | Dog | PetBase)
    assert_type(pet.name, str | Unset)  # what all have needs no check of which it is
    match pet:
        case Cat(lives=lives):
            assert_type(lives, int | Unset)
            return "cat"
        case Dog(pet_type=tag):
            return tag
        case PetBase(pet_type=tag):
            return tag
        case _:
            assert_never(pet)


def power(vehicle: Vehicle) -> str:
    match vehicle:
        case Car() | Pedals():
            return vehicle.power or ""
        case UnknownVariant(tag):
            return tag
        case _:
            assert_never(vehicle)


assert_type(decode_pet({}), Pet)
owner = Owner(pet=Cat(lives=9), others=[PetBase(pet_type="Hamster"), Dog(pet_type="hound", good=True)])
if owner.pet is not UNSET:
    assert_type(owner.pet, Cat | Dog | PetBase)
Car(amps=3)
