"""`modelgen migrate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import DIFFERENCE, code, messages, options, terminal

if TYPE_CHECKING:
    pass


@click.command()
@click.argument("inputs", metavar="[OLD NEW] DIR", nargs=-1, required=True)
@click.option(
    "--from", "from_", metavar="VARIANT", help="Instead of OLD: the variant that code uses."
)
@click.option("--to", metavar="VARIANT", help="Instead of NEW: the variant that it is to use.")
@options.imported_as()
@click.option("--check", is_flag=True, help="Write nothing; print a diff, exit 1 if there is any.")
@click.option(
    "--untracked", is_flag=True, help="Rewrite files that are not under version control too."
)
@options.allow_ref_root()
@options.allow_private_hosts()
def migrate(
    inputs: tuple[str, ...],
    from_: str | None,
    to: str | None,
    package: str | None,
    check: bool,
    untracked: bool,
    allow_ref_root: tuple[str, ...],
    allow_private_hosts: bool,
) -> int:
    """Rewrite code that uses a package, from OLD to NEW, where it is decided how.

    Names of classes, attributes, arguments, modules and values become what they are in NEW; what moved into an object
    becomes an attribute of it, or an argument of its class. Where a person has to choose, a comment `# modelgen:` says
    what changed, and what for. With --from and --to, code goes from one variant of a configured package to another,
    by its map.

    Only Python files below DIR that git has are rewritten, and no generated package. Needs the extra
    openapi-modelgen[migrate].

    \b
    Examples:
        modelgen migrate HEAD:openapi.yaml openapi.yaml src
        modelgen migrate old.yaml new.yaml src --package my_models --check
        modelgen migrate --from beta --to ga src
    """
    by_variants = bool(from_ and to)
    if bool(from_) != bool(to) or len(inputs) != (1 if by_variants else 3):
        raise click.UsageError("Give OLD NEW DIR, or --from VARIANT --to VARIANT DIR.")
    from ..code import rewrite

    folder = Path(inputs[-1])
    roots = tuple(Path(root) for root in allow_ref_root)
    with terminal.progress() as progress:
        if from_ and to:
            job = code.job_of_variants(package, from_, to)
            compared = code.of_variants(job, from_, to, folder, allow_private_hosts, progress)
        else:
            compared = code.between(
                inputs[0], inputs[1], package, folder, roots, allow_private_hosts, progress
            )
        looked = code.look(folder, compared, progress)
    contents, texts = rewrite.contents(looked, folder, untracked)
    if check:
        click.echo("".join(texts.lines), nl=False)
    else:
        from ..disk.replace import replace_files

        replace_files(contents)
    terminal.tell(messages.migrated(looked, len(contents), texts.left, check))
    return DIFFERENCE if check and contents else 0
