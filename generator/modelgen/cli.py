"""The command group, which imports a command when it is asked for: the one place that handles failures and exits."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

from .commands import FAILURE, messages, terminal
from .errors import SpecError

INTERRUPTED = 130

# Command -> its module in `commands`, where it has its own name.
COMMANDS = {
    "build": "build",
    "check": "generate",
    "convert": "convert",
    "diff": "diff",
    "fetch": "fetch",
    "generate": "generate",
    "history": "history",
    "init": "init",
    "inspect": "inspect",
    "migrate": "migrate",
    "reconcile": "reconcile",
    "update": "update",
}


def _quiet() -> click.Option:
    """An option that every command has."""
    return click.Option(
        ["-q", "--quiet"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=lambda _, __, value: terminal.be_quiet(value),
        help="Print nothing but data and what went wrong.",
    )


class Program(click.Group):
    """The commands; what one raises becomes text here, and what it returns the exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f".commands.{COMMANDS[cmd_name]}", __package__)
        command: click.Command = getattr(module, cmd_name)
        if not any(option.name == "quiet" for option in command.params):
            command.params.append(_quiet())
        return command

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):  # a narrow encoding must not stop a message
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        try:
            ctx.exit(super().invoke(ctx) or 0)
        except SpecError as error:
            terminal.complain(messages.diagnostics(error.diagnostics, terminal.paint))
            ctx.exit(FAILURE)
        except BrokenPipeError:  # whoever read our output has enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(FAILURE)
        except OSError as error:
            terminal.complain(messages.system_error(error))
            ctx.exit(FAILURE)
        except KeyboardInterrupt:
            terminal.complain("interrupted; nothing is half written\n")
            ctx.exit(INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if ctx.params["debug"]:
                raise
            terminal.complain(messages.bug(error))
            ctx.exit(FAILURE)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "--version", package_name="openapi-modelgen", prog_name="modelgen")
@click.option("--debug", is_flag=True, help="Show a traceback when modelgen itself fails.")
def main(debug: bool) -> None:
    """Typed Python models and codecs from OpenAPI documents.

    \b
    Try it on a document of yours:
        modelgen inspect openapi.yaml
        modelgen generate openapi.yaml --package my_models

    Exit codes: 0 done, 1 a difference was found, 2 it could not be done.
    """
