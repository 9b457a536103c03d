"""Grafana over its HTTP API by grafana-api, with its errors as ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from grafana_api.grafana_api import GrafanaException
from grafana_api.grafana_face import GrafanaFace

from contracts.errors import FenghuoError, Invalid, InvalidSettings, Unavailable

T = TypeVar("T")
MOST_ANNOTATIONS = 100_000

Body = dict[str, Any]


class GrafanaServer:
    """Implements :class:`dashboards.grafana.deploy.Grafana`.

    Parameters
    ----------
    url
        Address, a path before the API included.
    auth
        A token of a service account, or (user, password).
    timeout
        Seconds that one call may take.
    """

    def __init__(self, url: str, auth: str | tuple[str, str], timeout: float = 20.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InvalidSettings("option url", f"{url!r} is no address; write one like http://127.0.0.1:3000")
        path = parts.path.strip("/")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        self._where = f"Grafana at {url}"
        self._face: Any = GrafanaFace(
            auth=auth,
            host=host,
            port=parts.port,
            protocol=parts.scheme,
            url_path_prefix=f"{path}/" if path else "",
            timeout=timeout,
        )
        self._face.api.s.trust_env = False

    def folder(self, uid: str) -> Body | None:
        """The folder, with ``title`` and ``version``."""
        return self._found(lambda: self._face.folder.get_folder(uid))

    def create_folder(self, uid: str, title: str) -> None:
        """Make it; its uid and title must be free."""
        self._called(lambda: self._face.folder.create_folder(title, uid))

    def rename_folder(self, uid: str, title: str, version: int) -> None:
        """Give it another title; ``version`` is the one that was read."""
        self._called(lambda: self._face.folder.update_folder(uid, title, version=version))

    def datasource(self, name: str) -> Body | None:
        """The data source of this name, its secrets left out."""
        return self._found(lambda: self._face.datasource.get_datasource_by_name(name))

    def create_datasource(self, body: Body) -> None:
        """Make it; its name and uid must be free."""
        self._called(lambda: self._face.datasource.create_datasource(body))

    def update_datasource(self, number: int, body: Body) -> None:
        """Put ``body`` in its place; secrets that it does not name are kept."""
        self._called(lambda: self._face.datasource.update_datasource(number, body))

    def dashboard(self, uid: str) -> Body | None:
        """The dashboard under ``dashboard``, and ``meta`` about it."""
        return self._found(lambda: self._face.dashboard.get_dashboard(uid))

    def save_dashboard(self, body: Body) -> None:
        """Create or update; refused when another has saved since the version in it was read."""
        self._called(lambda: self._face.dashboard.update_dashboard(body))

    def annotations(self, tags: Sequence[str], start: int, end: int) -> list[Body]:
        """Annotations with all these tags, from ``start`` to ``end`` in milliseconds."""
        found: list[Body] = self._called(
            lambda: self._face.annotations.get_annotation(
                time_from=start, time_to=end, tags=list(tags), limit=MOST_ANNOTATIONS
            )
        )
        return found

    def annotate(self, time: int, text: str, tags: Sequence[str]) -> None:
        """Make one for all dashboards."""
        self._called(
            lambda: self._face.annotations.add_annotation(time_from=time, time_to=time, tags=list(tags), text=text)
        )

    def _found(self, call: Callable[[], T]) -> T | None:
        try:
            return self._called(call)
        except NotFound:
            return None

    def _called(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except GrafanaException as error:
            raise translate(self._where, error) from error
        except requests.exceptions.JSONDecodeError as error:
            raise Invalid(f"{self._where}: answers, but not in JSON; is this a Grafana, and its path right?") from error
        except requests.exceptions.RequestException as error:
            raise Unavailable(f"{self._where}: does not answer ({type(error).__name__}); is it running?") from error


class NotFound(Invalid):
    """Grafana has no such thing."""


def translate(where: str, error: GrafanaException) -> FenghuoError:
    """Our error for an answer of Grafana: what happened, and what to do.

    >>> print(translate("Grafana", GrafanaException(401, {"message": "Unauthorized"}, "")))
    Grafana: refuses the token or password (HTTP 401: Unauthorized); check --token or --user
    """
    response = error.response if isinstance(error.response, dict) else {}
    said = " ".join(str(response.get("message") or error.message).split())[:300]
    status = error.status_code
    if status == 401:
        return Invalid(f"{where}: refuses the token or password (HTTP 401: {said}); check --token or --user")
    if status == 403:
        return Invalid(
            f"{where}: may not do this (HTTP 403: {said}); the token's role must be Editor, for the data source Admin"
        )
    if status == 404:
        return NotFound(f"{where}: not found ({said})")
    if status == 412 and response.get("status") == "version-mismatch":
        return Invalid(
            f"{where}: somebody saved the dashboard in the meantime ({said}); run deploy again to compare anew"
        )
    if status == 412 and response.get("status") == "name-exists":
        return Invalid(f"{where}: another dashboard in the folder has that title ({said}); rename or delete that one")
    if status in (409, 412):
        return Invalid(f"{where}: something of that name is there already ({said}); rename or delete that one")
    if status >= 500 or status == 429:
        return Unavailable(f"{where}: cannot do it now (HTTP {status}: {said})")
    return Invalid(f"{where}: refuses it (HTTP {status}: {said})")
