-- begin ReadCommitted

SELECT TOP(2) [c].[Id], [c].[Code]
FROM [Clients] AS [c]
WHERE [c].[Code] = @caller_Client

SELECT TOP(2) [c].[Id], [c].[Code]
FROM [Clients] AS [c]
WHERE [c].[Code] = @caller_Client

SELECT TOP(2) [i].[Id], [i].[ClientId], [i].[Nom]
FROM [Identifiants] AS [i]
WHERE [i].[ClientId] = @client_Id AND [i].[Nom] = @meter_Identifiant

SELECT TOP(2) [d].[Id], [d].[Date], [d].[IdentifiantId], [d].[Reference]
FROM [Dossiers] AS [d]
WHERE [d].[IdentifiantId] = @identifiant_Id AND [d].[Date] = @meter_DateDossier AND [d].[Reference] = @meter_Dossier

SELECT TOP(2) [p].[Id], [p].[ClientId], [p].[Nom], [p].[Numero]
FROM [Produits] AS [p]
WHERE [p].[ClientId] = @client_Id AND [p].[Numero] = @meter_ProduitId

SELECT TOP(2) [c].[Id], [c].[Cumul], [c].[Libelle], [c].[ProduitId], [c].[Sequence]
FROM [Compteurs] AS [c]
WHERE [c].[ProduitId] = @produit_Id AND [c].[Sequence] = @meter_Sequence

SELECT TOP(2) [m].[Uid]
FROM [Meters] AS [m]
WHERE [m].[DossierId] = @dossier_Id AND [m].[CompteurId] = @compteur_Id AND [m].[Serial] = @meter_Serial AND [m].[RemovedAt] IS NULL

SET NOCOUNT ON;
INSERT INTO [Audit] ([Action], [At], [ClientId], [Detail], [KeyPrefix], [MeterUid], [ReadingUid], [RecordedBy], [TraceId])
VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8);
SELECT [Id]
FROM [Audit]
WHERE @@ROWCOUNT = 1 AND [Id] = scope_identity();

INSERT INTO [Identifiants] ([ClientId], [Nom])
OUTPUT INSERTED.[Id]
VALUES (@p9, @p10);
INSERT INTO [Produits] ([ClientId], [Nom], [Numero])
OUTPUT INSERTED.[Id]
VALUES (@p11, @p12, @p13);


SET NOCOUNT ON;
INSERT INTO [Compteurs] ([Cumul], [Libelle], [ProduitId], [Sequence])
OUTPUT INSERTED.[Id]
VALUES (@p14, @p15, @p16, @p17);
INSERT INTO [Dossiers] ([Date], [IdentifiantId], [Reference])
OUTPUT INSERTED.[Id]
VALUES (@p18, @p19, @p20);


SET IMPLICIT_TRANSACTIONS OFF;
SET NOCOUNT ON;
INSERT INTO [Meters] ([ClientId], [CompteurId], [Digits], [DossierId], [IdentifiantId], [InstalledAt], [RemovedAt], [ReplacesId], [Serial], [Uid], [Unit])
OUTPUT INSERTED.[Id]
VALUES (@p21, @p22, @p23, @p24, @p25, @p26, @p27, @p28, @p29, @p30, @p31);


SET IMPLICIT_TRANSACTIONS OFF;
SET NOCOUNT ON;
INSERT INTO [Readings] ([IndexMilli], [IsSuspect], [MeterId], [ProofRef], [ReadAt], [RecordedAt], [RecordedBy], [Uid], [VoidReason], [VoidedAs], [VoidedAt], [VoidedBy])
OUTPUT INSERTED.[Id]
VALUES (@p32, @p33, @p34, @p35, @p36, @p37, @p38, @p39, @p40, @p41, @p42, @p43);


-- commit
