-- The schema before totals were kept: lines of imports and of meters are in one table.
CREATE TABLE "Clients" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Clients" PRIMARY KEY AUTOINCREMENT,
    "Code" TEXT NOT NULL
);
CREATE TABLE "Identifiants" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Identifiants" PRIMARY KEY AUTOINCREMENT,
    "ClientId" INTEGER NOT NULL,
    "Nom" TEXT NOT NULL,
    CONSTRAINT "FK_Identifiants_Clients_ClientId" FOREIGN KEY ("ClientId") REFERENCES "Clients" ("Id") ON DELETE RESTRICT
);
CREATE TABLE "Produits" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Produits" PRIMARY KEY AUTOINCREMENT,
    "ClientId" INTEGER NOT NULL,
    "Numero" INTEGER NOT NULL,
    "Nom" TEXT NULL,
    CONSTRAINT "FK_Produits_Clients_ClientId" FOREIGN KEY ("ClientId") REFERENCES "Clients" ("Id") ON DELETE RESTRICT
);
CREATE TABLE "Cles" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Cles" PRIMARY KEY AUTOINCREMENT,
    "Prefix" TEXT NOT NULL,
    "Hash" BLOB NOT NULL,
    "ClientId" INTEGER NOT NULL,
    "IdentifiantId" INTEGER NULL,
    "Scopes" TEXT NOT NULL,
    "CreatedAt" TEXT NOT NULL,
    "ExpiresAt" TEXT NULL,
    "RevokedAt" TEXT NULL,
    CONSTRAINT "FK_Cles_Clients_ClientId" FOREIGN KEY ("ClientId") REFERENCES "Clients" ("Id") ON DELETE RESTRICT,
    CONSTRAINT "FK_Cles_Identifiants_IdentifiantId" FOREIGN KEY ("IdentifiantId") REFERENCES "Identifiants" ("Id") ON DELETE RESTRICT
);
CREATE TABLE "Dossiers" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Dossiers" PRIMARY KEY AUTOINCREMENT,
    "IdentifiantId" INTEGER NOT NULL,
    "Reference" TEXT NOT NULL,
    "Date" TEXT NOT NULL,
    CONSTRAINT "FK_Dossiers_Identifiants_IdentifiantId" FOREIGN KEY ("IdentifiantId") REFERENCES "Identifiants" ("Id") ON DELETE RESTRICT
);
CREATE TABLE "Compteurs" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Compteurs" PRIMARY KEY AUTOINCREMENT,
    "ProduitId" INTEGER NOT NULL,
    "Sequence" INTEGER NOT NULL,
    "Libelle" TEXT NULL, "Cumul" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "FK_Compteurs_Produits_ProduitId" FOREIGN KEY ("ProduitId") REFERENCES "Produits" ("Id") ON DELETE RESTRICT
);
CREATE TABLE "Consommations" (
    "CompteurId" INTEGER NOT NULL,
    "IdentifiantId" INTEGER NOT NULL,
    "Jour" TEXT NOT NULL,
    "DossierId" INTEGER NOT NULL,
    "Source" INTEGER NOT NULL,
    "Quantite" INTEGER NOT NULL,
    CONSTRAINT "PK_Consommations" PRIMARY KEY ("CompteurId", "IdentifiantId", "Jour", "DossierId", "Source"),
    CONSTRAINT "FK_Consommations_Compteurs_CompteurId" FOREIGN KEY ("CompteurId") REFERENCES "Compteurs" ("Id") ON DELETE RESTRICT,
    CONSTRAINT "FK_Consommations_Dossiers_DossierId" FOREIGN KEY ("DossierId") REFERENCES "Dossiers" ("Id") ON DELETE RESTRICT,
    CONSTRAINT "FK_Consommations_Identifiants_IdentifiantId" FOREIGN KEY ("IdentifiantId") REFERENCES "Identifiants" ("Id") ON DELETE RESTRICT
) WITHOUT ROWID;
CREATE TABLE "Audit" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Audit" PRIMARY KEY AUTOINCREMENT,
    "At" TEXT NOT NULL,
    "ClientId" INTEGER NOT NULL,
    "KeyPrefix" TEXT NOT NULL,
    "TraceId" TEXT NOT NULL,
    "Action" TEXT NOT NULL,
    "RecordedBy" TEXT NULL,
    "MeterUid" TEXT NOT NULL,
    "ReadingUid" TEXT NULL,
    "Detail" TEXT NULL,
    CONSTRAINT "FK_Audit_Clients_ClientId" FOREIGN KEY ("ClientId") REFERENCES "Clients" ("Id") ON DELETE RESTRICT
);
CREATE TABLE "KeptAnswers" (
    "ClientId" INTEGER NOT NULL,
    "Key" TEXT NOT NULL,
    "Hash" BLOB NOT NULL,
    "Status" INTEGER NOT NULL,
    "Location" TEXT NULL,
    "Body" BLOB NOT NULL,
    "At" TEXT NOT NULL,
    CONSTRAINT "PK_KeptAnswers" PRIMARY KEY ("ClientId", "Key"),
    CONSTRAINT "FK_KeptAnswers_Clients_ClientId" FOREIGN KEY ("ClientId") REFERENCES "Clients" ("Id") ON DELETE RESTRICT
) WITHOUT ROWID;
CREATE TABLE "Meters" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Meters" PRIMARY KEY AUTOINCREMENT,
    "Uid" TEXT NOT NULL,
    "ClientId" INTEGER NOT NULL,
    "Serial" TEXT NOT NULL,
    "Digits" INTEGER NOT NULL,
    "Unit" TEXT NOT NULL,
    "DossierId" INTEGER NOT NULL,
    "CompteurId" INTEGER NOT NULL,
    "InstalledAt" TEXT NOT NULL,
    "RemovedAt" TEXT NULL,
    "ReplacesId" INTEGER NULL,
    CONSTRAINT "FK_Meters_Clients_ClientId" FOREIGN KEY ("ClientId") REFERENCES "Clients" ("Id") ON DELETE RESTRICT,
    CONSTRAINT "FK_Meters_Compteurs_CompteurId" FOREIGN KEY ("CompteurId") REFERENCES "Compteurs" ("Id") ON DELETE RESTRICT,
    CONSTRAINT "FK_Meters_Dossiers_DossierId" FOREIGN KEY ("DossierId") REFERENCES "Dossiers" ("Id") ON DELETE RESTRICT,
    CONSTRAINT "FK_Meters_Meters_ReplacesId" FOREIGN KEY ("ReplacesId") REFERENCES "Meters" ("Id") ON DELETE RESTRICT
);
CREATE TABLE "Readings" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_Readings" PRIMARY KEY AUTOINCREMENT,
    "Uid" TEXT NOT NULL,
    "MeterId" INTEGER NOT NULL,
    "IndexMilli" INTEGER NOT NULL,
    "ReadAt" TEXT NOT NULL,
    "RecordedBy" TEXT NULL,
    "ProofRef" TEXT NULL,
    "RecordedAt" TEXT NOT NULL,
    "IsSuspect" INTEGER NOT NULL,
    "VoidedAs" INTEGER NOT NULL,
    "VoidedAt" TEXT NULL,
    "VoidedBy" TEXT NULL,
    "VoidReason" TEXT NULL,
    CONSTRAINT "FK_Readings_Meters_MeterId" FOREIGN KEY ("MeterId") REFERENCES "Meters" ("Id") ON DELETE RESTRICT
);
CREATE UNIQUE INDEX "IX_Cles_Prefix" ON "Cles" ("Prefix");
CREATE UNIQUE INDEX "IX_Clients_Code" ON "Clients" ("Code");
CREATE UNIQUE INDEX "IX_Compteurs_ProduitId_Sequence" ON "Compteurs" ("ProduitId", "Sequence");
CREATE UNIQUE INDEX "IX_Dossiers_IdentifiantId_Date_Reference" ON "Dossiers" ("IdentifiantId", "Date", "Reference");
CREATE UNIQUE INDEX "IX_Identifiants_ClientId_Nom" ON "Identifiants" ("ClientId", "Nom");
CREATE UNIQUE INDEX "IX_Produits_ClientId_Numero" ON "Produits" ("ClientId", "Numero");
CREATE INDEX "IX_KeptAnswers_At" ON "KeptAnswers" ("At");
CREATE INDEX "IX_Meters_ClientId" ON "Meters" ("ClientId");
CREATE INDEX "IX_Meters_ReplacesId" ON "Meters" ("ReplacesId");
CREATE UNIQUE INDEX "IX_Meters_Uid" ON "Meters" ("Uid");
CREATE UNIQUE INDEX "IX_Readings_MeterId_ReadAt_VoidedAs" ON "Readings" ("MeterId", "ReadAt", "VoidedAs");
CREATE INDEX "IX_Readings_Suspect" ON "Readings" ("MeterId", "Id") WHERE "IsSuspect";
CREATE UNIQUE INDEX "IX_Readings_Uid" ON "Readings" ("Uid");
CREATE UNIQUE INDEX "IX_Meters_DossierId_CompteurId_Serial" ON "Meters" ("DossierId", "CompteurId", "Serial") WHERE "RemovedAt" IS NULL;
CREATE TRIGGER "Audit_UPDATE" BEFORE UPDATE ON "Audit" BEGIN SELECT RAISE(ABORT, 'The audit is only added to.'); END;
CREATE TRIGGER "Audit_DELETE" BEFORE DELETE ON "Audit" BEGIN SELECT RAISE(ABORT, 'The audit is only added to.'); END;
