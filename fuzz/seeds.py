"""Writes what the fuzz targets start from: the tests' payloads as Slack sends them, and a job of each kind."""

import hashlib
import hmac
import json
import pathlib
import sys
import urllib.parse

PAYLOADS = pathlib.Path("src/slack/request/tests/payloads")
SECRET, SENT = "8f742231b10e8888abcd99yyyzzz85a5", "1531420618"
COMMANDS, EVENTS = {"command"}, {"mention", "direct", "home_opened"}
WORK = {
    "ask": {"text": "#17 revenue"},
    "share": {"text": "#17 revenue"},
    "fill_modal": {"view_id": "V1", "message": None},
    "home": {},
    "report": {"text": "#17 revenue", "wrong": "EUR", "expected": "9M", "link": "https://a.com"},
    "triage": {"report": "R1", "state": "data_error"},
}

into = pathlib.Path(sys.argv[1])


def write(target, name, body):
    folder = into / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(body if isinstance(body, bytes) else body.encode())


for path in sorted(PAYLOADS.glob("*.json")):
    payload = json.loads(path.read_text())
    compact = json.dumps(payload, separators=(",", ":"))
    if path.stem in COMMANDS:
        target, form = "commands", urllib.parse.urlencode(payload)
    elif path.stem in EVENTS:
        target, form = "events", None
    else:
        target, form = "interactions", urllib.parse.urlencode({"payload": compact})
    write(target, path.stem, compact)
    if form:
        write(target, path.stem + ".form", form)
        digest = hmac.new(SECRET.encode(), f"v0:{SENT}:{form}".encode(), hashlib.sha256).hexdigest()
        write("signature", path.stem, b"\x05\x01" + f"{SENT}\nv0={digest}\n{form}".encode())

place = {"channel": "C1", "thread_ts": "1.1", "message_ts": "1.2", "response_url": "https://hooks.slack.com/a"}
for kind, fields in WORK.items():
    job = {
        "id": "j1",
        "request_id": "r1",
        "accepted_at": "2026-11-24T12:00:00.123Z",
        "asker": {"user": "U1", "team": "T1", "enterprise": None},
        "place": place | {"reply": "thread"},
        "work": {"kind": kind} | fields,
    }
    write("jobs", kind, json.dumps({"version": 1, "job": job}))
