-- Key
SELECT TOP(2) [c].[Prefix], [c].[Hash], [c0].[Code], [i].[Nom], [c].[Scopes], [c].[CreatedAt], [c].[ExpiresAt], [c].[RevokedAt]
FROM [Cles] AS [c]
INNER JOIN [Clients] AS [c0] ON [c].[ClientId] = [c0].[Id]
LEFT JOIN [Identifiants] AS [i] ON [c].[IdentifiantId] = [i].[Id]
WHERE [c].[Prefix] = @prefix


-- Keys
SELECT [c].[Prefix], [c].[Hash], [c0].[Code], [i].[Nom], [c].[Scopes], [c].[CreatedAt], [c].[ExpiresAt], [c].[RevokedAt]
FROM [Cles] AS [c]
INNER JOIN [Clients] AS [c0] ON [c].[ClientId] = [c0].[Id]
LEFT JOIN [Identifiants] AS [i] ON [c].[IdentifiantId] = [i].[Id]
ORDER BY [c0].[Code], [c].[Id]


-- Revoke
SELECT TOP(2) [c].[Id], [c].[ClientId], [c].[CreatedAt], [c].[ExpiresAt], [c].[Hash], [c].[IdentifiantId], [c].[Prefix], [c].[RevokedAt], [c].[Scopes]
FROM [Cles] AS [c]
WHERE [c].[Prefix] = @prefix


-- Clients
-- begin Snapshot

SELECT Code FROM Clients


-- Sums ParIdentifiant
-- begin Snapshot

SELECT p.Id, p.Numero, p.Nom, k.Sequence, k.Libelle, SUM(t.Plus), SUM(t.Moins), i.Id, i.Nom
FROM Clients c CROSS JOIN Produits p CROSS JOIN Compteurs k CROSS JOIN Identifiants i CROSS JOIN Totaux t
WHERE c.Code = @client AND p.ClientId = c.Id AND k.ProduitId = p.Id AND i.ClientId = c.Id
  AND t.CompteurId = k.Id AND t.IdentifiantId = i.Id AND t.Jour >= @debut AND t.Jour <= @fin
  AND p.Numero = @numero
  
GROUP BY p.Id, p.Numero, p.Nom, k.Id, k.Sequence, k.Libelle, i.Id, i.Nom


-- Sums ParProduit
-- begin Snapshot

SELECT p.Id, p.Numero, p.Nom, k.Sequence, k.Libelle, SUM(t.Plus), SUM(t.Moins)
FROM Clients c CROSS JOIN Produits p CROSS JOIN Compteurs k CROSS JOIN Identifiants i CROSS JOIN Totaux t
WHERE c.Code = @client AND p.ClientId = c.Id AND k.ProduitId = p.Id AND i.ClientId = c.Id
  AND t.CompteurId = k.Id AND t.IdentifiantId = i.Id AND t.Jour >= @debut AND t.Jour <= @fin
  AND p.Numero = @numero
  
GROUP BY p.Id, p.Numero, p.Nom, k.Id, k.Sequence, k.Libelle


-- Lines, of one identifiant
SELECT l.DossierId, d.Reference, d.Date, k.Sequence, l.Quantite
FROM Consommations l CROSS JOIN Dossiers d CROSS JOIN Compteurs k
WHERE l.ProduitId = @produit AND l.IdentifiantId = @identifiant AND l.Jour >= @debut AND l.Jour <= @fin
  AND d.Id = l.DossierId AND k.Id = l.CompteurId
ORDER BY l.Jour, d.Date, d.Reference + NCHAR(0), k.Sequence


-- Meters, of one identifiant
SELECT m.DossierId, d.Reference, d.Date, k.Sequence,
  (SELECT SUM(j.Units) FROM MeterDays j WHERE j.MeterId = m.Id AND j.Jour >= @debut AND j.Jour <= @fin)
FROM Compteurs k CROSS JOIN Meters m CROSS JOIN Dossiers d 
WHERE k.ProduitId = @produit AND m.CompteurId = k.Id AND d.Id = m.DossierId
  AND m.IdentifiantId = @identifiant
ORDER BY d.Date, d.Reference + NCHAR(0), k.Sequence


-- Lines, of all
SELECT l.DossierId, d.Reference, d.Date, k.Sequence, l.Quantite, i.Id, i.Nom
FROM Totaux t CROSS JOIN Consommations l CROSS JOIN Dossiers d CROSS JOIN Identifiants i CROSS JOIN Compteurs k
WHERE t.ProduitId = @produit AND t.Jour >= @debut AND t.Jour <= @fin
  AND NOT EXISTS (SELECT 1 FROM Totaux o WHERE o.ProduitId = t.ProduitId AND o.Jour = t.Jour
    AND o.IdentifiantId = t.IdentifiantId AND o.CompteurId < t.CompteurId)
  AND l.ProduitId = t.ProduitId AND l.IdentifiantId = t.IdentifiantId AND l.Jour BETWEEN t.Jour AND t.Jour
  AND d.Id = l.DossierId AND i.Id = t.IdentifiantId AND k.Id = l.CompteurId
ORDER BY t.Jour, d.Date, d.Reference + NCHAR(0), i.Nom + NCHAR(0), k.Sequence


-- Meters, of all
SELECT m.DossierId, d.Reference, d.Date, k.Sequence,
  (SELECT SUM(j.Units) FROM MeterDays j WHERE j.MeterId = m.Id AND j.Jour >= @debut AND j.Jour <= @fin), i.Id, i.Nom
FROM Compteurs k CROSS JOIN Meters m CROSS JOIN Dossiers d CROSS JOIN Identifiants i
WHERE k.ProduitId = @produit AND m.CompteurId = k.Id AND d.Id = m.DossierId
  AND m.IdentifiantId = i.Id
ORDER BY d.Date, d.Reference + NCHAR(0), i.Nom + NCHAR(0), k.Sequence


-- Meter
SELECT [m].[Id], [m].[ClientId], [m].[CompteurId], [m].[Digits], [m].[DossierId], [m].[IdentifiantId], [m].[InstalledAt], [m].[RemovedAt], [m].[ReplacesId], [m].[Serial], [m].[Uid], [m].[Unit], [c].[Id], [c].[Code], [d].[Id], [d].[Date], [d].[IdentifiantId], [d].[Reference], [i].[Id], [i].[ClientId], [i].[Nom], [c0].[Id], [c0].[Cumul], [c0].[Libelle], [c0].[ProduitId], [c0].[Sequence], [p].[Id], [p].[ClientId], [p].[Nom], [p].[Numero], [m0].[Id], [m0].[ClientId], [m0].[CompteurId], [m0].[Digits], [m0].[DossierId], [m0].[IdentifiantId], [m0].[InstalledAt], [m0].[RemovedAt], [m0].[ReplacesId], [m0].[Serial], [m0].[Uid], [m0].[Unit]
FROM [Meters] AS [m]
INNER JOIN [Clients] AS [c] ON [m].[ClientId] = [c].[Id]
INNER JOIN [Dossiers] AS [d] ON [m].[DossierId] = [d].[Id]
INNER JOIN [Identifiants] AS [i] ON [d].[IdentifiantId] = [i].[Id]
INNER JOIN [Compteurs] AS [c0] ON [m].[CompteurId] = [c0].[Id]
INNER JOIN [Produits] AS [p] ON [c0].[ProduitId] = [p].[Id]
LEFT JOIN [Meters] AS [m0] ON [m].[ReplacesId] = [m0].[Id]
WHERE [m].[Uid] = @id AND [c].[Code] = @caller_Client AND [i].[Nom] = @nom


-- Meters
SELECT [s].[Id], [s].[ClientId], [s].[CompteurId], [s].[Digits], [s].[DossierId], [s].[IdentifiantId], [s].[InstalledAt], [s].[RemovedAt], [s].[ReplacesId], [s].[Serial], [s].[Uid], [s].[Unit], [s].[Id0], [s].[Code], [s].[Id1], [s].[Date], [s].[IdentifiantId0], [s].[Reference], [s].[Id2], [s].[ClientId0], [s].[Nom], [c0].[Id], [c0].[Cumul], [c0].[Libelle], [c0].[ProduitId], [c0].[Sequence], [p].[Id], [p].[ClientId], [p].[Nom], [p].[Numero], [m0].[Id], [m0].[ClientId], [m0].[CompteurId], [m0].[Digits], [m0].[DossierId], [m0].[IdentifiantId], [m0].[InstalledAt], [m0].[RemovedAt], [m0].[ReplacesId], [m0].[Serial], [m0].[Uid], [m0].[Unit]
FROM (
    SELECT TOP(@p) [m].[Id], [m].[ClientId], [m].[CompteurId], [m].[Digits], [m].[DossierId], [m].[IdentifiantId], [m].[InstalledAt], [m].[RemovedAt], [m].[ReplacesId], [m].[Serial], [m].[Uid], [m].[Unit], [c].[Id] AS [Id0], [c].[Code], [d].[Id] AS [Id1], [d].[Date], [d].[IdentifiantId] AS [IdentifiantId0], [d].[Reference], [i].[Id] AS [Id2], [i].[ClientId] AS [ClientId0], [i].[Nom]
    FROM [Meters] AS [m]
    INNER JOIN [Clients] AS [c] ON [m].[ClientId] = [c].[Id]
    INNER JOIN [Dossiers] AS [d] ON [m].[DossierId] = [d].[Id]
    INNER JOIN [Identifiants] AS [i] ON [d].[IdentifiantId] = [i].[Id]
    WHERE [c].[Code] = @caller_Client AND [i].[Nom] = @nom AND [m].[Serial] = @serial AND [m].[Id] < @end
    ORDER BY [m].[Id] DESC
) AS [s]
INNER JOIN [Compteurs] AS [c0] ON [s].[CompteurId] = [c0].[Id]
INNER JOIN [Produits] AS [p] ON [c0].[ProduitId] = [p].[Id]
LEFT JOIN [Meters] AS [m0] ON [s].[ReplacesId] = [m0].[Id]
ORDER BY [s].[Id] DESC


-- Readings
SELECT TOP(@p) [r].[Id], [r].[IndexMilli], [r].[IsSuspect], [r].[MeterId], [r].[ProofRef], [r].[ReadAt], [r].[RecordedAt], [r].[RecordedBy], [r].[Uid], [r].[VoidReason], [r].[VoidedAs], [r].[VoidedAt], [r].[VoidedBy]
FROM [Readings] AS [r]
INNER JOIN [Meters] AS [m] ON [r].[MeterId] = [m].[Id]
WHERE [m].[Uid] = @meter AND [r].[ReadAt] >= @f AND [r].[ReadAt] <= @l AND [r].[ReadAt] <= @after_At AND ([r].[ReadAt] < @after_At OR [r].[Id] < @after_Number)
ORDER BY [r].[ReadAt] DESC, [r].[Id] DESC


-- Suspects
SELECT TOP(@p) [m].[Uid], [r0].[Id], [r0].[IndexMilli], [r0].[IsSuspect], [r0].[MeterId], [r0].[ProofRef], [r0].[ReadAt], [r0].[RecordedAt], [r0].[RecordedBy], [r0].[Uid], [r0].[VoidReason], [r0].[VoidedAs], [r0].[VoidedAt], [r0].[VoidedBy]
FROM [Meters] AS [m]
INNER JOIN [Clients] AS [c] ON [m].[ClientId] = [c].[Id]
INNER JOIN [Dossiers] AS [d] ON [m].[DossierId] = [d].[Id]
INNER JOIN [Identifiants] AS [i] ON [d].[IdentifiantId] = [i].[Id]
INNER JOIN (
    SELECT [r].[Id], [r].[IndexMilli], [r].[IsSuspect], [r].[MeterId], [r].[ProofRef], [r].[ReadAt], [r].[RecordedAt], [r].[RecordedBy], [r].[Uid], [r].[VoidReason], [r].[VoidedAs], [r].[VoidedAt], [r].[VoidedBy]
    FROM [Readings] AS [r]
    WHERE [r].[IsSuspect] = CAST(1 AS bit) AND [r].[VoidedAs] = CAST(0 AS bigint)
) AS [r0] ON [m].[Id] = [r0].[MeterId]
WHERE [c].[Code] = @caller_Client AND [i].[Nom] = @nom AND [r0].[Id] < @after_Number
ORDER BY [r0].[Id] DESC


-- Reading
SELECT TOP(2) [r].[Id], [r].[IndexMilli], [r].[IsSuspect], [r].[MeterId], [r].[ProofRef], [r].[ReadAt], [r].[RecordedAt], [r].[RecordedBy], [r].[Uid], [r].[VoidReason], [r].[VoidedAs], [r].[VoidedAt], [r].[VoidedBy]
FROM [Readings] AS [r]
INNER JOIN [Meters] AS [m] ON [r].[MeterId] = [m].[Id]
WHERE [r].[Uid] = @reading AND [m].[Uid] = @meter


-- Series
SELECT [r1].[Id], [r1].[IndexMilli], [r1].[IsSuspect], [r1].[MeterId], [r1].[ProofRef], [r1].[ReadAt], [r1].[RecordedAt], [r1].[RecordedBy], [r1].[Uid], [r1].[VoidReason], [r1].[VoidedAs], [r1].[VoidedAt], [r1].[VoidedBy]
FROM (
    SELECT TOP(@p) [r].[Id], [r].[IndexMilli], [r].[IsSuspect], [r].[MeterId], [r].[ProofRef], [r].[ReadAt], [r].[RecordedAt], [r].[RecordedBy], [r].[Uid], [r].[VoidReason], [r].[VoidedAs], [r].[VoidedAt], [r].[VoidedBy]
    FROM [Readings] AS [r]
    WHERE [r].[MeterId] = @meter AND [r].[VoidedAs] = CAST(0 AS bigint) AND [r].[ReadAt] < @first
    ORDER BY [r].[ReadAt] DESC
) AS [r1]
UNION ALL
SELECT [r0].[Id], [r0].[IndexMilli], [r0].[IsSuspect], [r0].[MeterId], [r0].[ProofRef], [r0].[ReadAt], [r0].[RecordedAt], [r0].[RecordedBy], [r0].[Uid], [r0].[VoidReason], [r0].[VoidedAs], [r0].[VoidedAt], [r0].[VoidedBy]
FROM [Readings] AS [r0]
WHERE [r0].[MeterId] = @meter AND [r0].[VoidedAs] = CAST(0 AS bigint) AND [r0].[ReadAt] >= @first AND [r0].[ReadAt] <= @last
UNION ALL
SELECT [r3].[Id], [r3].[IndexMilli], [r3].[IsSuspect], [r3].[MeterId], [r3].[ProofRef], [r3].[ReadAt], [r3].[RecordedAt], [r3].[RecordedBy], [r3].[Uid], [r3].[VoidReason], [r3].[VoidedAs], [r3].[VoidedAt], [r3].[VoidedBy]
FROM (
    SELECT TOP(@p8) [r2].[Id], [r2].[IndexMilli], [r2].[IsSuspect], [r2].[MeterId], [r2].[ProofRef], [r2].[ReadAt], [r2].[RecordedAt], [r2].[RecordedBy], [r2].[Uid], [r2].[VoidReason], [r2].[VoidedAs], [r2].[VoidedAt], [r2].[VoidedBy]
    FROM [Readings] AS [r2]
    WHERE [r2].[MeterId] = @meter AND [r2].[VoidedAs] = CAST(0 AS bigint) AND [r2].[ReadAt] > @last
    ORDER BY [r2].[ReadAt]
) AS [r3]


-- Hold a meter
-- begin Unspecified

SELECT [f].[Id], [f].[ClientId], [f].[CompteurId], [f].[Digits], [f].[DossierId], [f].[IdentifiantId], [f].[InstalledAt], [f].[RemovedAt], [f].[ReplacesId], [f].[Serial], [f].[Uid], [f].[Unit], [c].[Id], [c].[Code], [d].[Id], [d].[Date], [d].[IdentifiantId], [d].[Reference], [i].[Id], [i].[ClientId], [i].[Nom], [c0].[Id], [c0].[Cumul], [c0].[Libelle], [c0].[ProduitId], [c0].[Sequence], [p].[Id], [p].[ClientId], [p].[Nom], [p].[Numero], [m].[Id], [m].[ClientId], [m].[CompteurId], [m].[Digits], [m].[DossierId], [m].[IdentifiantId], [m].[InstalledAt], [m].[RemovedAt], [m].[ReplacesId], [m].[Serial], [m].[Uid], [m].[Unit]
FROM (
    SELECT * FROM [Meters] WITH (UPDLOCK, ROWLOCK)
) AS [f]
INNER JOIN [Clients] AS [c] ON [f].[ClientId] = [c].[Id]
INNER JOIN [Dossiers] AS [d] ON [f].[DossierId] = [d].[Id]
INNER JOIN [Identifiants] AS [i] ON [d].[IdentifiantId] = [i].[Id]
INNER JOIN [Compteurs] AS [c0] ON [f].[CompteurId] = [c0].[Id]
INNER JOIN [Produits] AS [p] ON [c0].[ProduitId] = [p].[Id]
LEFT JOIN [Meters] AS [m] ON [f].[ReplacesId] = [m].[Id]
WHERE [f].[Uid] = @uid AND [c].[Code] = @caller_Client AND [i].[Nom] = @nom

-- commit


-- Hold a compteur
SELECT [f].[Id], [f].[Cumul], [f].[Libelle], [f].[ProduitId], [f].[Sequence]
FROM (
    SELECT * FROM [Compteurs] WITH (UPDLOCK, ROWLOCK)
) AS [f]
WHERE [f].[Id] = @id


-- Hold a day's total
SELECT [f].[CompteurId], [f].[IdentifiantId], [f].[Jour], [f].[Lignes], [f].[Moins], [f].[Plus], [f].[ProduitId]
FROM (
    SELECT * FROM [Totaux] WITH (UPDLOCK, HOLDLOCK, ROWLOCK)
) AS [f]
WHERE [f].[CompteurId] = @compteur AND [f].[IdentifiantId] = @identifiant AND [f].[Jour] = @jour


-- Kept answer
-- begin Unspecified

SELECT TOP(2) [c].[Id], [c].[Code]
FROM [Clients] AS [c]
WHERE [c].[Code] = @caller_Client

SELECT TOP(2) [k].[ClientId], [k].[Key], [k].[At], [k].[Body], [k].[Hash], [k].[Location], [k].[Status]
FROM [KeptAnswers] AS [k]
WHERE [k].[ClientId] = @client_Id AND [k].[Key] = @key AND [k].[At] >= @since

-- commit


-- Keep an answer
-- begin Unspecified

SELECT TOP(2) [c].[Id], [c].[Code]
FROM [Clients] AS [c]
WHERE [c].[Code] = @caller_Client

DELETE FROM [k]
FROM [KeptAnswers] AS [k]
WHERE [k].[At] < @since

SET IMPLICIT_TRANSACTIONS OFF;
SET NOCOUNT ON;
INSERT INTO [KeptAnswers] ([ClientId], [Key], [At], [Body], [Hash], [Location], [Status])
VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6);


-- commit
