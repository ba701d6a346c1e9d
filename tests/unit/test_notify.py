"""Who is told what: only who is named, once, escaped, and without a secret in the log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from flows.cli import main
from flows.errors import BelowExpectation, HomeBusy
from flows.notify import Notice, drifting, failures_told, forget, payload, tell
from flows.settings import Settings
from warehouse.lake import Home

SECRET = "T0/B0/rosebud"
NOTICE = Notice("drift", "Sources drift", ("Karrow Wire: silent",), "run_1")


class Hook:
    """A webhook on this machine that keeps what it is told and answers with the codes that it is given, then with 200."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.codes: list[int] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(hook.codes.pop(0) if hook.codes else 200)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing on the console."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/{SECRET}"
        Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    monkeypatch.setattr("flows.notify.PAUSES_S", (0, 0))
    one = Hook()
    yield one
    one.server.shutdown()
    one.server.server_close()


def settings(home: Path, url: str = "", block: str = "") -> Settings:
    return Settings(home=home, notify_url=url, notify_block=block)  # type: ignore[arg-type]


def test_nobody_is_told_unless_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.notify._post", lambda *_: pytest.fail("the network was used"))
    assert not tell(settings(tmp_path), NOTICE)
    assert list(tmp_path.iterdir()) == []


def test_a_notice_is_told_once_until_it_was_gone(tmp_path: Path, hook: Hook) -> None:
    one = settings(tmp_path, hook.url)
    assert [tell(one, NOTICE), tell(one, NOTICE)] == [True, False]
    other = Notice("drift", "Sources drift", ("Karrow Wire: silent", "Lundby Post: few"))
    assert tell(one, other)
    forget(Home(tmp_path), "drift")
    assert tell(one, other)
    assert [told["lines"] for told in hook.told] == [list(NOTICE.lines), list(other.lines), list(other.lines)]


def test_what_a_file_name_holds_is_text_and_not_markup(tmp_path: Path) -> None:
    sent = payload(
        Notice("failed run", "a < b & <!channel>", ("in <https://x.test|here>\x1b[2J\nnext " + "y" * 400, *["z"] * 30)), Home(tmp_path)
    )
    assert sent["text"].startswith("a &lt; b &amp; &lt;!channel&gt;\nin &lt;https://x.test|here&gt;\\x1b[2J\\nnext yyy")
    assert all(len(line) <= 300 for line in sent["lines"])
    assert sent["lines"][-1] == "and 11 more"


@pytest.mark.parametrize(
    ("codes", "tries", "delivered"),
    [([500], 2, True), ([429, 503], 3, True), ([500, 500, 500], 3, False), ([404], 1, False), ([302], 1, False)],
)
def test_tries_again_only_where_that_can_help(
    tmp_path: Path, hook: Hook, caplog: pytest.LogCaptureFixture, codes: list[int], tries: int, delivered: bool
) -> None:
    hook.codes = list(codes)
    with caplog.at_level(logging.DEBUG):
        assert tell(settings(tmp_path, hook.url), NOTICE) is delivered
    assert len(hook.told) == tries
    assert SECRET not in caplog.text and "rosebud" not in caplog.text
    assert delivered or f"127.0.0.1 could not be told: HTTPError {codes[-1]}" in caplog.text


def test_a_notice_that_was_not_delivered_is_told_again(tmp_path: Path, hook: Hook) -> None:
    hook.codes = [404]
    assert [tell(settings(tmp_path, hook.url), NOTICE) for _ in range(3)] == [False, True, False]


def test_a_block_that_is_not_there_ends_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def not_there(name: str) -> None:
        raise ValueError(f"Unable to find block document named {name}")

    monkeypatch.setattr("prefect.blocks.core.Block.load", not_there)
    assert not tell(settings(tmp_path, block="slack-webhook/desk"), NOTICE)
    assert "slack-webhook/desk could not be told: ValueError" in caplog.text


def test_a_failure_is_told_and_raised_and_told_anew_after_a_good_run(tmp_path: Path, hook: Hook) -> None:
    one = settings(tmp_path, hook.url)

    def run(error: Exception | None) -> None:
        with failures_told(one, "run_1", "poll of lundby"):
            if error:
                raise error

    bad = BelowExpectation("stage clean stopped")
    for error in (bad, bad, None, bad):
        if error:
            with pytest.raises(BelowExpectation):
                run(error)
        else:
            run(None)
    with pytest.raises(HomeBusy):
        run(HomeBusy("another run works here"))
    assert [told["lines"] for told in hook.told] == [["[D010] stage clean stopped"]] * 2
    assert hook.told[0]["title"] == f"Dateline: poll of lundby failed in {tmp_path}"


@pytest.mark.parametrize(
    ("days", "gap", "n_days", "drift", "kinds"),
    [
        (3, 1, 9, None, None),
        (4, 1, 9, None, "silent"),
        (4, 1, 4, None, None),
        (15, 7, 9, None, None),
        (16, 7, 9, "few", "silent, few"),
        (1, 1, 9, "rejects, body", "rejects, body"),
        (9, 1, 9, "silent, few", "silent, few"),
    ],
)
def test_silence_goes_on_while_the_warehouse_stands_still(
    days: float, gap: float, n_days: int, drift: str | None, kinds: str | None
) -> None:
    now = datetime(2025, 3, 20, 12, tzinfo=UTC)
    row = {
        "publisher": "Lundby Post",
        "last_landed_at": now - timedelta(days=days),
        "median_gap_days": gap,
        "n_days": n_days,
        "drift": drift,
    }
    row |= {"n_last_day": 3, "median_per_day": 12.0, "reject_share_last_day": 0.0, "body_share_last_day": 0.8}
    lines = drifting([row], now)
    assert lines == ([] if kinds is None else [lines[0]])
    assert kinds is None or lines[0].startswith(f"Lundby Post: {kinds} (last 2025-03-")


def test_the_address_stands_in_no_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATELINE_NOTIFY_URL", f"https://hooks.test/{SECRET}")
    main(["doctor"])
    assert "rosebud" not in repr(Settings()) + json.dumps(Settings().model_dump(mode="json")) + "".join(capsys.readouterr())
    monkeypatch.setenv("DATELINE_NOTIFY_URL", f"ftp://hooks.test/{SECRET}")
    assert main(["doctor"]) == 2
    told = "".join(capsys.readouterr())
    assert "DATELINE_NOTIFY_URL" in told and "https://" in told and "rosebud" not in told
