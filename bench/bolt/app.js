// The same acknowledgement with @slack/bolt, on its own HTTP receiver.
const { App } = require("@slack/bolt");

const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  signingSecret: process.env.SLACK_SIGNING_SECRET,
  endpoints: "/slack/commands",
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL + "/" },
});

app.command("/why", async ({ ack }) => ack("Looking …"));
app.start({ port: Number(process.env.PORT), host: "127.0.0.1" });
