"""Ports on 127.0.0.1: free ones, and a clear sentence when a wished-for one is taken."""

from __future__ import annotations

import socket

import psutil

from contracts.errors import Conflict

HOST = "127.0.0.1"
FIRST_PORT = 8710
"""Intake's; those of console, Valkey, Kafka and Kafka's controller follow."""


def free_ports(count: int) -> list[int]:
    """Different ports that nobody listens on now (held together while they are chosen, then let go).

    >>> len(set(free_ports(3)))
    3
    """
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for one in sockets:
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def taken(port: int) -> bool:
    """Whether somebody listens on ``port``; a port that merely lingers after a close is free."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((HOST, port))
        except OSError:
            return True
    return False


def claim(port: int, wanted_by: str) -> None:
    """Raise Conflict when ``port`` is taken, naming who has it where the system tells."""
    if taken(port):
        raise Conflict(
            f"Port {port} is needed for {wanted_by}, but {owner(port)} listens there."
            " End it, or choose other ports with --port."
        )


def owner(port: int) -> str:
    """Who listens on ``port``, in words; other users' processes are not told everywhere."""
    try:
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and getattr(connection.laddr, "port", 0) == port
            if listens and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        return "another program"
    return "another program"
