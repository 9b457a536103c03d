"""Arguments and options that several commands take, each said once. Nothing heavy is imported here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Files = Annotated[list[Path], typer.Argument(help="CSV, NDJSON, JSON or XLSX of mentions; .gz too.")]
Columns = Annotated[list[str] | None, typer.Option("--map", help="field=column, as often as needed.")]
Tz = Annotated[str | None, typer.Option(help="Zone of times that carry none, like Asia/Shanghai.")]
Encoding = Annotated[str, typer.Option(help="auto, or a name like gb18030.")]
Brand = Annotated[str | None, typer.Option(help="Brand of rows that name none.")]
Channel = Annotated[str | None, typer.Option(help="Channel of rows that name none.")]
ConfigFolder = Annotated[Path | None, typer.Option(help="Folder with rules/ and the *.yaml.")]
