// Every state of the page that people meet, by name: which lake, which address, which status.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { root } from "./serve.mjs";

/** As somebody whom the catalog does not name. */
let token;
const stranger = ({ servers }) => {
  token ??= servers.acme.run("token", "create", "stranger", "--user", "U0STRANGE").trim();
  return { extraHTTPHeaders: { Authorization: `Bearer ${token}` } };
};

export const states = {
  "search": { lake: "acme", path: "/" },
  "answer": { lake: "acme", path: "/companies/17/revenue" },
  "answer-expected": { lake: "acme", path: "/companies/17/revenue?as_of=2025-03-01&expected=10M" },
  "answer-units": { lake: "acme", path: "/companies/17/revenue?as_of=2026-03-09" },
  "answer-text": { lake: "acme", path: "/companies/17/industry" },
  "answer-cleared": { lake: "acme", path: "/companies/19/revenue?as_of=2025-06-30" },
  "answer-no-winner": { lake: "acme", path: "/companies/73/revenue" },
  "answer-flapping": { lake: "sp500", path: "/?q=best+buy+dividend+yield+as+of+2016-07-20" },
  "answer-sector": { lake: "sp500", path: "/?q=3M+sector" },
  "answer-copied": {
    lake: "acme", path: "/companies/17/revenue",
    before: async (page) => { await page.getByText("Copy for Slack").click(); await page.getByText("Receipt", { exact: true }).click(); },
  },
  "history": { lake: "acme", path: "/companies/17/revenue/history" },
  "history-many": { lake: "odd", path: "/companies/4/price/history" },
  "history-filtered": { lake: "acme", path: "/companies/17/revenue/history?cause=override" },
  "history-nothing-fits": { lake: "acme", path: "/companies/17/revenue/history?cause=override&source=website&from=2026-01-01" },
  "overview": { lake: "acme", path: "/companies/17" },
  "overview-sp500": { lake: "sp500", path: "/?q=apple" },
  "changes": { lake: "acme", path: "/companies/17?since=2025-01-01" },
  "compare-times": { lake: "acme", path: "/compare?entity=17&attribute=revenue&at=2025-03-01" + "&and=2026-06-01" },
  "compare-companies": { lake: "acme", path: "/compare?entity=17&attribute=employees&with=18" },
  "wrong": { lake: "acme", path: "/wrong?question=%2317+revenue" },
  "wrong-told": { lake: "acme", path: "/wrong?question=%2317+revenue&done=1" },
  "empty": { lake: "acme", path: "/companies/17/revenue?as_of=2023-01-02" },
  "before-the-lake": { lake: "acme", path: "/companies/17/revenue?as_of=2022-12-31" },
  "ambiguous": { lake: "acme", path: "/?q=acme+tools+revenue", status: 409 },
  "unknown-company": { lake: "acme", path: "/?q=nobody+at+all+revenue", status: 404 },
  "unknown-attribute": { lake: "acme", path: "/companies/17/colour", status: 404 },
  "not-found": { lake: "acme", path: "/no/such/page", status: 404 },
  "restricted": { lake: "acme", path: "/companies/17/credit_limit", status: 403, options: stranger },
  "overview-restricted": { lake: "acme", path: "/companies/17", options: stranger },
  "broken": { lake: "broken", path: "/companies/17/revenue", status: 500 },
  "sign-in": { lake: "acme", path: "/sign-in?next=%2Fcompanies%2F17" },
  "bad-link": { lake: "acme", path: "/links/t0k3n", status: 404 },
  "bad-date": { lake: "acme", path: "/companies/17/revenue?as_of=someday", status: 400 },
  "slow": {
    lake: "acme", path: "/",
    // The beginning of a page whose answer is still being read, as the renderer writes it.
    before: async (page) => {
      const folder = path.join(root, "src/render/page/snapshots");
      const file = fs.readdirSync(folder).find((name) => name.endsWith("__begun.snap"));
      const begun = fs.readFileSync(path.join(folder, file), "utf8").split("\n---\n")[1];
      const names = await page.evaluate(() => [...document.querySelectorAll("[href^='/assets/'], [src^='/assets/']")]
        .map((element) => element.getAttribute("href") ?? element.getAttribute("src")));
      const html = begun.replace(/\/assets\/page\.HASH\.(\w+)/g, (_, end) => names.find((name) => name.endsWith("." + end)));
      await page.route("**/slow", (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: html }));
      await page.goto(new URL("/slow", page.url()).href);
      assert.equal(await page.getByRole("status").isVisible(), true);
    },
  },
  "right-to-left": { lake: "odd", path: "/companies/1/slogan" },
  "hostile": { lake: "odd", path: "/companies/2/slogan" },
  "hostile-overview": { lake: "odd", path: "/companies/2" },
  "long": { lake: "odd", path: "/companies/3/slogan" },
};
