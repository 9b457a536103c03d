"""A stand-in of Grafana 9.4's HTTP API, as far as deploying goes: it checks what the real one checks.

Authentication and roles; folders, data sources and dashboards by uid and by name; versions that must be those that
were read; secrets that are never shown again; every save raises the version, also one that changes nothing.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Body = dict[str, Any]
UID = re.compile(r"[a-zA-Z0-9_-]{1,40}")
ACCESS = ("proxy", "direct")


class Refused(Exception):
    """An answer that is none of 2xx."""

    def __init__(self, status: int, message: str, /, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"message": message, **more}


@dataclass
class FakeGrafana:
    """What it holds, and every call that changed something."""

    url: str = ""
    token: str = "glsa_right"
    login: tuple[str, str] = ("admin", "secret")
    role: str = "Admin"
    folders: dict[str, Body] = field(default_factory=dict)
    datasources: list[Body] = field(default_factory=list)
    secrets: dict[int, dict[str, str]] = field(default_factory=dict)
    dashboards: dict[str, Body] = field(default_factory=dict)
    metas: dict[str, Body] = field(default_factory=dict)
    annotations: list[Body] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    fail_next: list[tuple[int, str]] = field(default_factory=list)
    _number: int = 0

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any, auth: str) -> Any:
        """The answer to one call; raises Refused."""
        self._allowed(method, path, auth)
        if self.fail_next:
            status, message = self.fail_next.pop(0)
            raise Refused(status, message)
        if method != "GET":
            self.writes.append(f"{method} {path}")
        match method, path.strip("/").split("/")[1:]:
            case "GET", ["folders", uid]:
                return self._there(self.folders, uid, "folder not found")
            case "POST", ["folders"]:
                return self._new_folder(body)
            case "PUT", ["folders", uid]:
                return self._rename(uid, body)
            case "GET", ["datasources", "name", name]:
                return self._shown(self._named(name))
            case "POST", ["datasources"]:
                return self._new_datasource(body)
            case "PUT", ["datasources", number]:
                return self._change_datasource(int(number), body)
            case "GET", ["dashboards", "uid", uid]:
                held = self._there(self.dashboards, uid, "Dashboard not found")
                return {"dashboard": held, "meta": self.metas[uid]}
            case "POST", ["dashboards", "db"]:
                return self._save(body)
            case "GET", ["annotations"]:
                return self._found(query)
            case "POST", ["annotations"]:
                return self._annotate(body)
        raise Refused(404, "Not found")

    def _allowed(self, method: str, path: str, auth: str) -> None:
        basic = "Basic " + base64.b64encode(":".join(self.login).encode()).decode()
        if auth not in (f"Bearer {self.token}", basic):
            raise Refused(401, "Invalid API key" if auth.startswith("Bearer") else "Invalid username or password")
        needed = "Admin" if "/datasources" in path else "Editor" if method != "GET" else "Viewer"
        order = ("Viewer", "Editor", "Admin")
        if order.index(self.role) < order.index(needed):
            raise Refused(403, "You'll need additional permissions to perform this action.")

    def _there(self, held: dict[str, Body], name: str, message: str) -> Body:
        if name not in held:
            raise Refused(404, message)
        return held[name]

    def _next(self) -> int:
        self._number += 1
        return self._number

    # -- folders -----------------------------------------------------------------------------------------------

    def _new_folder(self, body: Body) -> Body:
        title, uid = body.get("title", ""), body.get("uid", "")
        if not title:
            raise Refused(400, "folder title cannot be empty")
        if not UID.fullmatch(uid):
            raise Refused(400, "uid contains illegal characters")
        if uid in self.folders:
            raise Refused(412, "the folder has been changed by someone else")
        if any(one["title"] == title for one in self.folders.values()):
            raise Refused(409, "a folder or dashboard in the general folder with the same name already exists")
        self.folders[uid] = {"id": self._next(), "uid": uid, "title": title, "version": 1}
        return self.folders[uid]

    def _rename(self, uid: str, body: Body) -> Body:
        held = self._there(self.folders, uid, "folder not found")
        if not body.get("overwrite") and body.get("version") != held["version"]:
            raise Refused(412, "the folder has been changed by someone else", status="version-mismatch")
        held.update(title=body["title"], version=held["version"] + 1)
        return held

    # -- data sources ------------------------------------------------------------------------------------------

    def _named(self, name: str) -> Body:
        for one in self.datasources:
            if one["name"] == name:
                return one
        raise Refused(404, "Data source not found")

    def _shown(self, one: Body) -> Body:
        return {**one, "secureJsonFields": dict.fromkeys(self.secrets[one["id"]], True)}

    def _checked(self, body: Body) -> None:
        for name in ("name", "type", "access"):
            if not body.get(name):
                raise Refused(400, "bad request data")
        if body["access"] not in ACCESS or not isinstance(body.get("jsonData", {}), dict):
            raise Refused(400, "bad request data")
        if not urlsplit(str(body.get("url", ""))).scheme:
            raise Refused(400, "Validation error, invalid URL")
        if not all(isinstance(one, str) for one in body.get("secureJsonData", {}).values()):
            raise Refused(400, "bad request data")

    def _new_datasource(self, body: Body) -> Body:
        self._checked(body)
        if any(one["name"] == body["name"] for one in self.datasources):
            raise Refused(409, "data source with the same name already exists")
        if any(one["uid"] == body["uid"] for one in self.datasources):
            raise Refused(409, "data source with the same uid already exists")
        number = self._next()
        self.secrets[number] = dict(body.get("secureJsonData", {}))
        held = {name: value for name, value in body.items() if name != "secureJsonData"}
        self.datasources.append({**held, "id": number, "orgId": 1, "version": 1, "readOnly": False, "user": ""})
        return {"id": number, "message": "Datasource added", "name": body["name"]}

    def _change_datasource(self, number: int, body: Body) -> Body:
        self._checked(body)
        held = next((one for one in self.datasources if one["id"] == number), None)
        if held is None:
            raise Refused(404, "Data source not found")
        if held["readOnly"]:
            raise Refused(403, "Cannot update read-only data source")
        if "version" in body and body["version"] != held["version"]:
            raise Refused(409, "Datasource has already been updated by someone else. Please reload and try again")
        self.secrets[number].update(body.get("secureJsonData", {}))
        held.update({name: value for name, value in body.items() if name not in ("secureJsonData", "id")})
        held["version"] += 1
        return {"id": number, "message": "Datasource updated", "name": held["name"]}

    # -- dashboards --------------------------------------------------------------------------------------------

    def _save(self, body: Body) -> Body:
        given = body.get("dashboard") or {}
        title, uid, folder = given.get("title", "").strip(), given.get("uid") or "", body.get("folderUid", "")
        if not title:
            raise Refused(400, "Dashboard title cannot be empty", status="empty-name")
        if uid and not UID.fullmatch(uid):
            raise Refused(400, "uid contains illegal characters")
        if folder and folder not in self.folders:
            raise Refused(400, "folder not found")
        held = self.dashboards.get(uid)
        if given.get("id") and (held is None or held["id"] != given["id"]):
            raise Refused(404, "Dashboard not found", status="not-found")
        if held is not None and self.metas[uid].get("provisioned"):
            raise Refused(400, "Cannot save provisioned dashboard")
        if held is not None and not body.get("overwrite") and given.get("version") != held["version"]:
            message = "The dashboard has been changed by someone else"
            raise Refused(412, message, status="version-mismatch")
        for name, other in self.dashboards.items():
            if name != uid and other["title"] == title and self.metas[name]["folderUid"] == folder:
                message = "A dashboard with the same name in the folder already exists"
                raise Refused(412, message, status="name-exists")
        number = held["id"] if held is not None else self._next()
        version = held["version"] + 1 if held is not None else 1
        self.dashboards[uid] = {**given, "id": number, "version": version}
        self.metas[uid] = {"folderUid": folder, "version": version, "provisioned": False}
        return {"id": number, "uid": uid, "status": "success", "version": version, "url": f"/d/{uid}/x"}

    # -- annotations -------------------------------------------------------------------------------------------

    def _found(self, query: dict[str, list[str]]) -> list[Body]:
        start, end = int(query.get("from", ["0"])[0]), int(query.get("to", [str(2**62)])[0])
        tags, limit = set(query.get("tags", [])), int(query.get("limit", ["100"])[0])
        found = [one for one in self.annotations if start <= one["time"] <= end and tags <= set(one["tags"])]
        return found[:limit]

    def _annotate(self, body: Body) -> Body:
        if not body.get("text"):
            raise Refused(400, "Failed to save annotation: text field should not be empty")
        number = self._next()
        self.annotations.append({"id": number, **{name: body[name] for name in ("time", "timeEnd", "text", "tags")}})
        return {"message": "Annotation added", "id": number}


@contextmanager
def fake_grafana(path: str = "") -> Iterator[FakeGrafana]:
    """One that listens, its API below ``path``."""
    held = FakeGrafana()

    class Door(BaseHTTPRequestHandler):
        def _do(self) -> None:
            asked = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(length)
            status = 200
            try:
                if not asked.path.startswith(f"{path}/api/"):
                    raise Refused(404, "Not found")
                body = json.loads(raw) if raw and raw != b"null" else {}
                inner = unquote(asked.path.removeprefix(path))
                auth = self.headers.get("Authorization", "")
                answer = held.answer(self.command, inner, parse_qs(asked.query), body, auth)
            except Refused as refused:
                status, answer = refused.status, refused.body
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _do  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    held.url = f"http://127.0.0.1:{server.server_port}{path}"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
