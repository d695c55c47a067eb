// Asks Facturation what was consumed, and records a meter reading. Node 18 or later, nothing to install.
//
//   node facturation.mjs consommation DEBUT FIN       days as 2026-03-01, both included
//   node facturation.mjs reading METER INDEX_MILLI READ_AT RECORDED_BY
//
// FACTURATION_URL and FACTURATION_KEY say where the service is and who asks; without them, the demo on this machine.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const url = (process.env.FACTURATION_URL ?? 'http://localhost:5080').replace(/\/+$/, '');
const key = process.env.FACTURATION_KEY ?? 'fct_demo0000_demodemodemodemodemodemodemodemo';

const tries = 5;
const longestWait = 60; // seconds
const mayPass = new Set([408, 429, 500, 502, 503, 504]);

/** The service said no; the message is its own. */
class Refused extends Error {}

/** The text of the answer. Tries again what may pass by itself. */
async function post(path, body, headers = {}) {
  const request = {
    method: 'POST',
    headers: { 'X-API-Key': key, 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
    body: JSON.stringify(body),
  };
  for (let attempt = 1; ; attempt++) {
    let retryAfter;
    try {
      const response = await fetch(url + path, { ...request, signal: AbortSignal.timeout(30_000) });
      if (response.ok) return await response.text();
      if (attempt === tries || !mayPass.has(response.status)) {
        throw new Refused(`${response.status} ${describe(await response.text())}`);
      }
      retryAfter = response.headers.get('Retry-After');
    } catch (error) {
      // fetch throws when the connection was refused or cut, or the time was up.
      if (attempt === tries || error instanceof Refused) throw error;
    }
    await sleep(1000 * wait(attempt, retryAfter));
  }
}

/** Seconds: as the service says, else longer each time; never just as long as another program waits. */
function wait(attempt, retryAfter) {
  const seconds = /^\d+$/.test(retryAfter ?? '') ? Number(retryAfter) + Math.random() : Math.random() * 2 ** attempt;
  return Math.min(seconds, longestWait);
}

/** Code, message and trace of a v1 error; Web API's Error, or a proxy's page, as it stands. */
function describe(body) {
  try {
    const { code, message, traceId } = JSON.parse(body);
    return code ? `${code}: ${message} (traceId ${traceId})` : body;
  } catch {
    return body;
  }
}

/**
 * The answer, its longest integers as strings: beyond 2^53 a JavaScript number loses digits, and nobody would see it.
 * The expression passes over whole strings, so that digits in a name stay as they are.
 */
const parse = (text) => JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}/g, (found) => (found.startsWith('"') ? found : `"${found}"`)));

/** Prints produit, identifiant, compteur and total. To reckon with a total, take BigInt(somme.Quantite). */
async function consommation(debut, fin) {
  for (const reponse of parse(await post('/api/ConsommationV2', { Debut: debut, Fin: fin }))) {
    for (const somme of reponse.ConsommationsSomme) {
      console.log([
        `${reponse.ProduitId} ${reponse.NomProduit}`,
        reponse.Identifiant,
        `${somme.Sequence} ${somme.Libelle}`,
        somme.Quantite,
      ].join('\t'));
    }
  }
}

/** Records a reading, once, and prints its id. */
async function reading(meter, indexValueMilli, readAt, recordedBy) {
  // One key for all tries: whichever of them reached the service, the reading counts once. A program that may be
  // stopped between two tries keeps it beside the reading.
  const headers = { 'Idempotency-Key': randomUUID() };
  const answer = await post(`/v1/meters/${meter}/readings/manual`, { indexValueMilli, readAt, recordedBy }, headers);
  console.log(JSON.parse(answer).data.readingId);
}

const [command, ...rest] = process.argv.slice(2);
try {
  if (command === 'consommation' && rest.length === 2) await consommation(...rest);
  else if (command === 'reading' && rest.length === 4) await reading(...rest);
  else {
    console.error('node facturation.mjs consommation DEBUT FIN | reading METER INDEX_MILLI READ_AT RECORDED_BY');
    process.exitCode = 2;
  }
} catch (error) {
  console.error(error.cause ? `${error.message}: ${error.cause.message}` : error.message);
  process.exitCode = 1;
}
