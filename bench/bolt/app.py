"""The same acknowledgement with slack_bolt: its asynchronous app on its own aiohttp server."""

import os

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

client = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"] + "/")
app = AsyncApp(signing_secret=os.environ["SLACK_SIGNING_SECRET"], client=client)


@app.command("/why")
async def why(ack):
    await ack("Looking …")


app.start(port=int(os.environ["PORT"]), path="/slack/commands")
