"""Exit codes and error sentences of every command: 0 good, 1 found problems or failed, 2 bad usage or input."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import NoReturn, ParamSpec, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from contracts.errors import FenghuoError, Invalid
from contracts.plain import sentence

P = ParamSpec("P")
R = TypeVar("R")

_BROKEN_VARIABLE = re.compile(r'error parsing value for field "(\w+)" from source')
"""How pydantic-settings says it; its class is not named here, because importing it would slow every ``--help``."""
GOOD, FAILED, BAD_INPUT = 0, 1, 2


def sentences(command: Callable[P, R]) -> Callable[P, R]:
    """Errors raised on purpose end the command with one sentence on standard error and the right code."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except Invalid as error:
            leave(str(error), BAD_INPUT)
        except FenghuoError as error:
            leave(str(error), FAILED)
        except OSError as error:
            leave(f"{error.filename or 'a file'}: {error.strerror or type(error).__name__}", FAILED)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            name = "_".join(str(part) for part in first["loc"]).upper()
            leave(f"environment variable FENGHUO_{name}: {sentence(first)}", BAD_INPUT)
        except ValueError as error:
            broken = _BROKEN_VARIABLE.match(str(error))
            if broken is None:
                raise
            leave(f"environment variable FENGHUO_{broken[1].upper()}: is no JSON", BAD_INPUT)

    return wrapped


def leave(sentence: str, code: int) -> NoReturn:
    """Say ``sentence`` and exit with ``code``."""
    Console(stderr=True, soft_wrap=True, highlight=False).print(Text.assemble(("fenghuo: ", "red"), sentence))
    raise typer.Exit(code)
