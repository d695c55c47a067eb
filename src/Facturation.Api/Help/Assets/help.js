// Adds what programs that read the pages must not meet in the markup: anchors, contents, copy buttons, folds, tabs, search.
"use strict";

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

/** A value that the browser keeps; storage may be disabled. */
const kept = (storage, name) => ({
  read() {
    try {
      return window[storage].getItem(name);
    } catch {
      return null;
    }
  },
  /** Null removes it. */
  write(value) {
    try {
      if (value === null)
        window[storage].removeItem(name);
      else
        window[storage].setItem(name, value);
    } catch {
      // It lasts as long as the page.
    }
  },
});

const main = document.querySelector("main");

// Anchors, and the contents of the page in the list of operations, below the page's own link.
const side = document.getElementById("sommaire");
const headings = [...main.querySelectorAll("h2, h3")]
  .map(heading => ({ heading, id: heading.id || (heading === heading.parentElement.firstElementChild && heading.parentElement.id), text: heading.textContent }))
  .filter(({ id }) => id);

for (const { heading, id, text } of headings) {
  const anchor = make("a", { className: "anchor", href: "#" + id });
  anchor.setAttribute("aria-label", "Lien vers " + text);
  heading.append(anchor);
}

const current = side.querySelector("[aria-current]");
const listed = headings.filter(({ heading }) => !heading.closest(".status"));
if (current && listed.length > 2) {
  current.after(make("ul", { className: "contents" }, ...listed.map(({ heading, id, text }) => make(
    "li", { className: heading.tagName === "H3" ? "sub" : "", lang: heading.closest("[lang]").lang }, make("a", { href: "#" + id }, text)))));
}
const showCurrent = () => {
  if (current)
    side.scrollTop = current.offsetTop - side.clientHeight / 3;
};
showCurrent();
side.addEventListener("toggle", showCurrent); // On a narrow screen, once it is open.
side.addEventListener("click", event => {
  if (event.target.closest("a"))
    side.hidePopover?.();
});

for (const pre of main.querySelectorAll("pre")) {
  const button = make("button", { className: "copy", type: "button", lang: "fr" }, "Copier");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(pre.textContent);
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

// Code is never wrapped. Where it is wider than its box, the keyboard scrolls it too.
const scrolling = new ResizeObserver(entries => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth)
      target.tabIndex = 0;
    else
      target.removeAttribute("tabindex");
  }
});
for (const pre of main.querySelectorAll("pre:not([tabindex])"))
  scrolling.observe(pre);

const tokensOf = (text, isXml) => text.match(isXml ? /<[^>]*>?|[^<]+/g : /"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+|\s+|"/g) ?? [];

/** The style sheet's name for a token; empty for none. */
const kindOf = (token, next, isXml) => isXml ? token[0] === "<" ? "name" : ""
  : next === ":" ? "name" : token[0] === '"' ? "string" : /^[-\d]/.test(token) ? "number" : /^[a-z]/.test(token) ? "word" : "";

const colour = (text, isXml) => tokensOf(text, isXml).map((token, i, all) => {
  const kind = kindOf(token, all[i + 1], isXml);
  return kind ? make("span", { className: kind }, token) : token;
});

/** A button that shows and hides an element of a sample. The style sheet writes its words, which are no part of the sample. */
const folded = element => {
  const button = make("button", { className: "fold", type: "button", lang: "fr" });
  const fold = isFolded => {
    element.hidden = isFolded;
    button.ariaExpanded = String(!isFolded);
    button.ariaLabel = isFolded ? "Afficher l’élément identique au précédent" : "Replier l’élément identique au précédent";
  };
  button.addEventListener("click", () => fold(!element.hidden));
  fold(true);
  return [button, element];
};

// The samples of the old pages: coloured, and folded where an element of a collection repeats the one before.
for (const pre of main.querySelectorAll(".sample-content pre")) {
  const text = pre.textContent;
  const isXml = text[0] === "<";
  const lines = text.split("\n");
  const indentOf = line => line?.search(/\S|$/) ?? 0;
  // An element ends with the next line that is not indented more than its first.
  const endOf = start => {
    let end = start + 1;
    while (indentOf(lines[end]) > indentOf(lines[start]))
      end++;
    return end === start + 1 ? end : end + 1;
  };
  const same = (a, b) => a?.replace(/,$/, "") === b.replace(/,$/, "");
  pre.replaceChildren();
  for (let i = 0; i < lines.length;) {
    const end = endOf(i);
    const element = lines.slice(i, end);
    const isRepeated = element.length > 1 && element.every((line, j) => same(lines[i - element.length + j], line));
    const indent = " ".repeat(indentOf(lines[i]));
    if (isRepeated)
      pre.append(indent, ...folded(make("span", {}, ...colour(element.join("\n").slice(indent.length), isXml))));
    else
      pre.append(...colour(lines[i], isXml));
    i = isRepeated ? end : i + 1;
    if (i < lines.length)
      pre.append("\n");
  }
}

// Programs in tabs; the language that a reader chose is chosen on all pages.
const language = kept("localStorage", "facturation-language");
for (const programs of main.querySelectorAll(".programs")) {
  const parts = [...programs.querySelectorAll("details")].map((details, i) => {
    const name = details.querySelector("summary").textContent;
    const tab = make("button", { type: "button", role: "tab", id: `langage-${i}` }, name);
    const panel = make("div", { role: "tabpanel", id: `programme-${i}` }, details.querySelector(".copyable"));
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", () => { choose(i); language.write(name); });
    return { name, tab, panel };
  });
  const choose = at => parts.forEach(({ tab, panel }, i) => {
    tab.ariaSelected = String(i === at);
    tab.tabIndex = i === at ? 0 : -1;
    panel.hidden = i !== at;
  });
  const tabs = make("div", { className: "tabs", role: "tablist", ariaLabel: "Langage" }, ...parts.map(({ tab }) => tab));
  tabs.addEventListener("keydown", event => {
    const [at, last] = [parts.findIndex(({ tab }) => tab === event.target), parts.length - 1];
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined)
      return;
    const { tab } = parts[to < 0 ? last : to > last ? 0 : to];
    tab.focus();
    tab.click();
    event.preventDefault();
  });
  programs.replaceChildren(tabs, ...parts.map(({ panel }) => panel));
  const wanted = language.read();
  const first = test => parts.findIndex(({ name }) => test(name));
  choose(Math.max(0, first(name => name === wanted), wanted ? first(name => name.split(",")[0] === wanted.split(",")[0]) : 0));
}

// Words without case and accents, so that "detaillees" finds "détaillées".
const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const input = make("input", { type: "search", placeholder: "Rechercher…", autocomplete: "off", spellcheck: false });
input.setAttribute("aria-label", "Rechercher une opération, un modèle, un membre, un code d’erreur ou un en-tête");
const results = make("ul", { hidden: true });
const none = make("li", { className: "none" }, "Rien de tel");
const search = make("search", { className: "search", lang: "fr" }, input, results);
document.querySelector("header").append(search);

const mostResults = 20;
let entries; // Undefined until somebody searches, then null until they have come.

/** How well an entry answers: 0 is best; null if it does not. Names count more than descriptions. */
const rank = ({ name, all }, text, words) => {
  if (!words.every(word => all.includes(word)))
    return null;
  return name === text ? 0 : name.startsWith(text) ? 1 : words.every(word => name.includes(word)) ? 2 : 3;
};

/** The row of an error code or parameter on this page, if it has one too; otherwise the address. */
const nearest = href => {
  const id = href.split("#")[1];
  return main.querySelector(`tr[id="${id}"]`) && !id.startsWith("membre-") ? "#" + id : href;
};

// Never waits: a list made anew behind a reader who has moved on into it would take the focus away.
const show = () => {
  const text = plain(input.value).trim();
  const words = text.split(/\s+/).filter(Boolean);
  const found = (entries ?? []).map(entry => ({ entry, rank: rank(entry, text, words) }))
    .filter(({ rank }) => rank !== null).sort((a, b) => a.rank - b.rank);
  results.replaceChildren(...found.slice(0, mostResults).map(({ entry: { shown, kind, about, href } }) =>
    make("li", {}, make("a", { href }, make("b", {}, shown), " ", make("i", {}, kind), make("span", {}, about ?? "")))));
  if (entries && words.length && !found.length)
    results.append(none);
  results.hidden = !words.length || !entries;
};

const load = async () => {
  if (entries !== undefined)
    return;
  entries = null;
  try {
    const index = await (await fetch(document.body.dataset.search)).json();
    entries = index.map(({ name, kind, about, href }) =>
      ({ shown: name, name: plain(name), all: plain(`${name} ${kind} ${about ?? ""}`), kind, about, href: nearest(href) }));
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
    links[0].click();
  } else {
    return;
  }
  event.preventDefault();
});
results.addEventListener("click", event => { results.hidden = event.target.closest("a") !== null; });
document.addEventListener("click", event => { if (!search.contains(event.target)) results.hidden = true; });
document.addEventListener("keydown", event => {
  if (event.key === "/" && !event.target.matches("input, textarea")) {
    event.preventDefault();
    input.focus();
  }
});
