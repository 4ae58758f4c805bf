// Lambda's runtime for Node, as small as it can be: `node bootstrap.js app.js`. AWS's own
// (npm: aws-lambda-ric) builds its HTTP client in C++ at installation; this uses Node's.
const http = require("node:http");
const path = require("node:path");

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const prefix = "/2018-06-01/runtime/invocation";

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ agent, host, port, method, path }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve([response.headers, Buffer.concat(parts).toString()]));
    });
    request.on("error", reject);
    if (body !== undefined) {
      const bytes = Buffer.from(body);
      request.setHeader("content-type", "application/json");
      request.setHeader("content-length", bytes.length);
      request.write(bytes);
    }
    request.end();
  });
}

async function main() {
  const { handler } = require(path.resolve(process.argv[2]));
  for (;;) {
    const [headers, event] = await call("GET", `${prefix}/next`);
    const id = headers["lambda-runtime-aws-request-id"];
    const deadline = Number(headers["lambda-runtime-deadline-ms"]);
    const context = {
      awsRequestId: id,
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      getRemainingTimeInMillis: () => deadline - Date.now(),
    };
    try {
      const answer = await handler(JSON.parse(event), context);
      await call("POST", `${prefix}/${id}/response`, JSON.stringify(answer));
    } catch (error) {
      const body = JSON.stringify({ errorType: error.name, errorMessage: error.message });
      await call("POST", `${prefix}/${id}/error`, body);
    }
  }
}

main();
