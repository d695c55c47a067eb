// Calls the running service with the client generated from its OpenAPI document; the test reads what is printed.
import { BatchRequest, BatchRequestMode, BillConsumptionRequest, BillConsumptionRequestFolioKind, BillsClient, ConfirmationRequest, ConsommationV2Client,
  ConsumptionClient, CorrectionRequest, DossierModel, ErrorModel, ManualReadingRequest, MeterReadingRequest, MeterRequest, MetersBatchRequest,
  MetersBatchRequestMode, MetersClient, ParamModel, PriceRequest, PricesClient, ProduitModel, ReadingsClient, RemovalRequest, ReplacementRequest,
  VoidRequest } from "./client.js";

declare const process: { argv: string[] };
const [, , address, key] = process.argv as [string, string, string, string];

const http = {
  fetch: (url: RequestInfo, init?: RequestInit): Promise<Response> =>
    fetch(url, { ...init, headers: { ...init?.headers, "X-API-Key": key } }),
};
const [meters, readings, consommations] = [new MetersClient(address, http), new ReadingsClient(address, http), new ConsommationV2Client(address, http)];
const [bills, prices] = [new BillsClient(address, http), new PricesClient(address, http)];
const someone = "5a5a5a5a-0000-4000-8000-000000000001";

const meter = (await meters.create(undefined, new MeterRequest({
  serial: "EAU-2", digits: 6, unit: "m³", sequence: 1, libelle: "Eau froide (m³)",
  dossier: new DossierModel({ identifiant: "U", reference: "GEN-TS", date: "2026-04-01" }),
  produit: new ProduitModel({ id: 8, nom: "Gaz" }),
  installedAt: new Date("2026-04-01T06:00:00Z"), indexValueMilli: "1000",
}))).data;
console.log(`meter ${meter.serial} ${meter.dossier.date} ${meter.installedAt.toISOString()} ${meter.replacedBy ?? "null"}`);

const read = (index: string, day: string) => readings.record(meter.id, undefined, new ManualReadingRequest({
  indexValueMilli: index, readAt: new Date(`2026-04-${day}T12:00:00Z`), recordedBy: someone,
}));
const kept = (await readings.get(meter.id, (await read("43000", "15")).data.readingId)).data;
console.log(`reading ${kept.indexValueMilli} ${kept.readAt.toISOString()} ${kept.suspect} ${kept.void ? "void" : "counts"}`);

await read("1", "16").catch((error: unknown) => {
  if (error instanceof ErrorModel)
    console.log(`error ${error.status} ${error.code} ${error.origin.module} ${error.traceId.length}`);
  else
    throw error;
});

const answer = await consommations.post(new ParamModel({ debut: new Date(2026, 3, 1), fin: new Date(2026, 3, 30), produitId: 8 }));
const details = answer[0]!.consommationsDetails!.find(d => d.dossier === "GEN-TS")!;
console.log(`consommation ${details.dateDossier} ${details.compteur![0]!.quantite}`);

const batch = (await readings.recordBatch(meter.id, undefined, new BatchRequest({
  mode: BatchRequestMode.Atomic, dryRun: true,
  readings: [new ManualReadingRequest({ indexValueMilli: "43500", readAt: new Date("2026-04-16T12:00:00Z"), recordedBy: someone })],
}))).data;
console.log(`batch ${batch.recorded} ${batch.committed}`);

const readAt = new Date("2026-04-15T14:00:00+02:00");
const allowed = (await readings.allowed(meter.id, readAt)).data;
console.log(`allowed ${allowed.readAt.toISOString()} ${allowed.minIndexValueMilli}`);
const page = await readings.list(meter.id, readAt, readAt, undefined, 1, undefined);
console.log(`list ${page.data[0]!.id === kept.id} ${page.nextCursor ?? "null"}`);

let leap = (await read("943000", "16")).data.readingId;
console.log(`suspects ${(await meters.suspects(undefined, 1)).data[0]!.reading.id === leap}`);
const sure = (await readings.confirm(meter.id, leap, undefined, new ConfirmationRequest({ recordedBy: someone }))).data;
console.log(`confirmed ${sure.suspect} ${sure.confirmed!.recordedBy === someone}`);
leap = (await readings.correct(meter.id, leap, undefined, new CorrectionRequest({ indexValueMilli: "943001", recordedBy: someone, reason: "misread" }))).data.id;
const gone = (await readings.void(meter.id, leap, undefined, new VoidRequest({ recordedBy: someone, reason: "misread" }))).data;
console.log(`void ${gone.void!.reason}`);
const many = (await meters.recordBatch(undefined, new MetersBatchRequest({
  mode: MetersBatchRequestMode.Partial,
  readings: [new MeterReadingRequest({ meterId: meter.id, indexValueMilli: "43000", readAt: kept.readAt, recordedBy: someone })],
}))).data;
console.log(`many ${many.committed} ${many.readings[0]!.verdict}`);
const changes = await meters.changes(undefined, 2);
console.log(`changes ${changes.data[0]!.meterId.length} ${changes.hasMore} ${(await meters.changes(changes.nextCursor, 1000)).hasMore}`);

const consumption = new ConsumptionClient(address, http);
const sum = (await consumption.ofMeter(meter.id, "2026-04-15", "2026-04-15", "day", undefined, undefined, undefined)).data[0]!;
const sums = (await consumption.read("2026-04-15", undefined, 8, undefined, "GEN-TS", "produit,identifiant", "month", undefined, undefined, undefined, undefined)).data;
console.log(`consumption ${sum.units} ${sums.length} ${sums[0]!.identifiant} ${sums[0]!.sequence ?? "none"}`);

const price = new PriceRequest({ unitPriceMicros: "3500000", currency: "EUR" });
await prices.set(8, 1, "2026-01-01", price);
await prices.set(8, 1, "2027-01-01", price);
const removed = (await prices.remove(8, 1, "2027-01-01")).data;
console.log(`prices ${removed.unitPriceMicros} ${(await prices.list(8, 1, undefined, undefined)).data.length}`);
const order = new BillConsumptionRequest({ endReadingId: kept.id, folioId: meter.id, folioKind: BillConsumptionRequestFolioKind.Stay, businessDate: new Date(2026, 4, 1) });
const billed = (await bills.billConsumption(meter.id, undefined, order)).data;
const again = (await bills.billConsumption(meter.id, undefined, order)).data;
console.log(`billed ${billed.amountCents} ${billed.alreadyBilled} ${again.alreadyBilled} ${again.folioEntryId === billed.folioEntryId}`);
const bill = (await bills.get(billed.folioEntryId)).data;
console.log(`bill ${bill.lines![0]!.units} ${(await bills.list(meter.id, undefined, undefined)).data[0]!.lines === undefined}`);
console.log(`folio ${(await bills.listEntries(meter.id, undefined, undefined)).data.length}`);

const next = (await meters.replace(meter.id, undefined, new ReplacementRequest({
  replacedAt: new Date("2026-04-17T12:00:00Z"), lastIndexValueMilli: "44000", serial: "EAU-2B", firstIndexValueMilli: "0", recordedBy: someone,
}))).data;
const [old, found] = [(await meters.get(meter.id, undefined)).data, (await meters.list("EAU-2B", "U", "GEN-TS", 8, undefined, true, undefined, undefined)).data[0]!];
console.log(`replaced ${old.replacedBy === next.id} ${found.lastReading!.indexValueMilli}`);
const last = (await meters.remove(next.id, undefined, new RemovalRequest({ removedAt: new Date("2026-04-18T12:00:00Z"), lastIndexValueMilli: "0", recordedBy: someone }))).data;
console.log(`removed ${last.removedAt!.toISOString()} ${last.replaces === meter.id}`);
