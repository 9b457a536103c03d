"""The documentation lags behind nothing: what the code has is named, what is named exists, generated pages are new."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from alerts.reasons import Reason
from contracts.records import IncidentEventKind, SignalKind
from contracts.topics import Topic
from detectors.settings import DetectSettings
from fenghuo.settings import Runtime
from streams.settings import IntakeSettings, Kind, SourceSettings
from tools import docs
from tools.fields import fields

ROOT = docs.ROOT
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE_PATH = re.compile(
    r"`((?:contracts|streams|detectors|alerts|dashboards|fenghuo|tests|bench|tools|config|docs)/[\w./-]+)`"
)
PARTS = "add|token|remove|list|show|requeue|verify|export|start|drill|done|skip|close|report"
COMMAND = re.compile(rf"^(?:\.venv/bin/)?fenghuo ([a-z][a-z-]*(?: (?:{PARTS}))?)(.*)$", re.MULTILINE)
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|home)/\w")
REGISTRIES = (
    "pypi.org",
    "pythonhosted",
    "repo1.maven",
    "maven.org",
    "proxy.golang",
    "npmjs",
    "registry.",
    "jfrog",
    "artifactory",
)


def _all_text() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def test_generated_pages_are_current() -> None:
    assert docs.stale() == [], "run make docs"


@pytest.mark.parametrize(
    "names",
    [
        pytest.param([f"fenghuo {name}" for name, _ in docs.commands()], id="commands"),
        pytest.param([f"`{one.value}`" for one in Topic], id="topics"),
        pytest.param([f"`{one.value}`" for one in Reason], id="reasons"),
        pytest.param([f"`{one.value}`" for one in SignalKind], id="signal kinds"),
        pytest.param([f"`{one.value}`" for one in IncidentEventKind], id="incident events"),
        pytest.param([f"`{one.value}`" for one in Kind], id="source kinds"),
        pytest.param([f"`FENGHUO_{name.upper()}`" for name in Runtime.model_fields], id="environment"),
        pytest.param([name for name, *_ in fields(DetectSettings)], id="detector settings"),
        pytest.param([f"`{name}`" for name in SourceSettings.model_fields], id="source settings"),
        pytest.param([f"`intake.{name}`" for name in IntakeSettings.model_fields], id="intake settings"),
    ],
)
def test_everything_that_can_be_met_is_in_the_docs(names: list[str]) -> None:
    text = _all_text()
    assert [name for name in names if name not in text] == []


def test_every_link_leads_to_a_file_and_a_heading() -> None:
    wrong = [f"{page.relative_to(ROOT)}: {target}" for page in PAGES for target in _dead_links(page)]
    assert wrong == []


def test_every_path_named_in_code_marks_exists() -> None:
    named = [(page, path) for page in PAGES for path in CODE_PATH.findall(page.read_text(encoding="utf-8"))]
    assert len(named) > 10
    assert [f"{page.name}: {path}" for page, path in named if not _exists(path)] == []


def test_every_command_line_in_the_docs_uses_commands_and_options_that_exist() -> None:
    known = {name: {word for one in command.params for word in one.opts} for name, command in docs.commands()}
    shown = [(page.name, *found) for page in PAGES for found in COMMAND.findall(_code(page))]
    assert len(shown) > 10
    for page, command, rest in shown:
        assert command in known, f"{page}: fenghuo {command}"
        unknown = (
            set(re.findall(r"(?<!\S)--[a-z-]+", rest.partition(" #")[0])) - known[command] - _switched(known[command])
        )
        assert unknown == set(), f"{page}: fenghuo {command}"


def test_every_make_target_in_the_docs_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)`", _all_text()))
    assert named - targets == set()


def test_tracked_files_name_no_machine_and_no_registry() -> None:
    wrong = []
    for path in _tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        if path == Path(__file__):
            continue
        wrong += [f"{path.relative_to(ROOT)}: {found[0]}" for found in MACHINE_PATH.finditer(text)]
        wrong += [f"{path.relative_to(ROOT)}: {host}" for host in REGISTRIES if host in text]
    assert wrong == []


def _dead_links(page: Path) -> Iterator[str]:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        name, _, heading = unquote(target).partition("#")
        file = page.parent / name if name else page
        if not file.exists() or (heading and heading not in _headings(file)):
            yield target


def _headings(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles}


def _exists(path: str) -> bool:
    return (ROOT / path).exists() or (ROOT / path.rstrip("/")).exists()


def _code(page: Path) -> str:
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return "\n".join(blocks)


def _switched(options: set[str]) -> set[str]:
    return {f"--no-{word.removeprefix('--')}" for word in options}


def _tracked() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("no git checkout here: what is tracked cannot be known")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name]
