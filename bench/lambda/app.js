// The same acknowledgement with @slack/bolt on Lambda, as its documentation has it.
const { App, AwsLambdaReceiver } = require("@slack/bolt");

const receiver = new AwsLambdaReceiver({ signingSecret: process.env.SLACK_SIGNING_SECRET });
const app = new App({
  receiver,
  authorize: async () => ({ botToken: "xoxb-of-the-bench", botId: "B1", botUserId: "U0WHY" }),
});

app.command("/why", async ({ ack }) => ack("Looking …"));

const started = receiver.start();
module.exports.handler = async (event, context) => (await started)(event, context);
