// Writes the odd lake's decisions and entities into the folder that is named, the same each time.
import fs from "node:fs";
import path from "node:path";

const folder = process.argv[2];
const hostile = `<script>document.title="owned"</script><img src=x onerror="document.title='owned'">`;
const entities = [
  { entity_id: 1, name: "شركة الأفق للتجارة", domain: "horizon.example", aliases: ["Horizon"], rank: 10 },
  { entity_id: 2, name: hostile, domain: "hostile.example", aliases: ["Hostile"], rank: 1 },
  { entity_id: 3, name: "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft GmbH", domain: "long.example", aliases: ["Long"], rank: 2 },
  { entity_id: 4, name: "Busy Trading Ltd", domain: "busy.example", aliases: ["Busy"], rank: 3 },
];
const decisions = [];
let last = {};
const decide = (entity_id, attribute_name, decided_at, value, more = {}) => {
  const key = `${entity_id} ${attribute_name}`;
  const source = more.source ?? "crm";
  decisions.push({
    decision_id: `d${decisions.length}`, entity_id, attribute_name, decided_at, value,
    previous_value: last[key] ?? null, rule: more.rule ?? "priority", rule_version: "1",
    reason: more.reason ?? null, run_id: "r1", actor: more.actor ?? "pipeline", override: more.override ?? false,
    evidence: [
      { source, record_id: "1", value, observed_at: decided_at, confidence: 0.9, selected: true, reason: more.reason ?? null, url: more.url ?? null },
      ...(more.losers ?? []),
    ],
  });
  last[key] = value;
};
decide(1, "revenue", "2024-03-01T08:00:00Z", "4.1M");
decide(1, "revenue", "2025-06-01T08:00:00Z", "5.3M");
decide(1, "slogan", "2024-03-01T08:00:00Z", "نصل إلى الأفق");
decide(1, "slogan", "2025-02-01T08:00:00Z", "الأفق أقرب مما تظن", { override: true, actor: "سارة", reason: "طلب العميل" });
decide(2, "slogan", "2024-03-01T08:00:00Z", "plain");
decide(2, "slogan", "2025-03-01T08:00:00Z", hostile, { reason: hostile, actor: hostile, url: "javascript:document.title='owned'", losers: [
  { source: hostile, record_id: "2", value: "\u202egnp.exe\u0007", observed_at: "2024-03-01T08:00:00Z", confidence: 0.1, selected: false, reason: hostile, url: "https://safe.example/\"onmouseover=\"1" },
] });
decide(3, "slogan", "2024-03-01T08:00:00Z", "word ".repeat(400));
decide(3, "slogan", "2025-03-01T08:00:00Z", "x".repeat(900));
for (let n = 0; n < 400; n++) {
  const at = new Date(Date.UTC(2024, 0, 2) + n * 1.9 * 86_400_000).toISOString();
  const value = (100 + 40 * Math.sin(n / 19) + ((n * 7919) % 13)).toFixed(2);
  decide(4, "price", at, value, n % 90 === 40 ? { override: true, actor: "jane.doe", reason: "checked" } : n % 120 === 70 ? { rule: "recency" } : {});
}
fs.mkdirSync(folder, { recursive: true });
const lines = (rows) => rows.map((row) => JSON.stringify(row)).join("\n") + "\n";
fs.writeFileSync(path.join(folder, "decisions.jsonl"), lines(decisions));
fs.writeFileSync(path.join(folder, "entities.jsonl"), lines(entities));
