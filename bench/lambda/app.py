"""The same acknowledgement with slack_bolt on Lambda, as its documentation has it.

`authorize` instead of a token: with a token its first request waits for auth.test.
"""

import os

from slack_bolt import App
from slack_bolt.adapter.aws_lambda import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult


def authorize(enterprise_id, team_id):
    return AuthorizeResult(
        enterprise_id=enterprise_id,
        team_id=team_id,
        bot_token="xoxb-of-the-bench",
        bot_id="B1",
        bot_user_id="U0WHY",
    )


app = App(
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
    authorize=authorize,
    process_before_response=True,
)


@app.command("/why")
def why(ack):
    ack("Looking …")


handle = SlackRequestHandler(app).handle


def handler(event, context):
    return handle(event, context)
