// Lakes to look at, each imported afresh and served by `why serve` on a port of its own.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const why = process.env.WHY || path.join(root, "target/debug/why");
const made = path.join(root, "target/page");

/** Imports a lake into target/page/NAME. */
export function lake(name) {
  const into = path.join(made, name);
  fs.rmSync(into, { recursive: true, force: true });
  fs.mkdirSync(made, { recursive: true });
  let from = path.join(root, "data", name);
  let catalog = path.join(from, "why.toml");
  if (name === "odd") {
    catalog = path.join(root, "tests/page/odd/why.toml");
    from = path.join(made, "odd-rows");
    execFileSync(process.execPath, [path.join(root, "tests/page/odd/make.mjs"), from]);
  }
  const zipped = path.join(from, "attribute_trace.jsonl.gz");
  const decisions = fs.existsSync(zipped) ? zipped : path.join(from, "decisions.jsonl");
  execFileSync(why, ["import", "--catalog", catalog, "--decisions", decisions,
    "--entities", path.join(from, "entities.jsonl"), "--latest", "--into", into], { stdio: "pipe" });
  return into;
}

/** A copy of a lake, whose files of one attribute are none any more. */
export function broken(folder, attribute) {
  const into = path.join(made, "broken");
  fs.rmSync(into, { recursive: true, force: true });
  fs.cpSync(folder, into, { recursive: true });
  for (const name of fs.readdirSync(into, { recursive: true })) {
    if (name.includes(attribute) && name.endsWith(".parquet")) fs.writeFileSync(path.join(into, name), "no Parquet");
  }
  return into;
}

/** Starts `why serve`; `{ url, stop, run }`. `run` is `why` with the server's state file. */
export async function serve(name, folder) {
  const state = path.join(made, `${name}.sqlite`);
  for (const end of ["", "-wal", "-shm"]) fs.rmSync(state + end, { force: true });
  const environment = { ...process.env, WHY_STATE: state, WHY_LOG: "info" };
  const log = path.join(made, `${name}.log`);
  const out = fs.openSync(log, "w");
  const child = spawn(why, ["--catalog", folder, "serve", "--listen", "127.0.0.1:0", "--metrics", "off"],
    { env: environment, stdio: ["ignore", out, out] });
  const url = await started(child, log);
  const run = (...words) => execFileSync(why, ["--catalog", folder, ...words], { env: environment, encoding: "utf8" });
  const stop = () => new Promise((done) => { child.once("exit", done); child.kill("SIGTERM"); });
  return { url, stop, run };
}

async function started(child, log) {
  for (let tries = 0; tries < 600; tries++) {
    const said = fs.readFileSync(log, "utf8");
    const address = said.match(/started.*?address\W+?(127\.0\.0\.1:\d+)/)?.[1]
      ?? said.match(/address\W+?(127\.0\.0\.1:\d+).*?started/)?.[1];
    if (address) return `http://${address}`;
    if (child.exitCode !== null) break;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`why serve did not start:\n${fs.readFileSync(log, "utf8")}`);
}
