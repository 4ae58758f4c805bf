// What people do on the page, from the search to the report; each with and without JavaScript.
import assert from "node:assert/strict";

const h1 = (page) => page.locator("h1").innerText();

/** search → answer → history → as-of → compare → looks wrong */
async function whole({ servers, open }, javaScriptEnabled) {
  const { page, close } = await open({ javaScriptEnabled });
  await page.goto(servers.acme.url + "/");
  await page.getByRole("search").locator("input").fill("acme revenue");
  await page.getByRole("button", { name: "Ask" }).click();
  assert.equal(new URL(page.url()).pathname, "/companies/17/revenue");
  const today = await h1(page);
  assert.match(today, /Acme Corporation · revenue:\s*12\.4M USD\s*,\s*since/);

  await page.getByRole("link", { name: "All changes, with filters" }).click();
  assert.match(await h1(page), /History of Acme Corporation · revenue/);
  const all = await page.locator("ol.changes li").count();
  await page.getByLabel("Cause").selectOption("override");
  await page.getByRole("button", { name: "Filter" }).click();
  const some = await page.locator("ol.changes li").count();
  assert.ok(some > 0 && some < all, `${some} of ${all}`);

  // Pressing a change, in the list or in the drawing, is asking as of then.
  const when = await page.locator("ol.changes a").first().getAttribute("href");
  await page.locator("ol.changes a").first().click();
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, when);
  assert.match(await h1(page), /revenue at \d{4}-\d\d-\d\d/);
  await page.locator("figure.chart a.point").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/as_of=/);

  await page.getByLabel("Date", { exact: true }).fill("2025-03-01");
  await page.getByRole("button", { name: "Show" }).click();
  assert.match(await h1(page), /on 2025-03-01/);
  assert.notEqual(await h1(page), today);

  await page.getByLabel("Another day").fill("2026-06-01");
  await page.getByRole("button", { name: "Compare" }).first().click();
  assert.match(await page.locator(".verdict").innerText(), /On 2025-03-01, .*on 2026-06-01/);
  await page.goBack();
  await page.getByLabel("Another company").fill("Brightwater");
  await page.getByRole("button", { name: "Compare" }).last().click();
  assert.match(await h1(page), /Acme Corporation and Brightwater/);
  await page.goBack();

  await page.getByRole("link", { name: "This looks wrong" }).click();
  await page.getByLabel("What is wrong with it").fill("It was 10M in the annual report.");
  await page.getByLabel("What it should be").fill("10M");
  await page.getByRole("button", { name: "Report" }).click();
  assert.equal(await h1(page), "Reported");
  await page.getByRole("link", { name: "Back to the answer" }).click();
  assert.match(await h1(page), /on 2025-03-01/);
  await close();
}

export const paths = {
  "from the search to a report, with JavaScript": (tools) => whole(tools, true),
  "from the search to a report, without JavaScript": (tools) => whole(tools, false),

  "a name is offered while it is typed, and chosen with the keyboard": async ({ servers, open }) => {
    const { page, close } = await open();
    await page.goto(servers.acme.url + "/");
    const box = page.getByRole("combobox");
    await box.pressSequentially("acme", { delay: 20 });
    await page.getByRole("option").first().waitFor();
    assert.equal(await box.getAttribute("aria-expanded"), "true");
    assert.ok((await page.getByRole("option").count()) >= 3);
    await page.keyboard.press("ArrowDown");
    const first = page.getByRole("option").first();
    assert.equal(await first.getAttribute("aria-selected"), "true");
    assert.equal(await box.getAttribute("aria-activedescendant"), await first.getAttribute("id"));
    await page.keyboard.press("ArrowUp");
    assert.equal(await page.getByRole("option").last().getAttribute("aria-selected"), "true");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    // The company stands there, and its attributes are offered.
    assert.equal(await box.inputValue(), "Acme Corporation ");
    await box.pressSequentially("empl", { delay: 20 });
    await page.waitForFunction(() => document.querySelectorAll("#offers li").length === 1);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/companies/17/employees");
    await close();
  },

  "Escape closes what is offered, and the words are asked as they stand": async ({ servers, open }) => {
    const { page, close } = await open();
    await page.goto(servers.acme.url + "/");
    const box = page.getByRole("combobox");
    await box.pressSequentially("acme hq", { delay: 20 });
    await box.fill("acme");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await page.getByRole("option").count(), 0);
    await box.fill("acme hq");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/companies/17/headquarters");
    await close();
  },

  "an answer is copied for Slack with its permalink": async ({ servers, open }) => {
    const { page, close } = await open({ permissions: ["clipboard-read", "clipboard-write"] });
    await page.goto(servers.acme.url + "/companies/17/revenue");
    await page.getByText("Copy for Slack").click();
    await page.getByRole("button", { name: "Copy" }).first().click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /^Acme Corporation · revenue: 12\.4M USD, since .*\nbecause /);
    assert.ok(copied.endsWith(`\n${servers.acme.url}/companies/17/revenue`), copied);
    await close();
  },

  "a company that is not clear becomes choices, and a choice goes on": async ({ servers, open }) => {
    const { page, close } = await open({ javaScriptEnabled: false });
    await page.goto(servers.acme.url + "/compare?entity=17&attribute=revenue&with=acme+tools");
    const choice = page.locator(".choices a").first();
    await choice.click();
    assert.match(page.url(), /\/compare\?entity=17&attribute=revenue&with=\d+/);
    assert.match(await h1(page), /Acme Corporation and /);
    await close();
  },

  "a hostile lake runs nothing": async ({ servers, open }) => {
    const { page, close } = await open();
    for (const address of ["/companies/2", "/companies/2/slogan", "/companies/2/slogan/history", "/?q=Hostile", "/compare?entity=2&attribute=slogan&with=1", "/wrong?question=%232+slogan"]) {
      await page.goto(servers.odd.url + address);
      assert.notEqual(await page.title(), "owned");
      assert.equal(await page.locator("main script, main img").count(), 0, address);
    }
    await close();
  },

  "no page weighs more than 60 kB on its way, with its style and script": async ({ servers }) => {
    const weigh = async (url) => {
      const response = await fetch(url, { headers: { "accept-encoding": "identity" } });
      const text = await response.text();
      const { gzipSync } = await import("node:zlib");
      return { text, weight: gzipSync(text).length };
    };
    for (const [name, address] of [["acme", "/companies/17/revenue"], ["odd", "/companies/4/price"], ["odd", "/companies/4/price/history"], ["sp500", "/companies/1"], ["acme", "/companies/17"]]) {
      const { text, weight } = await weigh(servers[name].url + address);
      let whole = weight;
      for (const [, asset] of text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) whole += (await weigh(servers[name].url + asset)).weight;
      console.log(`         ${name}${address}: ${weight} bytes, ${whole} with what it needs`);
      assert.ok(whole <= 60_000, `${address}: ${whole}`);
    }
  },

  "every link of an answer leads somewhere": async ({ servers, open }) => {
    const { page, close } = await open();
    const seen = new Set();
    for (const address of ["/", "/companies/17", "/companies/17/revenue", "/companies/17/revenue/history", "/compare?entity=17&attribute=revenue&at=2025-03-01&and=2026-06-01"]) {
      await page.goto(servers.acme.url + address);
      for (const href of await page.evaluate(() => [...document.querySelectorAll("main a[href]")].map((a) => a.getAttribute("href")))) {
        if (href.startsWith("/")) seen.add(href);
      }
    }
    for (const href of seen) {
      const response = await fetch(servers.acme.url + href, { headers: { accept: "*/*" } });
      assert.ok(response.status < 400, `${href}: ${response.status}`);
    }
    assert.ok(seen.size > 20);
    await close();
  },
};
