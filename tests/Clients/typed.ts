// Calls the running service with the types that openapi-typescript makes of its OpenAPI document; the test reads what is printed.
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

declare const process: { argv: string[] };
const [, , baseUrl, key] = process.argv as [string, string, string, string];
const { GET, POST, PUT, DELETE } = createClient<paths, "application/json">({ baseUrl, headers: { "X-API-Key": key } });
const recordedBy = "5a5a5a5a-0000-4000-8000-000000000001";

/** What was answered; an error ends the program. */
const ok = <T>({ data, error }: { data?: T; error?: unknown }): T => {
  if (data === undefined)
    throw new Error(JSON.stringify(error));
  return data;
};

const meter = ok(await POST("/v1/meters", {
  body: {
    serial: "EAU-3", digits: 6, unit: "m³", sequence: 1, dossier: { identifiant: "U", reference: "GEN-OT", date: "2026-04-01" },
    produit: { id: 9, nom: "Chaleur" }, installedAt: "2026-04-01T08:00:00+02:00", indexValueMilli: "1000",
  },
})).data;
console.log(`meter ${meter.serial} ${meter.dossier.date} ${meter.installedAt} ${meter.replacedBy ?? "null"}`);
const path = { id: meter.id };

const read = (indexValueMilli: string, readAt: string) =>
  POST("/v1/meters/{id}/readings/manual", { params: { path }, body: { indexValueMilli, readAt, recordedBy } });
const readingId = ok(await read("43000", "2026-04-15T12:00:00Z")).data.readingId;
const kept = ok(await GET("/v1/meters/{id}/readings/{readingId}", { params: { path: { ...path, readingId } } })).data;
console.log(`reading ${kept.indexValueMilli} ${kept.readAt} ${kept.suspect} ${kept.void ? "void" : "counts"}`);

const { error } = await read("1", "2026-04-16T12:00:00Z");
console.log(`error ${error!.status} ${error!.code} ${error!.origin.module} ${error!.traceId.length}`);

const batch = ok(await POST("/v1/meters/{id}/readings/batch", {
  params: { path }, body: { mode: "atomic", dryRun: true, readings: [{ indexValueMilli: "43500", readAt: "2026-04-16T12:00:00Z", recordedBy }] },
})).data;
console.log(`batch ${batch.recorded} ${batch.committed}`);

const readAt = "2026-04-15T14:00:00+02:00";
const allowed = ok(await GET("/v1/meters/{id}/readings/allowed", { params: { path, query: { readAt } } })).data;
console.log(`allowed ${allowed.readAt} ${allowed.minIndexValueMilli}`);
const page = ok(await GET("/v1/meters/{id}/readings", { params: { path, query: { from: readAt, to: readAt, limit: 1 } } }));
console.log(`list ${page.data[0]!.id === kept.id} ${page.nextCursor ?? "null"}`);

let leap = ok(await read("943000", "2026-04-16T12:00:00Z")).data.readingId;
const suspects = ok(await GET("/v1/readings/suspects", { params: { query: { limit: 1 } } })).data;
console.log(`suspects ${suspects[0]!.reading.id === leap}`);
const sure = ok(await POST("/v1/meters/{id}/readings/{readingId}/confirmation", {
  params: { path: { ...path, readingId: leap } }, body: { recordedBy },
})).data;
console.log(`confirmed ${sure.suspect} ${sure.confirmed!.recordedBy === recordedBy}`);
leap = ok(await POST("/v1/meters/{id}/readings/{readingId}/correction", {
  params: { path: { ...path, readingId: leap } }, body: { indexValueMilli: "943001", recordedBy, reason: "misread" },
})).data.id;
const gone = ok(await POST("/v1/meters/{id}/readings/{readingId}/void", {
  params: { path: { ...path, readingId: leap } }, body: { recordedBy, reason: "misread" },
})).data;
console.log(`void ${gone.void!.reason}`);
const many = ok(await POST("/v1/readings/batch", {
  body: { mode: "partial", dryRun: false, readings: [{ meterId: meter.id, indexValueMilli: "43000", readAt: kept.readAt, recordedBy }] },
})).data;
const verdict: "recorded" | "duplicate" | "refused" = many.readings[0]!.verdict;
console.log(`many ${many.committed} ${verdict}`);
const changes = ok(await GET("/v1/readings", { params: { query: { limit: 2 } } }));
const rest = ok(await GET("/v1/readings", { params: { query: { cursor: changes.nextCursor, limit: 1000 } } }));
console.log(`changes ${changes.data[0]!.meterId.length} ${changes.hasMore} ${rest.hasMore}`);

const sum = ok(await GET("/v1/meters/{id}/consumption", { params: { path, query: { from: "2026-04-15", to: "2026-04-15", window: "day" } } })).data;
const sums = ok(await GET("/v1/consumption", { params: { query: { produitId: 9, dossier: "GEN-OT", groupBy: "produit,identifiant", window: "month" } } })).data;
console.log(`consumption ${sum[0]!.from} ${sum[0]!.units} ${sums[0]!.to} ${sums[0]!.identifiant} ${sums[0]!.sequence ?? "none"}`);

const compteur = { produitId: 9, sequence: 1 };
const set = (validFrom: string) => PUT("/v1/produits/{produitId}/compteurs/{sequence}/prices/{validFrom}", {
  params: { path: { ...compteur, validFrom } }, body: { unitPriceMicros: "3500000", currency: "EUR" },
});
ok(await set("2026-01-01"));
ok(await set("2027-01-01"));
const removed = ok(await DELETE("/v1/produits/{produitId}/compteurs/{sequence}/prices/{validFrom}", {
  params: { path: { ...compteur, validFrom: "2027-01-01" } },
})).data;
const prices = ok(await GET("/v1/produits/{produitId}/compteurs/{sequence}/prices", { params: { path: compteur } })).data;
console.log(`prices ${removed.validFrom} ${prices[0]!.unitPriceMicros}`);
const bill = () => POST("/v1/meters/{id}/bill-consumption", {
  params: { path }, body: { endReadingId: readingId, folioId: meter.id, folioKind: "stay", businessDate: "2026-05-01" },
});
const [billed, again] = [ok(await bill()).data, ok(await bill()).data];
console.log(`billed ${billed.amountCents} ${billed.alreadyBilled} ${again.alreadyBilled} ${again.folioEntryId === billed.folioEntryId}`);
const made = ok(await GET("/v1/bills/{billId}", { params: { path: { billId: billed.folioEntryId } } })).data;
const bills = ok(await GET("/v1/meters/{id}/bills", { params: { path } })).data;
console.log(`bill ${made.businessDate} ${made.lines![0]!.units} ${bills[0]!.lines === undefined}`);
const entries = ok(await GET("/v1/folios/{folioId}/entries", { params: { path: { folioId: meter.id } } })).data;
console.log(`folio ${entries.length}`);

const next = ok(await POST("/v1/meters/{id}/replacement", {
  params: { path }, body: { replacedAt: "2026-04-17T12:00:00Z", lastIndexValueMilli: "44000", serial: "EAU-3B", firstIndexValueMilli: "0", recordedBy },
})).data;
const old = ok(await GET("/v1/meters/{id}", { params: { path } })).data;
const found = ok(await GET("/v1/meters", { params: { query: { serial: "EAU-3B", lastReading: true } } })).data[0]!;
console.log(`replaced ${old.replacedBy === next.id} ${found.lastReading!.indexValueMilli}`);
const last = ok(await POST("/v1/meters/{id}/removal", {
  params: { path: { id: next.id } }, body: { removedAt: "2026-04-18T12:00:00Z", lastIndexValueMilli: "0", recordedBy },
})).data;
console.log(`removed ${last.removedAt} ${last.replaces === meter.id}`);
