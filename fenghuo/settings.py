"""All settings, read once at the edge: environment, then ``config/*.yaml``. Only this module touches either.

Environment variables begin with ``FENGHUO_``; those that hold secrets are :class:`~pydantic.SecretStr` and are
printed masked. The folder of YAML files is ``--config``, or ``FENGHUO_CONFIG``, or ``config``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from alerts.cases.lint import problems as case_problems
from alerts.cases.settings import CaseSettings
from alerts.deadman import DeadManSettings
from alerts.duty.lint import problems as duty_problems
from alerts.duty.load import load_duty
from alerts.duty.settings import DutySettings
from alerts.ledger.settings import LedgerSettings
from alerts.lint import problems as rule_problems
from alerts.names import problems as name_problems
from alerts.notify.lint import address_problems, longest_page
from alerts.notify.lint import problems as receiver_problems
from alerts.plans.lint import problems as plan_problems
from alerts.plans.settings import PlanBook, load_plans
from alerts.settings import DecidePolicy, PrivateNetworks, ReceiverSettings, load_policy, load_receivers
from alerts.unrouted import problems as unrouted_problems
from contracts.errors import InvalidSettings
from contracts.panes import Panes
from contracts.series import OTHER
from contracts.yamlfile import load_yaml
from dashboards.settings import StoreSettings
from detectors.live import limits
from detectors.settings import DetectSettings
from streams.count_settings import CountSettings
from streams.settings import Sources
from streams.subjects import Subjects
from streams.subjects import problems as subject_problems
from streams.text.grade import GradeSettings
from streams.text.grade import problems as grade_problems
from streams.text.taxonomy import Taxonomy
from streams.text.taxonomy import problems as taxonomy_problems

M = TypeVar("M", bound=BaseModel)


class Runtime(BaseSettings):
    """Where the servers are, and the secrets. From the environment."""

    model_config = SettingsConfigDict(env_prefix="FENGHUO_", frozen=True, extra="forbid")

    config: Path = Path("config")
    """Folder of the YAML files."""
    kafka: str = "127.0.0.1:9092"
    """Kafka's brokers, ``host:port`` separated by commas."""
    redis: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    """Address of Redis or Valkey, with its password."""
    prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{0,60}$")] = "fenghuo."
    """Put before each topic, key and group: one prefix for one pipeline."""
    partitions: Annotated[int, Field(ge=1, le=1000)] = 6
    """Of every topic; equal to what the topics were made with."""
    member: str | None = None
    """Static membership: a name that this worker keeps over restarts."""
    var: Path = Path("var")
    """Folder for snapshots, logs and the SQLite store."""
    snapshots: Path | None = None
    """Folder for snapshots that all workers can reach; ``var/snapshots`` if not set."""
    people: Path | None = None
    """File of people, roles and hashed tokens; ``var/people.json`` if not set."""
    snapshot_seconds: Annotated[float, Field(gt=0, le=3600)] = 120.0
    """Seconds between two snapshots of detect and decide."""
    key: SecretStr = SecretStr("")
    """Secret of this installation: signs snapshots, hashes authors and cases, names masks."""
    url: Annotated[str, Field(pattern=r"^(https?://[^\s/]+[^\s]*)?$")] = ""
    """Where people reach the console from outside; pages carry a link to acknowledge only when it is set."""
    simulator_token: SecretStr | None = None
    """Secret from which the tokens of the simulated sources are derived; without it they may not send."""
    reader: Literal["lexicon", "thirty-words"] = "lexicon"
    """What understands texts; ``thirty-words`` is a tiny one for measuring the pipeline alone."""
    store: StoreSettings = StoreSettings()
    """The series store."""
    ledger: LedgerSettings = LedgerSettings()
    """Where the ledger and its heads are kept, and its own key."""
    deadman: DeadManSettings = DeadManSettings()
    """The dead-man's switch: who outside hears that every stage moves."""
    allow_private: PrivateNetworks = ()
    """Private networks that the addresses (of apprise) of ``deadman`` and ``ledger`` may be in."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "WARNING"
    """Least serious lines that are logged."""

    def secret_key(self) -> bytes:
        """The installation's key; raises InvalidSettings when it is missing or short."""
        value = self.key.get_secret_value().encode()
        if len(value) < 16:
            raise InvalidSettings(
                "environment", "FENGHUO_KEY must hold at least 16 characters; `fenghuo up` makes one under var/secrets"
            )
        return hashlib.blake2b(value, digest_size=32, person=b"fenghuo").digest()

    @property
    def snapshot_folder(self) -> Path:
        """Where snapshots lie."""
        return self.snapshots or self.var / "snapshots"

    @property
    def people_file(self) -> Path:
        """Where the people stand."""
        return self.people or self.var / "people.json"


class Timing(BaseModel):
    """Widths of pane and bucket, and what is counted (``config/counting.yaml``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    panes: Panes = Panes()
    count: CountSettings = CountSettings()


class Config(BaseModel):
    """Everything from the folder of YAML files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    panes: Panes
    count: CountSettings
    detect: DetectSettings
    policy: DecidePolicy
    plans: PlanBook = PlanBook()
    cases: CaseSettings = CaseSettings()
    receivers: ReceiverSettings
    duty: DutySettings = DutySettings()
    subjects: Subjects
    sources: Sources
    taxonomy: Taxonomy = Taxonomy()
    grade: GradeSettings = GradeSettings()


def load_config(folder: Path) -> Config:
    """The settings in ``folder``; raises :class:`~contracts.errors.InvalidSettings` naming file and line.

    ``counting.yaml``, ``detectors.yaml``, ``receivers.yaml``, ``duty.yaml``, ``subjects.yaml``, ``sources.yaml``,
    ``taxonomy.yaml`` and ``grade.yaml`` may be left out (defaults hold); the rules may not.
    """
    if not folder.is_dir():
        raise InvalidSettings(
            str(folder), "no such folder; name the one that holds rules/ and the *.yaml with --config or FENGHUO_CONFIG"
        )
    timing = _optional(folder / "counting.yaml", Timing)
    receivers = folder / "receivers.yaml"
    sources = _optional(folder / "sources.yaml", Sources)
    duty = load_duty(folder / "duty.yaml")
    bucket = timedelta(seconds=timing.panes.bucket_seconds)
    return Config(
        panes=timing.panes,
        count=timing.count,
        detect=with_hot(with_rhythms(_optional(folder / "detectors.yaml", DetectSettings), sources), timing.count.hot),
        policy=load_policy(folder / "rules").model_copy(
            update={"escalation": duty.escalation, "bucket": bucket, "limits": dict(limits())}
        ),
        plans=load_plans(folder / "plans"),
        cases=_optional(folder / "cases.yaml", CaseSettings),
        receivers=load_receivers(receivers) if receivers.exists() else ReceiverSettings(),
        duty=duty,
        subjects=_optional(folder / "subjects.yaml", Subjects),
        sources=sources,
        taxonomy=_optional(folder / "taxonomy.yaml", Taxonomy),
        grade=_optional(folder / "grade.yaml", GradeSettings),
    )


def with_rhythms(detect: DetectSettings, sources: Sources) -> DetectSettings:
    """The detectors' settings with the rhythms that ``sources.yaml`` sets; what ``detectors.yaml`` says goes first."""
    told = {one.name: one.rhythm for one in sources.sources if "rhythm" in one.model_fields_set}
    rhythms = {**told, **detect.sources.rhythm_seconds}
    return detect.model_copy(
        update={"sources": detect.sources.model_copy(update={"rhythm_seconds": dict(sorted(rhythms.items()))})}
    )


def with_hot(detect: DetectSettings, hot: float) -> DetectSettings:
    """The detectors' settings with the heat that counting calls hot, unless ``detectors.yaml`` sets its own."""
    if detect.emotion.hot is not None:
        return detect
    return detect.model_copy(update={"emotion": detect.emotion.model_copy(update={"hot": hot})})


def problems(config: Config, now: datetime) -> list[str]:
    """What contradicts itself although each part is valid; one sentence each. Duty is looked at a year from ``now``."""
    brands = [one.name for one in config.subjects.subjects]
    return [
        *(f"rules: {one}" for one in rule_problems(config.policy.rules)),
        *unrouted_problems(config.policy, config.receivers, brands),
        *name_problems(config.policy, config.plans, config.receivers, _values(config, brands)),
        *plan_problems(config.plans),
        *case_problems(config.cases),
        *receiver_problems(config.receivers),
        *duty_problems(config.receivers, config.duty, now),
        *(f"subjects.yaml: {one}" for one in subject_problems(config.subjects)),
        *(f"taxonomy.yaml: {one}" for one in taxonomy_problems(config.taxonomy)),
        *(f"grade.yaml: {one}" for one in grade_problems(config.grade, config.taxonomy.names())),
    ]


def _values(config: Config, brands: Sequence[str]) -> dict[str, Sequence[str]]:
    """The labels whose values are all known, and these."""
    known = {
        "category": config.taxonomy.names(),
        "clock": [one.name for one in config.cases.clocks],
        "case_grade": config.cases.grades,
    }
    return {**known, "brand": [*brands, OTHER]} if brands else known


def outside_problems(runtime: Runtime, config: Config) -> list[str]:
    """What in the environment is wrong or contradicts the settings; one sentence each."""
    addresses = {"FENGHUO_DEADMAN": runtime.deadman.address, "FENGHUO_LEDGER": runtime.ledger.address}
    return [
        *address_problems({name: one for name, one in addresses.items() if one is not None}),
        *(_silencing(runtime.deadman.patience, config) if runtime.deadman.wanted else ()),
    ]


def _silencing(patience: timedelta, config: Config) -> Iterator[str]:
    """What hangs for longer than the dead-man's switch waits."""
    tried = config.receivers.give_up
    if tried > patience:
        yield (
            f"FENGHUO_DEADMAN: patience ({patience}) is shorter than give_up in receivers.yaml ({tried}), so a"
            " receiver that hangs would silence the switch; make patience longer or give_up shorter"
        )
    yield from longest_page(config.duty, patience)


def _optional(path: Path, model: type[M]) -> M:
    return load_yaml(path, model) if path.exists() else model()
