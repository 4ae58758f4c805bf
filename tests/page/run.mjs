// The page in Chromium: its paths, with and without JavaScript; each state in each look; axe-core.
// Screenshots go to target/screenshots. `node run.mjs looks [NAME…]` takes the screenshots alone, of
// the states that are named; `node run.mjs paths` does the rest.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { broken, lake, root, serve } from "./serve.mjs";
import { states } from "./states.mjs";
import { paths } from "./paths.mjs";

const [only, ...named] = process.argv.slice(2);
const screenshots = path.join(root, "target/screenshots");
fs.rmSync(screenshots, { recursive: true, force: true });
fs.mkdirSync(screenshots, { recursive: true });
const axe = fs.readFileSync(path.join(root, "tests/page/node_modules/axe-core/axe.min.js"), "utf8");

const folders = { acme: lake("acme"), sp500: lake("sp500"), odd: lake("odd") };
folders.broken = broken(folders.acme, "revenue");
const servers = {};
for (const [name, folder] of Object.entries(folders)) servers[name] = await serve(name, folder);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none"],
});

let failed = 0;
async function check(name, work) {
  try {
    await work();
    console.log(`ok       ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`NOT ok   ${name}\n${error.stack ?? error}`);
  }
}

/** A page on which nothing may go wrong unseen. */
async function open(options = {}) {
  const context = await browser.newContext({ locale: "en-GB", ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    // A page of an error is loaded with its status, which Chromium calls an error.
    if (message.type() === "error" && !/status of (4|5)\d\d/.test(message.text())) wrong.push(message.text());
  });
  return { page, close: async () => { await context.close(); assert.deepEqual(wrong, []); } };
}

const WIDTHS = { phone: 320, desktop: 1280 };
const tools = { servers, folders, open };

if (only !== "paths") {
  const wanted = ([name]) => named.length === 0 || named.includes(name);
  for (const [name, state] of Object.entries(states).filter(wanted)) {
    for (const [size, width] of Object.entries(WIDTHS)) {
      for (const colorScheme of ["light", "dark"]) {
        await check(`${name}, ${size}, ${colorScheme}`, async () => {
          const { page, close } = await open({ viewport: { width, height: 800 }, colorScheme, ...state.options?.(tools) });
          const url = servers[state.lake].url + state.path;
          const response = await page.goto(url);
          assert.equal(response.status(), state.status ?? 200, url);
          await state.before?.(page, tools);
          await page.screenshot({ path: path.join(screenshots, `${name}-${size}-${colorScheme}.png`), fullPage: true });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `scrolls sideways by ${wide} pixels`);
          assert.notEqual(await page.title(), "owned");
          await page.evaluate(axe + ";0");
          const { violations } = await page.evaluate(() => axe.run(document, {
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
          }));
          const told = violations.map((v) => `${v.id} (${v.impact}): ${v.help}\n    ${v.nodes.slice(0, 4).map((n) => n.html.slice(0, 160) + "\n      " + n.failureSummary.replaceAll("\n", " ")).join("\n    ")}`);
          assert.deepEqual(told, [], told.join("\n"));
          await close();
        });
      }
    }
  }
}
if (only !== "looks") {
  for (const [name, work] of Object.entries(paths)) await check(name, () => work(tools));
}
await browser.close();
for (const server of Object.values(servers)) await server.stop();
console.log(failed ? `${failed} failed` : `all well; screenshots in ${path.relative(root, screenshots)}`);
process.exit(failed ? 1 : 0);
