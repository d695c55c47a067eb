-- Totals of days, days of meters, and lines without a source.
ALTER TABLE "Consommations" RENAME TO "OldConsommations";

CREATE TABLE "Consommations" (
    "ProduitId" INTEGER NOT NULL,
    "IdentifiantId" INTEGER NOT NULL,
    "Jour" TEXT NOT NULL,
    "DossierId" INTEGER NOT NULL,
    "CompteurId" INTEGER NOT NULL,
    "Quantite" INTEGER NOT NULL,
    CONSTRAINT "PK_Consommations" PRIMARY KEY ("ProduitId", "IdentifiantId", "Jour", "DossierId", "CompteurId"),
    CONSTRAINT "FK_Consommations_Compteurs_CompteurId" FOREIGN KEY ("CompteurId") REFERENCES "Compteurs" ("Id") ON DELETE RESTRICT,
    CONSTRAINT "FK_Consommations_Dossiers_DossierId" FOREIGN KEY ("DossierId") REFERENCES "Dossiers" ("Id") ON DELETE RESTRICT,
    CONSTRAINT "FK_Consommations_Identifiants_IdentifiantId" FOREIGN KEY ("IdentifiantId") REFERENCES "Identifiants" ("Id") ON DELETE RESTRICT
) WITHOUT ROWID;

CREATE TABLE "MeterDays" (
    "MeterId" INTEGER NOT NULL,
    "Jour" TEXT NOT NULL,
    "Units" INTEGER NOT NULL,
    CONSTRAINT "PK_MeterDays" PRIMARY KEY ("MeterId", "Jour"),
    CONSTRAINT "FK_MeterDays_Meters_MeterId" FOREIGN KEY ("MeterId") REFERENCES "Meters" ("Id") ON DELETE RESTRICT
) WITHOUT ROWID;

CREATE TABLE "Totaux" (
    "CompteurId" INTEGER NOT NULL,
    "IdentifiantId" INTEGER NOT NULL,
    "Jour" TEXT NOT NULL,
    "ProduitId" INTEGER NOT NULL,
    "Plus" INTEGER NOT NULL,
    "Moins" INTEGER NOT NULL,
    "Lignes" INTEGER NOT NULL,
    CONSTRAINT "PK_Totaux" PRIMARY KEY ("CompteurId", "IdentifiantId", "Jour")
) WITHOUT ROWID;

ALTER TABLE "Meters" ADD COLUMN "IdentifiantId" INTEGER NULL REFERENCES "Identifiants" ("Id") ON DELETE RESTRICT;

UPDATE "Meters" SET "IdentifiantId" = (SELECT d."IdentifiantId" FROM "Dossiers" d WHERE d."Id" = "Meters"."DossierId");

CREATE INDEX "IX_Meters_CompteurId_IdentifiantId" ON "Meters" ("CompteurId", "IdentifiantId");

CREATE INDEX "IX_Totaux_ProduitId_Jour_IdentifiantId" ON "Totaux" ("ProduitId", "Jour", "IdentifiantId");

INSERT INTO "Consommations" ("ProduitId", "IdentifiantId", "Jour", "DossierId", "CompteurId", "Quantite")
SELECT k."ProduitId", o."IdentifiantId", o."Jour", o."DossierId", o."CompteurId", o."Quantite"
FROM "OldConsommations" o JOIN "Compteurs" k ON k."Id" = o."CompteurId" WHERE o."Source" = 0 ORDER BY 1, 2, 3, 4, 5;

INSERT INTO "MeterDays" ("MeterId", "Jour", "Units")
SELECT "Source", "Jour", "Quantite" FROM "OldConsommations" WHERE "Source" <> 0;

INSERT INTO "Totaux" ("CompteurId", "IdentifiantId", "Jour", "ProduitId", "Plus", "Moins", "Lignes")
SELECT o."CompteurId", o."IdentifiantId", o."Jour", k."ProduitId",
  SUM(MAX(o."Quantite", 0)), SUM(MIN(o."Quantite", 0)), COUNT(*)
FROM "OldConsommations" o JOIN "Compteurs" k ON k."Id" = o."CompteurId"
GROUP BY o."CompteurId", o."IdentifiantId", o."Jour";

DROP TABLE "OldConsommations";
