// What a browser can do better than a form: copying, and names while they are typed. The page
// works without it.
"use strict";
(() => {
  const arrived = document.querySelector(".arrived");
  if (arrived) document.title = arrived.dataset.title;

  for (const button of document.querySelectorAll("button[data-copies]")) {
    const text = document.getElementById(button.dataset.copies);
    // A path becomes a whole address where the server does not know its own.
    if (text.value.startsWith("/")) text.value = location.origin + text.value;
    text.value = text.value.replace(/\n(\/companies\/\S+)$/, (_, path) => "\n" + location.origin + path);
    button.hidden = false;
    button.addEventListener("click", async () => {
      const label = button.textContent;
      try {
        await navigator.clipboard.writeText(text.value);
        button.textContent = "Copied";
      } catch {
        text.select();
        button.textContent = "Press Ctrl+C";
      }
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }

  const form = document.querySelector("form.search");
  if (!form) return;
  const input = form.querySelector("input");
  const list = form.querySelector("ul");
  const attributes = form.dataset.attributes.split("|").filter(Boolean).map((pair) => {
    const at = pair.indexOf("=");
    return { name: pair.slice(0, at), label: pair.slice(at + 1) };
  });
  let company = null; // chosen from the list: its id, and its name as it stands in the box
  let offers = [];
  let selected = -1;
  let asked = 0;
  let timer;

  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "offers",
  })) input.setAttribute(name, value);

  const close = () => {
    offers = [];
    selected = -1;
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const select = (at) => {
    selected = at;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", i === at));
    const item = list.children[at];
    if (item) {
      input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };

  const show = (found) => {
    close();
    if (!found.length) return;
    offers = found;
    found.forEach((offer, at) => {
      const item = document.createElement("li");
      item.id = "offer-" + at;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const name = document.createElement("bdi");
      name.textContent = offer.label;
      item.append(name);
      if (offer.detail) {
        const detail = document.createElement("small");
        detail.textContent = offer.detail;
        item.append(" ", detail);
      }
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); take(at); });
      list.append(item);
    });
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };

  const take = (at) => {
    const offer = offers[at];
    close();
    if (offer.go) { location.assign(offer.go); return; }
    company = { id: offer.id, name: offer.label };
    input.value = offer.label + " ";
    input.focus();
    offerAttributes("");
  };

  const offerAttributes = (typed) => {
    const low = typed.trim().toLowerCase();
    const found = attributes.filter(({ label }) => label.toLowerCase().includes(low)).map(({ name, label }) => ({
      label, detail: company.name, go: "/companies/" + company.id + "/" + encodeURIComponent(name),
    }));
    if (!low) found.unshift({ label: "Everything", detail: "at a glance", go: "/companies/" + company.id });
    show(found);
  };

  const look = async () => {
    const typed = input.value;
    if (company && typed.startsWith(company.name)) { offerAttributes(typed.slice(company.name.length)); return; }
    company = null;
    if (typed.trim().length < 2) { close(); return; }
    const mine = ++asked;
    try {
      const reply = await fetch("/v1/entities?" + new URLSearchParams({ q: typed.trim(), limit: "8" }), {
        headers: { accept: "application/json" },
      });
      if (!reply.ok || mine !== asked || input.value !== typed) return;
      const { entities } = await reply.json();
      if (mine !== asked) return;
      show(entities.slice(0, 8).map((entity) => ({ id: entity.id ?? entity.entity_id, label: entity.name, detail: entity.detail })));
    } catch { close(); }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 120);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const many = offers.length;
    if (event.key === "Escape" && many) { event.preventDefault(); close(); }
    else if (event.key === "ArrowDown" && many) { event.preventDefault(); select((selected + 1) % many); }
    else if (event.key === "ArrowUp" && many) { event.preventDefault(); select(selected > 0 ? selected - 1 : many - 1); }
    else if (event.key === "Enter" && selected >= 0) { event.preventDefault(); take(selected); }
  });
})();
