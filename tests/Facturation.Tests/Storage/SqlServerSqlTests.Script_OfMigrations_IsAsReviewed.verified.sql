SET NUMERIC_ROUNDABORT OFF;
SET QUOTED_IDENTIFIER, ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
SET XACT_ABORT ON;
GO

-- Alone with the database: while another is connected this fails, and changes nothing.
IF EXISTS (SELECT * FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 0)
    ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON;
IF EXISTS (SELECT * FROM sys.databases WHERE database_id = DB_ID() AND is_read_committed_snapshot_on = 0)
    ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON WITH NO_WAIT;
GO

IF OBJECT_ID(N'[__EFMigrationsHistory]') IS NULL
BEGIN
    CREATE TABLE [__EFMigrationsHistory] (
        [MigrationId] nvarchar(150) NOT NULL,
        [ProductVersion] nvarchar(32) NOT NULL,
        CONSTRAINT [PK___EFMigrationsHistory] PRIMARY KEY ([MigrationId])
    );
END;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE TABLE [Clients] (
        [Id] int NOT NULL IDENTITY,
        [Code] nvarchar(65) COLLATE Latin1_General_BIN2 NOT NULL,
        CONSTRAINT [PK_Clients] PRIMARY KEY ([Id])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE TABLE [Totaux] (
        [CompteurId] int NOT NULL,
        [IdentifiantId] int NOT NULL,
        [Jour] date NOT NULL,
        [ProduitId] int NOT NULL,
        [Plus] bigint NOT NULL,
        [Moins] bigint NOT NULL,
        [Lignes] bigint NOT NULL,
        CONSTRAINT [PK_Totaux] PRIMARY KEY ([CompteurId], [IdentifiantId], [Jour])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE TABLE [Audit] (
        [Id] bigint NOT NULL IDENTITY,
        [At] datetimeoffset NOT NULL,
        [ClientId] int NOT NULL,
        [KeyPrefix] nvarchar(8) COLLATE Latin1_General_BIN2 NOT NULL,
        [TraceId] nvarchar(32) COLLATE Latin1_General_BIN2 NOT NULL,
        [Action] nvarchar(40) COLLATE Latin1_General_BIN2 NOT NULL,
        [RecordedBy] binary(16) NULL,
        [MeterUid] binary(16) NOT NULL,
        [ReadingUid] binary(16) NULL,
        [Detail] nvarchar(1000) COLLATE Latin1_General_BIN2 NULL,
        CONSTRAINT [PK_Audit] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_Audit_Clients_ClientId] FOREIGN KEY ([ClientId]) REFERENCES [Clients] ([Id]) ON DELETE NO ACTION
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE TABLE [Identifiants] (
        [Id] int NOT NULL IDENTITY,
        [ClientId] int NOT NULL,
        [Nom] nvarchar(801) COLLATE Latin1_General_BIN2 NOT NULL,
        CONSTRAINT [PK_Identifiants] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_Identifiants_Clients_ClientId] FOREIGN KEY ([ClientId]) REFERENCES [Clients] ([Id]) ON DELETE NO ACTION
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE TABLE [KeptAnswers] (
        [ClientId] int NOT NULL,
        [Key] nvarchar(256) COLLATE Latin1_General_BIN2 NOT NULL,
        [Hash] varbinary(32) NOT NULL,
        [Status] int NOT NULL,
        [Location] nvarchar(200) COLLATE Latin1_General_BIN2 NULL,
        [Body] varbinary(max) NOT NULL,
        [At] datetimeoffset NOT NULL,
        CONSTRAINT [PK_KeptAnswers] PRIMARY KEY ([ClientId], [Key]),
        CONSTRAINT [FK_KeptAnswers_Clients_ClientId] FOREIGN KEY ([ClientId]) REFERENCES [Clients] ([Id]) ON DELETE NO ACTION
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE TABLE [Produits] (
        [Id] int NOT NULL IDENTITY,
        [ClientId] int NOT NULL,
        [Numero] int NOT NULL,
        [Nom] nvarchar(4000) COLLATE Latin1_General_BIN2 NULL,
        CONSTRAINT [PK_Produits] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_Produits_Clients_ClientId] FOREIGN KEY ([ClientId]) REFERENCES [Clients] ([Id]) ON DELETE NO ACTION
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE TABLE [Cles] (
        [Id] int NOT NULL IDENTITY,
        [Prefix] nvarchar(9) COLLATE Latin1_General_BIN2 NOT NULL,
        [Hash] varbinary(32) NOT NULL,
        [ClientId] int NOT NULL,
        [IdentifiantId] int NULL,
        [Scopes] nvarchar(200) COLLATE Latin1_General_BIN2 NOT NULL,
        [CreatedAt] datetimeoffset NOT NULL,
        [ExpiresAt] datetimeoffset NULL,
        [RevokedAt] datetimeoffset NULL,
        CONSTRAINT [PK_Cles] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_Cles_Clients_ClientId] FOREIGN KEY ([ClientId]) REFERENCES [Clients] ([Id]) ON DELETE NO ACTION,
        CONSTRAINT [FK_Cles_Identifiants_IdentifiantId] FOREIGN KEY ([IdentifiantId]) REFERENCES [Identifiants] ([Id]) ON DELETE NO ACTION
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE TABLE [Dossiers] (
        [Id] bigint NOT NULL IDENTITY,
        [IdentifiantId] int NOT NULL,
        [Reference] nvarchar(801) COLLATE Latin1_General_BIN2 NOT NULL,
        [Date] datetime2 NOT NULL,
        CONSTRAINT [PK_Dossiers] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_Dossiers_Identifiants_IdentifiantId] FOREIGN KEY ([IdentifiantId]) REFERENCES [Identifiants] ([Id]) ON DELETE NO ACTION
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE TABLE [Compteurs] (
        [Id] int NOT NULL IDENTITY,
        [ProduitId] int NOT NULL,
        [Sequence] int NOT NULL,
        [Libelle] nvarchar(4000) COLLATE Latin1_General_BIN2 NULL,
        [Cumul] bigint NOT NULL,
        CONSTRAINT [PK_Compteurs] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_Compteurs_Produits_ProduitId] FOREIGN KEY ([ProduitId]) REFERENCES [Produits] ([Id]) ON DELETE NO ACTION
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE TABLE [Consommations] (
        [ProduitId] int NOT NULL,
        [IdentifiantId] int NOT NULL,
        [Jour] date NOT NULL,
        [DossierId] bigint NOT NULL,
        [CompteurId] int NOT NULL,
        [Quantite] bigint NOT NULL,
        CONSTRAINT [PK_Consommations] PRIMARY KEY ([ProduitId], [IdentifiantId], [Jour], [DossierId], [CompteurId]),
        CONSTRAINT [FK_Consommations_Compteurs_CompteurId] FOREIGN KEY ([CompteurId]) REFERENCES [Compteurs] ([Id]) ON DELETE NO ACTION,
        CONSTRAINT [FK_Consommations_Dossiers_DossierId] FOREIGN KEY ([DossierId]) REFERENCES [Dossiers] ([Id]) ON DELETE NO ACTION,
        CONSTRAINT [FK_Consommations_Identifiants_IdentifiantId] FOREIGN KEY ([IdentifiantId]) REFERENCES [Identifiants] ([Id]) ON DELETE NO ACTION
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE TABLE [Meters] (
        [Id] int NOT NULL IDENTITY,
        [Uid] binary(16) NOT NULL,
        [ClientId] int NOT NULL,
        [Serial] nvarchar(101) COLLATE Latin1_General_BIN2 NOT NULL,
        [Digits] int NOT NULL,
        [Unit] nvarchar(20) COLLATE Latin1_General_BIN2 NOT NULL,
        [DossierId] bigint NOT NULL,
        [CompteurId] int NOT NULL,
        [IdentifiantId] int NOT NULL,
        [InstalledAt] datetimeoffset NOT NULL,
        [RemovedAt] datetimeoffset NULL,
        [ReplacesId] int NULL,
        CONSTRAINT [PK_Meters] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_Meters_Clients_ClientId] FOREIGN KEY ([ClientId]) REFERENCES [Clients] ([Id]) ON DELETE NO ACTION,
        CONSTRAINT [FK_Meters_Compteurs_CompteurId] FOREIGN KEY ([CompteurId]) REFERENCES [Compteurs] ([Id]) ON DELETE NO ACTION,
        CONSTRAINT [FK_Meters_Dossiers_DossierId] FOREIGN KEY ([DossierId]) REFERENCES [Dossiers] ([Id]) ON DELETE NO ACTION,
        CONSTRAINT [FK_Meters_Identifiants_IdentifiantId] FOREIGN KEY ([IdentifiantId]) REFERENCES [Identifiants] ([Id]) ON DELETE NO ACTION,
        CONSTRAINT [FK_Meters_Meters_ReplacesId] FOREIGN KEY ([ReplacesId]) REFERENCES [Meters] ([Id]) ON DELETE NO ACTION
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE TABLE [MeterDays] (
        [MeterId] int NOT NULL,
        [Jour] date NOT NULL,
        [Units] bigint NOT NULL,
        CONSTRAINT [PK_MeterDays] PRIMARY KEY ([MeterId], [Jour]),
        CONSTRAINT [FK_MeterDays_Meters_MeterId] FOREIGN KEY ([MeterId]) REFERENCES [Meters] ([Id]) ON DELETE NO ACTION
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE TABLE [Readings] (
        [Id] bigint NOT NULL IDENTITY,
        [Uid] binary(16) NOT NULL,
        [MeterId] int NOT NULL,
        [IndexMilli] bigint NOT NULL,
        [ReadAt] datetimeoffset NOT NULL,
        [RecordedBy] binary(16) NULL,
        [ProofRef] nvarchar(1000) COLLATE Latin1_General_BIN2 NULL,
        [RecordedAt] datetimeoffset NOT NULL,
        [IsSuspect] bit NOT NULL,
        [VoidedAs] bigint NOT NULL,
        [VoidedAt] datetimeoffset NULL,
        [VoidedBy] binary(16) NULL,
        [VoidReason] nvarchar(1000) COLLATE Latin1_General_BIN2 NULL,
        CONSTRAINT [PK_Readings] PRIMARY KEY NONCLUSTERED ([Id]),
        CONSTRAINT [FK_Readings_Meters_MeterId] FOREIGN KEY ([MeterId]) REFERENCES [Meters] ([Id]) ON DELETE NO ACTION
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Cles_Prefix] ON [Cles] ([Prefix]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Clients_Code] ON [Clients] ([Code]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Compteurs_ProduitId_Sequence] ON [Compteurs] ([ProduitId], [Sequence]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Dossiers_IdentifiantId_Date_Reference] ON [Dossiers] ([IdentifiantId], [Date], [Reference]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Identifiants_ClientId_Nom] ON [Identifiants] ([ClientId], [Nom]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE INDEX [IX_KeptAnswers_At] ON [KeptAnswers] ([At]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE INDEX [IX_Meters_ClientId] ON [Meters] ([ClientId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE INDEX [IX_Meters_CompteurId_IdentifiantId] ON [Meters] ([CompteurId], [IdentifiantId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    EXEC(N'CREATE UNIQUE INDEX [IX_Meters_DossierId_CompteurId_Serial] ON [Meters] ([DossierId], [CompteurId], [Serial]) WHERE [RemovedAt] IS NULL');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE INDEX [IX_Meters_ReplacesId] ON [Meters] ([ReplacesId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Meters_Uid] ON [Meters] ([Uid]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Produits_ClientId_Numero] ON [Produits] ([ClientId], [Numero]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE UNIQUE CLUSTERED INDEX [IX_Readings_MeterId_ReadAt_VoidedAs] ON [Readings] ([MeterId], [ReadAt], [VoidedAs]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    EXEC(N'CREATE INDEX [IX_Readings_Suspect] ON [Readings] ([MeterId], [Id]) WHERE [IsSuspect] = 1');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Readings_Uid] ON [Readings] ([Uid]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    CREATE INDEX [IX_Totaux_ProduitId_Jour_IdentifiantId] ON [Totaux] ([ProduitId], [Jour], [IdentifiantId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    EXEC(N'CREATE TRIGGER [Audit_OnlyAdded] ON [Audit] INSTEAD OF UPDATE, DELETE AS THROW 50001, N''The audit is only added to.'', 1;');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261122053749_Initial'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261122053749_Initial', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130081150_Billing'
)
BEGIN
    ALTER TABLE [Totaux] ADD [ChangedAt] bigint NOT NULL DEFAULT CAST(0 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130081150_Billing'
)
BEGIN
    ALTER TABLE [Readings] ADD [Turns] int NOT NULL DEFAULT 0;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130081150_Billing'
)
BEGIN
    ALTER TABLE [Meters] ADD [MultiplierMicros] bigint NOT NULL DEFAULT CAST(1000000 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130081150_Billing'
)
BEGIN
    ALTER TABLE [Meters] ADD [RolloverAt] bigint NOT NULL DEFAULT CAST(0 AS bigint);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130081150_Billing'
)
BEGIN
    EXEC(N'UPDATE Meters SET RolloverAt = CAST(''1'' + REPLICATE(''0'', Digits) AS bigint)');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130081150_Billing'
)
BEGIN
    EXEC(N'WITH falls AS (
      SELECT Id, MeterId, ReadAt,
        CASE WHEN IndexMilli < LAG(IndexMilli) OVER (PARTITION BY MeterId ORDER BY ReadAt) THEN 1 ELSE 0 END AS Fell
      FROM Readings WHERE VoidedAs = 0),
    turns AS (SELECT Id, SUM(Fell) OVER (PARTITION BY MeterId ORDER BY ReadAt) AS Turns FROM falls)
    UPDATE Readings SET Turns = (SELECT t.Turns FROM turns t WHERE t.Id = Readings.Id)
    WHERE Id IN (SELECT Id FROM turns WHERE Turns > 0)');
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130081150_Billing'
)
BEGIN
    CREATE TABLE [BilledDays] (
        [MeterId] int NOT NULL,
        [Jour] date NOT NULL,
        [Units] bigint NOT NULL,
        [UnitPriceMicros] bigint NOT NULL,
        CONSTRAINT [PK_BilledDays] PRIMARY KEY ([MeterId], [Jour]),
        CONSTRAINT [FK_BilledDays_Meters_MeterId] FOREIGN KEY ([MeterId]) REFERENCES [Meters] ([Id]) ON DELETE NO ACTION
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130081150_Billing'
)
BEGIN
    CREATE TABLE [Bills] (
        [Id] bigint NOT NULL IDENTITY,
        [Uid] binary(16) NOT NULL,
        [MeterId] int NOT NULL,
        [StartReadingId] bigint NOT NULL,
        [EndReadingId] bigint NOT NULL,
        [FolioUid] binary(16) NOT NULL,
        [FolioKind] nvarchar(8) COLLATE Latin1_General_BIN2 NOT NULL,
        [BusinessDate] date NOT NULL,
        [Currency] nvarchar(3) COLLATE Latin1_General_BIN2 NOT NULL,
        [AmountCents] bigint NOT NULL,
        [BilledAt] datetimeoffset NOT NULL,
        CONSTRAINT [PK_Bills] PRIMARY KEY ([Id]),
        CONSTRAINT [FK_Bills_Meters_MeterId] FOREIGN KEY ([MeterId]) REFERENCES [Meters] ([Id]) ON DELETE NO ACTION,
        CONSTRAINT [FK_Bills_Readings_EndReadingId] FOREIGN KEY ([EndReadingId]) REFERENCES [Readings] ([Id]) ON DELETE NO ACTION,
        CONSTRAINT [FK_Bills_Readings_StartReadingId] FOREIGN KEY ([StartReadingId]) REFERENCES [Readings] ([Id]) ON DELETE NO ACTION
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130081150_Billing'
)
BEGIN
    CREATE TABLE [Prices] (
        [CompteurId] int NOT NULL,
        [ValidFrom] date NOT NULL,
        [UnitPriceMicros] bigint NOT NULL,
        [Currency] nvarchar(3) COLLATE Latin1_General_BIN2 NOT NULL,
        CONSTRAINT [PK_Prices] PRIMARY KEY ([CompteurId], [ValidFrom]),
        CONSTRAINT [FK_Prices_Compteurs_CompteurId] FOREIGN KEY ([CompteurId]) REFERENCES [Compteurs] ([Id]) ON DELETE NO ACTION
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130081150_Billing'
)
BEGIN
    CREATE TABLE [RemovedTotals] (
        [CompteurId] int NOT NULL,
        [IdentifiantId] int NOT NULL,
        [Jour] date NOT NULL,
        [ChangedAt] bigint NOT NULL,
        CONSTRAINT [PK_RemovedTotals] PRIMARY KEY ([CompteurId], [IdentifiantId], [Jour])
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130081150_Billing'
)
BEGIN
    CREATE TABLE [BillLines] (
        [BillId] bigint NOT NULL,
        [Number] int NOT NULL,
        [MeterId] int NOT NULL,
        [IsCorrection] bit NOT NULL,
        [FirstDay] date NOT NULL,
        [LastDay] date NOT NULL,
        [Units] bigint NOT NULL,
        [UnitPriceMicros] bigint NOT NULL,
        CONSTRAINT [PK_BillLines] PRIMARY KEY ([BillId], [Number]),
        CONSTRAINT [FK_BillLines_Bills_BillId] FOREIGN KEY ([BillId]) REFERENCES [Bills] ([Id]) ON DELETE NO ACTION,
        CONSTRAINT [FK_BillLines_Meters_MeterId] FOREIGN KEY ([MeterId]) REFERENCES [Meters] ([Id]) ON DELETE NO ACTION
    );
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130081150_Billing'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Bills_EndReadingId] ON [Bills] ([EndReadingId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130081150_Billing'
)
BEGIN
    CREATE INDEX [IX_Bills_FolioUid_Id] ON [Bills] ([FolioUid], [Id]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130081150_Billing'
)
BEGIN
    CREATE INDEX [IX_Bills_MeterId_Id] ON [Bills] ([MeterId], [Id]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130081150_Billing'
)
BEGIN
    CREATE UNIQUE INDEX [IX_Bills_Uid] ON [Bills] ([Uid]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130081150_Billing'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261130081150_Billing', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130110708_Corrections'
)
BEGIN
    ALTER TABLE [Readings] ADD [ConfirmedAt] datetimeoffset NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130110708_Corrections'
)
BEGIN
    ALTER TABLE [Readings] ADD [ConfirmedBy] binary(16) NULL;
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130110708_Corrections'
)
BEGIN
    CREATE INDEX [IX_Meters_DossierId] ON [Meters] ([DossierId]);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130110708_Corrections'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261130110708_Corrections', N'10.0.15');
END;

COMMIT;
GO

BEGIN TRANSACTION;
IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130150107_HeldSuspects'
)
BEGIN
    ALTER TABLE [Clients] ADD [HoldsSuspects] bit NOT NULL DEFAULT CAST(0 AS bit);
END;

IF NOT EXISTS (
    SELECT * FROM [__EFMigrationsHistory]
    WHERE [MigrationId] = N'20261130150107_HeldSuspects'
)
BEGIN
    INSERT INTO [__EFMigrationsHistory] ([MigrationId], [ProductVersion])
    VALUES (N'20261130150107_HeldSuspects', N'10.0.15');
END;

COMMIT;
GO
