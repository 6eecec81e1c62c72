"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import click

from ..project.naming import other_name, package_fault

Function: TypeAlias = Callable[..., Any]
Option: TypeAlias = Callable[[Function], Function]

SEE_GENERATE = "See `modelgen generate`."


def format_(formats: Iterable[str]) -> Option:
    """`--format`, one of those in a table of formats."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(list(formats)),
        default="text",
        show_default=True,
        help="What to print.",
    )


def select(versions: str = "") -> Option:
    return click.option(
        "--select",
        metavar="GLOB",
        multiple=True,
        help=f"Only components whose name matches{versions}, and what they refer to. May be repeated.",
    )


def operations() -> Option:
    return click.option(
        "--operations",
        metavar="GLOB",
        multiple=True,
        help="Only operations whose operationId or `GET /path` matches. May be repeated.",
    )


def overlay() -> Option:
    return click.option(
        "--overlay",
        metavar="FILE",
        multiple=True,
        help="Lay this OpenAPI Overlay over the document. May be repeated.",
    )


def allow_ref_root(text: str = SEE_GENERATE) -> Option:
    return click.option("--allow-ref-root", metavar="DIR", multiple=True, help=text)


def allow_ref_host(text: str = SEE_GENERATE) -> Option:
    return click.option("--allow-ref-host", metavar="HOST", multiple=True, help=text)


def allow_private_hosts(text: str = SEE_GENERATE) -> Option:
    return click.option("--allow-private-hosts", is_flag=True, help=text)


def imported_as() -> Option:
    return click.option(
        "--package",
        metavar="NAME",
        help="What code imports the package as.  [default: as configured, else models]",
    )


def output_file() -> Option:
    return click.option(
        "-o", "--output", metavar="FILE", help="Where to write it.  [default: stdout]"
    )


def check_name(package: str) -> None:
    """Refuse what cannot be the name of a package."""
    if fault := package_fault(package):
        other = other_name(package)
        hint = f"; choose another name, such as {other}" if other else ""
        raise click.BadParameter(f'"{package}" {fault}{hint}', param_hint="--package")
