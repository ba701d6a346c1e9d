"""Tells a webhook or a Prefect block what somebody should look at; nobody is told unless a setting names who."""

from __future__ import annotations

import hashlib
import inspect
import json
import logging
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from flows.errors import HomeBusy
from flows.settings import Settings
from flows.show import one_line
from warehouse.lake import Home, write_json

MAX_LINES = 20
MAX_CHARS = 300
TIMEOUT_S = 10
PAUSES_S = (1, 4)
"""Before the second and the third try; a run waits no longer for a webhook."""
KNOWN_DAYS = 5
"""A source with fewer days of arrivals has no usual gap."""
SLACK = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""What would be a link or a call to all in the messages of Slack and Mattermost."""

log = logging.getLogger("dateline.notify")


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that somebody should look at. ``kind``: ``failed`` with what ran, or ``drift``; of each kind the last notice is kept in mind."""

    kind: str
    title: str
    lines: tuple[str, ...] = ()
    run_id: str = ""


@contextmanager
def failures_told(settings: Settings, run_id: str, what: str) -> Iterator[None]:
    """What is raised within the block is told and raised on; a run that finds the home taken has not failed.

    ``what`` runs, in words: its failure is told once, until it has gone well again.
    """
    home = settings.at_home()
    try:
        yield
    except HomeBusy:
        raise
    except Exception as exc:
        tell(settings, Notice(f"failed {what}", f"Dateline: {what} failed in {home.path}", (str(exc) or type(exc).__name__,), run_id))
        raise
    forget(home, f"failed {what}")


def tell_drift(settings: Settings, run_id: str) -> None:
    """Tells which publishers' supply is not as usual in the warehouse, as long as somebody is to be told."""
    if not _named(settings):
        return
    from warehouse.load import open_warehouse

    home = settings.at_home()
    with open_warehouse(home) as con:
        cursor = con.execute("select * from source_health order by publisher")
        names = [d[0] for d in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    lines = drifting(rows, datetime.now(UTC))
    if lines:
        tell(settings, Notice("drift", f"Sources drift in {home.path}", tuple(lines), run_id))
    else:
        forget(home, "drift")


def drifting(rows: Sequence[Mapping[str, Any]], now: datetime) -> list[str]:
    """A line per row of ``source_health`` that is not as usual; silence counts up to now, since a warehouse that gets nothing stands still."""
    lines = []
    for row in rows:
        kinds = str(row["drift"] or "").split(", ") if row["drift"] else []
        if "silent" not in kinds and _is_silent(row, now):
            kinds.insert(0, "silent")
        if kinds:
            lines.append(f"{row['publisher'] or 'without a publisher'}: {', '.join(kinds)} ({_facts(row)})")
    return lines


def _is_silent(row: Mapping[str, Any], now: datetime) -> bool:
    if row["n_days"] < KNOWN_DAYS or not row["last_landed_at"] or not row["median_gap_days"]:
        return False
    return bool(now - row["last_landed_at"] > timedelta(days=2 * row["median_gap_days"] + 1))


def _facts(row: Mapping[str, Any]) -> str:
    last = f"{row['last_landed_at']:%Y-%m-%d}" if row["last_landed_at"] else "never"
    return (
        f"last {last}; {row['n_last_day']} documents on its last whole day, usually {row['median_per_day']}; "
        f"set aside {row['reject_share_last_day']}, body {row['body_share_last_day']}"
    )


def tell(settings: Settings, notice: Notice) -> bool:
    """Tells who is named in the settings; true if somebody was. The same notice is told once, until there is none or another one.

    What cannot be delivered is logged and ends no run. The log names the host alone: the rest of a webhook's address is its password.
    """
    home = settings.at_home()
    mark = hashlib.sha256(json.dumps([notice.title, *notice.lines]).encode()).hexdigest()[:16]
    if not _named(settings) or _told(home).get(notice.kind) == mark:
        return False
    url = settings.notify_url.get_secret_value()
    ways: list[tuple[str, Callable[[], None]]] = []
    if url:
        ways.append((urlsplit(url).hostname or "webhook", lambda: _post(url, payload(notice, home))))
    if settings.notify_block:
        ways.append((settings.notify_block, lambda: _tell_block(settings.notify_block, notice)))
    delivered = [_delivered(name, way) for name, way in ways]
    if any(delivered):
        write_json(home.path / "told.json", _told(home) | {notice.kind: mark})
    return any(delivered)


def forget(home: Home, kind: str) -> None:
    """There is no notice of this kind any more; the next one is told, even if it is the same."""
    told = _told(home)
    if told.pop(kind, None):
        write_json(home.path / "told.json", told)


def payload(notice: Notice, home: Home) -> dict[str, Any]:
    """What a webhook gets: ``text`` as Slack, Mattermost and others read it, and the same in parts."""
    lines = [_short(line) for line in notice.lines[:MAX_LINES]]
    if len(notice.lines) > MAX_LINES:
        lines.append(f"and {len(notice.lines) - MAX_LINES} more")
    title = _short(notice.title)
    text = "\n".join([title, *lines]).translate(SLACK)
    return {"text": text, "kind": notice.kind, "title": title, "lines": lines, "run_id": notice.run_id, "home": str(home.path)}


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= MAX_CHARS else f"{line[: MAX_CHARS - 1]}…"


def _named(settings: Settings) -> bool:
    return bool(settings.notify_url.get_secret_value() or settings.notify_block)


def _told(home: Home) -> dict[str, str]:
    try:
        return dict(json.loads((home.path / "told.json").read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def _delivered(name: str, way: Callable[[], None]) -> bool:
    try:
        way()
    except Exception as exc:  # noqa: BLE001 - whatever goes wrong on the way, the run is not the one to fail
        code = f" {exc.code}" if isinstance(exc, HTTPError) else ""
        log.warning("%s could not be told: %s%s", name, type(exc).__name__, code)
        return False
    return True


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A webhook answers itself; what it is told goes to no other host."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _post(url: str, body: Mapping[str, Any]) -> None:
    opener = urllib.request.build_opener(_NoRedirect)
    data = json.dumps(body).encode()
    for pause in (*PAUSES_S, None):
        request = urllib.request.Request(url, data, {"Content-Type": "application/json", "User-Agent": "dateline"})
        try:
            with opener.open(request, timeout=TIMEOUT_S):
                return
        except (OSError, HTTPException) as exc:
            refused = isinstance(exc, HTTPError) and exc.code < 500 and exc.code != 429
            if pause is None or refused:
                raise
            time.sleep(pause)


def _tell_block(name: str, notice: Notice) -> None:
    from prefect.blocks.abstract import NotificationBlock
    from prefect.blocks.core import Block
    from prefect.utilities.asyncutils import run_coro_as_sync

    block: object = Block.load(name)
    if not isinstance(block, NotificationBlock):
        raise TypeError(f"{name} is no notification block")
    lines = [_short(line) for line in notice.lines[:MAX_LINES]]
    with block.raise_on_failure():
        sent: object = block.notify(body="\n".join(lines) or _short(notice.title), subject=_short(notice.title))
        if inspect.iscoroutine(sent):
            run_coro_as_sync(sent)
