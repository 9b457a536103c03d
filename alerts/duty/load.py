"""Reading ``config/duty.yaml`` and the calendars it names."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from alerts.duty.settings import DutySettings, Rota
from contracts.errors import InvalidSettings
from contracts.yamlfile import load_yaml

MAX_BYTES = 4_000_000


def load_duty(path: Path) -> DutySettings:
    """The people, rotas and escalations of ``path``; nobody on duty if there is no such file.

    Raises
    ------
    InvalidSettings, InvalidFile
        The file or a calendar is wrong, or a calendar names somebody who is none of the people.
    """
    if not path.exists():
        return DutySettings()
    duty = load_yaml(path, DutySettings)
    rotas = [_with_calendar(one, path) for one in duty.rotas]
    if rotas == list(duty.rotas):
        return duty
    try:
        return DutySettings(**{**dict(duty), "rotas": tuple(rotas)})
    except ValidationError as error:
        raise InvalidSettings(
            str(path), error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        ) from None


def _with_calendar(rota: Rota, path: Path) -> Rota:
    if rota.calendar is None:
        return rota
    from alerts.duty.ical import from_ical  # a tenth of a second, and most rotas have no calendar

    calendar = path.parent / rota.calendar
    try:
        payload = calendar.read_bytes()[: MAX_BYTES + 1]
    except OSError as error:
        raise InvalidSettings(str(path), f"calendar {rota.calendar} cannot be read: {error.strerror}") from None
    return rota.model_copy(update={"shifts": from_ical(payload, str(calendar), rota.zone)})
