// Sends the request of the page's form. The key lives in its field, and goes nowhere but into the request's header, unless the reader asks
// that the tab keep it.
// A module, for names of its own; what it shares comes from help.js.
const trying = document.getElementById("essayer");
const form = trying.querySelector("form");
const body = form.querySelector("textarea");
const [status, result] = [trying.querySelector(".status"), trying.querySelector(".result")];
const [list, shown] = [result.querySelector("dl"), result.querySelector("pre")];
const [key, keep] = [document.getElementById("try-key"), document.getElementById("try-keep")];

// What says nothing to a reader: how the answer travelled, and what every answer carries.
const dull = new Set(["cache-control", "connection", "content-length", "date", "expires", "keep-alive", "pragma", "server",
  "transfer-encoding", "vary", "x-content-type-options"]);

// Longer texts are shown as they come.
const longest = 300_000;

const keptKey = kept("sessionStorage", "facturation-key");
keep.checked = keptKey.read() !== null;
key.value = keptKey.read() ?? key.value;
for (const field of [key, keep])
  field.addEventListener("input", () => keptKey.write(keep.checked ? key.value : null));

const chosen = name => form.querySelector(`input[name=${name}]:checked`);

/**
 * Lays a text out as a tree without changing it: a node for each element or member, which the style sheet indents.
 * Null for what is not well-formed, or was laid out before.
 */
const layOut = (text, isXml) => {
  if (text.length > longest)
    return null;
  const root = make("span", { className: isXml ? "xml" : "json" });
  let node = root;
  const put = (text, kind) => node.append(kind ? make("span", { className: kind }, text) : text);
  const open = () => {
    const child = make("span", { className: "node" });
    node.append(child);
    node = child;
  };
  const close = () => { node = node.parentElement ?? root; };
  const tokens = tokensOf(text, isXml);
  if (tokens.some(token => /^\s*\n\s*$/.test(token)))
    return null;
  tokens.forEach((token, i) => {
    const next = tokens[i + 1];
    if (isXml) {
      if (/^<[^/?!]/.test(token))
        open();
      put(token, kindOf(token, next, isXml));
      if (/^<\/|\/>$/.test(token))
        close();
    } else if (token === "{" || token === "[") {
      put(token);
      if (next !== "}" && next !== "]")
        open();
    } else if (token === "}" || token === "]") {
      if (tokens[i - 1] !== "{" && tokens[i - 1] !== "[")
        close();
      put(token);
    } else {
      put(token, token === ":" ? "colon" : kindOf(token, next, isXml));
      if (token === ",") {
        close();
        open();
      }
    }
  });
  return node === root && root.textContent === text ? root : null;
};

const address = () => {
  const fields = [...form.querySelectorAll("[data-place]")].filter(field => field.value !== "");
  const of = place => fields.filter(field => field.dataset.place === place).map(field => [field.dataset.name, field.value]);
  const query = new URLSearchParams(of("query")).toString();
  const path = of("path").reduce((path, [name, value]) => path.replace(`{${name}}`, encodeURIComponent(value)), form.dataset.path);
  return { url: path + (query && "?" + query), headers: of("header") };
};

const request = signal => {
  const { url, headers } = address();
  const [secret, type] = [key.value.trim(), chosen("body")?.value];
  return [url, {
    method: form.dataset.method,
    headers: [...headers, ["Accept", chosen("answer").value], ...secret ? [["X-API-Key", secret]] : [], ...type ? [["Content-Type", type]] : []],
    body: body?.value,
    cache: "no-store",
    credentials: "omit", // A 401 is shown; the browser does not ask for a password.
    referrerPolicy: "no-referrer",
    signal,
  }];
};

const show = (response, bytes, milliseconds) => {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const [size, time] = [bytes.byteLength, milliseconds].map(number => Math.round(number).toLocaleString("fr-FR"));
  status.textContent = `${response.status} ${response.statusText} · ${time} ms · ${size} octet${bytes.byteLength > 1 ? "s" : ""}`;
  status.dataset.kind = response.ok ? "good" : "bad";
  list.replaceChildren(...[...response.headers].filter(([name]) => !dull.has(name))
    .flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
  shown.replaceChildren(layOut(text, /xml/.test(response.headers.get("content-type"))) ?? text);
  result.hidden = false;
};

let sending;
form.addEventListener("submit", async event => {
  event.preventDefault();
  sending?.abort();
  const { signal } = sending = new AbortController();
  status.textContent = "Envoi…";
  delete status.dataset.kind;
  try {
    const start = performance.now();
    const response = await fetch(...request(signal));
    const bytes = await response.arrayBuffer();
    show(response, bytes, performance.now() - start);
  } catch (error) {
    if (signal.aborted)
      return;
    status.textContent = `Pas de réponse : ${error.message}`;
    status.dataset.kind = "bad";
    result.hidden = true;
  }
  status.scrollIntoView();
});

if (body) {
  // Each format keeps its own text, changed or not.
  let type = chosen("body");
  body.value = type.dataset.text;
  form.addEventListener("change", event => {
    if (event.target.name !== "body")
      return;
    type.dataset.text = body.value;
    type = event.target;
    body.value = type.dataset.text;
  });
  body.addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
      form.requestSubmit();
  });
}

// Below the title, where readers look for it. In the markup of an old page it follows what programs read.
const title = main.querySelector("h1");
const lead = title.nextElementSibling;
(lead?.tagName === "P" ? lead : title).after(trying);
trying.hidden = false;

const openAtItsAddress = () => {
  if (location.hash === "#essayer")
    trying.open = true;
};
addEventListener("hashchange", openAtItsAddress);
openAtItsAddress();
