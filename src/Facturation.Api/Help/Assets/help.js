// Adds what the old pages' readers must not meet in the markup: anchors, contents, copy buttons, search.
"use strict";

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const main = document.querySelector("main");
const headings = [...main.querySelectorAll("h2, h3")]
  .map(heading => ({ heading, id: heading.id || (heading === heading.parentElement.firstElementChild && heading.parentElement.id), text: heading.textContent }))
  .filter(({ id }) => id);

for (const { heading, id, text } of headings) {
  const anchor = make("a", { className: "anchor", href: "#" + id });
  anchor.setAttribute("aria-label", "Lien vers " + text);
  heading.append(anchor);
}

const listed = headings.filter(({ heading }) => !heading.closest(".status"));
if (listed.length > 2) {
  const items = listed.map(({ heading, id, text }) =>
    make("li", { className: heading.tagName === "H3" ? "sub" : "", lang: heading.closest("[lang]").lang }, make("a", { href: "#" + id }, text)));
  const nav = make("nav", { className: "contents" }, make("div", {}, make("ul", {}, ...items)));
  nav.setAttribute("aria-label", "Sur cette page");
  nav.lang = "fr";
  main.append(nav);
  document.body.classList.add("has-contents");
}

for (const pre of main.querySelectorAll("pre")) {
  const text = pre.textContent;
  const button = make("button", { className: "copy", type: "button", lang: "fr" }, "Copier");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copié";
    } catch {
      // Not a secure context: select the text, one key copies it.
      getSelection().selectAllChildren(pre);
      button.textContent = "Sélectionné";
    }
    setTimeout(() => { button.textContent = "Copier"; }, 2000);
  });
  const box = make("div", { className: "copyable" });
  pre.replaceWith(box);
  box.append(pre, button);
}

// Words without case and accents, so that "detaillees" finds "détaillées".
const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const input = make("input", { type: "search", placeholder: "Rechercher…", autocomplete: "off", spellcheck: false });
input.setAttribute("aria-label", "Rechercher une opération ou un modèle");
const results = make("ul", { hidden: true });
const status = make("li", { className: "none" }, "Rien de tel");
const search = make("search", { className: "search", lang: "fr" }, input, results);
document.querySelector("header").append(search);

let entries; // Undefined until somebody searches, then null until they have come.

// Never waits: a list made anew behind a reader who has moved on into it would take the focus away.
const show = () => {
  const words = plain(input.value).split(/\s+/).filter(Boolean);
  const found = !entries ? [] : entries.filter(({ name, about }) => words.every(word => plain(`${name} ${about ?? ""}`).includes(word)));
  results.replaceChildren(...found.slice(0, 8).map(({ name, about, href }) =>
    make("li", {}, make("a", { href }, name, make("span", {}, about ?? "")))));
  if (entries && words.length && !found.length)
    results.append(status);
  results.hidden = !words.length || !entries;
};

const load = async () => {
  if (entries !== undefined)
    return;
  entries = null;
  try {
    entries = await (await fetch(document.body.dataset.search)).json();
  } catch {
    entries = undefined; // The next look tries again.
  }
  show();
};

input.addEventListener("input", show);
input.addEventListener("focus", () => { load(); show(); });
search.addEventListener("keydown", event => {
  const links = [...results.querySelectorAll("a")];
  const at = links.indexOf(document.activeElement);
  if (event.key === "Escape") {
    results.hidden = true;
    input.focus();
  } else if (event.key === "ArrowDown" && links.length) {
    links[(at + 1) % links.length].focus();
  } else if (event.key === "ArrowUp" && at >= 0) {
    (links[at - 1] ?? input).focus();
  } else if (event.key === "Enter" && at < 0 && links.length) {
    location.href = links[0].href;
  } else {
    return;
  }
  event.preventDefault();
});
document.addEventListener("click", event => { if (!search.contains(event.target)) results.hidden = true; });
document.addEventListener("keydown", event => {
  if (event.key === "/" && !event.target.matches("input, textarea")) {
    event.preventDefault();
    input.focus();
  }
});
