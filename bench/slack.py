"""What the benches know of Slack: one that says yes to everything, and its signed `/why`."""

import hashlib
import hmac
import http.server
import json
import pathlib
import time
import urllib.parse

SECRET = "signing-secret-of-the-bench"
YES = {"ok": True, "url": "https://bench.slack.com/", "team": "Bench", "user": {"team_id": "T1"}, "team_id": "T1"}
YES |= {"user_id": "U0WHY", "bot_id": "B1", "ts": "1.1", "channel": "C1"}


class Yes(http.server.BaseHTTPRequestHandler):
    """Every method of the Web API, and every response URL."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.heard(self.rfile.read(int(self.headers.get("content-length", 0))))
        answer = json.dumps(YES).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST

    def heard(self, said):
        pass

    def log_message(self, *_):
        pass


def signed(fields):
    """The body of a command, and its headers."""
    body = urllib.parse.urlencode(fields)
    sent = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{sent}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": sent,
        "x-slack-signature": f"v0={digest}",
    }
    return body, headers


def told(slack_port, listen):
    """The environment of a server that takes this Slack for Slack."""
    return {
        "SLACK_BOT_TOKEN": "xoxb-of-the-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api",
        "WHY_LISTEN": listen,
        "WHY_METRICS": "off",
        "WHY_LOG": "error",
    }


def memory_mb(pid, what):
    """`VmRSS`: resident now; `VmHWM`: at most so far."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(what)) / 1024
