-- Key
SELECT k.Prefix, k.Hash, c.Code, i.Nom, k.Scopes, k.CreatedAt, k.ExpiresAt, k.RevokedAt
FROM Cles k
JOIN Clients c ON c.Id = k.ClientId
LEFT JOIN Identifiants i ON i.Id = k.IdentifiantId WHERE k.Prefix = @1


-- Keys
SELECT k.Prefix, k.Hash, c.Code, i.Nom, k.Scopes, k.CreatedAt, k.ExpiresAt, k.RevokedAt
FROM Cles k
JOIN Clients c ON c.Id = k.ClientId
LEFT JOIN Identifiants i ON i.Id = k.IdentifiantId ORDER BY c.Code, k.Id


-- Revoke
-- begin ReadCommitted

UPDATE Cles SET RevokedAt = COALESCE(RevokedAt, @2) WHERE Prefix = @1

-- commit


-- Rotate
-- begin ReadCommitted

UPDATE Cles SET ExpiresAt = ExpiresAt WHERE Prefix = @1

SELECT k.Prefix, k.Hash, c.Code, i.Nom, k.Scopes, k.CreatedAt, k.ExpiresAt, k.RevokedAt
FROM Cles k
JOIN Clients c ON c.Id = k.ClientId
LEFT JOIN Identifiants i ON i.Id = k.IdentifiantId WHERE k.Prefix = @1

UPDATE Cles SET ExpiresAt = @2 WHERE Prefix = @1

INSERT INTO Cles (Prefix, Hash, ClientId, IdentifiantId, Scopes, CreatedAt, ExpiresAt, RevokedAt)
SELECT @2, @3, ClientId, IdentifiantId, Scopes, @4, @5, NULL FROM Cles WHERE Prefix = @1

-- commit


-- Add a key
-- begin ReadCommitted

SELECT Id FROM Clients WHERE Code = @1

SELECT COUNT(*) FROM Cles WHERE Prefix = @1

INSERT INTO Cles (Prefix, Hash, ClientId, IdentifiantId, Scopes, CreatedAt, ExpiresAt, RevokedAt)
VALUES (@1, @2, @3, @4, @5, @6, @7, @8)

-- commit


-- Clients
SELECT CAST(CASE WHEN snapshot_isolation_state = 1 THEN 1 ELSE 0 END AS int) FROM sys.databases WHERE database_id = DB_ID()

-- begin Snapshot

SELECT Code FROM Clients


-- Sums ParIdentifiant
SELECT p.Id, p.Numero, (SELECT n.Nom FROM Produits n WHERE n.Id = p.Id),
  k.Sequence, (SELECT n.Libelle FROM Compteurs n WHERE n.Id = k.Id),
  SUM(t.Plus), SUM(t.Moins), CASE WHEN EXISTS (SELECT 1 FROM Meters m WHERE m.CompteurId = k.Id) THEN 1 ELSE 0 END, i.Id, i.Nom
FROM Clients c CROSS JOIN Produits p CROSS JOIN Compteurs k CROSS JOIN Identifiants i CROSS JOIN Totaux t
WHERE c.Code = @1 AND p.ClientId = c.Id AND k.ProduitId = p.Id AND i.ClientId = c.Id
  AND t.CompteurId = k.Id AND t.IdentifiantId = i.Id AND t.Jour >= @2 AND t.Jour <= @3
  AND p.Numero = @4
  
GROUP BY p.Id, p.Numero, k.Id, k.Sequence, i.Id, i.Nom


-- Sums ParProduit
SELECT p.Id, p.Numero, (SELECT n.Nom FROM Produits n WHERE n.Id = p.Id),
  k.Sequence, (SELECT n.Libelle FROM Compteurs n WHERE n.Id = k.Id),
  SUM(t.Plus), SUM(t.Moins), CASE WHEN EXISTS (SELECT 1 FROM Meters m WHERE m.CompteurId = k.Id) THEN 1 ELSE 0 END
FROM Clients c CROSS JOIN Produits p CROSS JOIN Compteurs k CROSS JOIN Identifiants i CROSS JOIN Totaux t
WHERE c.Code = @1 AND p.ClientId = c.Id AND k.ProduitId = p.Id AND i.ClientId = c.Id
  AND t.CompteurId = k.Id AND t.IdentifiantId = i.Id AND t.Jour >= @2 AND t.Jour <= @3
  AND p.Numero = @4
  
GROUP BY p.Id, p.Numero, k.Id, k.Sequence


-- An answer of few lines
-- begin Snapshot

SELECT k.Id, k.Sequence, (SELECT n.Libelle FROM Compteurs n WHERE n.Id = k.Id), p.Numero, (SELECT n.Nom FROM Produits n WHERE n.Id = p.Id)
FROM Clients c CROSS JOIN Produits p CROSS JOIN Compteurs k
WHERE c.Code = @1 AND p.ClientId = c.Id AND k.ProduitId = p.Id AND p.Numero = @4
ORDER BY p.Numero, k.Sequence OFFSET 0 ROWS FETCH NEXT 1001 ROWS ONLY

SELECT l.CompteurId, l.Quantite, l.DossierId, d.Reference, d.Date, i.Id, i.Nom
FROM Clients c CROSS JOIN Produits p CROSS JOIN Identifiants i CROSS JOIN Consommations l CROSS JOIN Dossiers d
WHERE c.Code = @1 AND p.ClientId = c.Id AND i.ClientId = c.Id AND l.ProduitId = p.Id AND l.IdentifiantId = i.Id AND l.Jour >= @2 AND l.Jour <= @3
  AND d.Id = l.DossierId AND p.Numero = @4 AND i.Nom = @5
ORDER BY (SELECT NULL) OFFSET 0 ROWS FETCH NEXT 1001 ROWS ONLY

SELECT m.CompteurId, (SELECT SUM(j.Units) FROM MeterDays j WHERE j.MeterId = m.Id AND j.Jour >= @2 AND j.Jour <= @3), m.DossierId, d.Reference, d.Date, i.Id, i.Nom
FROM Clients c CROSS JOIN Meters m CROSS JOIN Dossiers d CROSS JOIN Identifiants i
WHERE c.Code = @1 AND m.ClientId = c.Id AND d.Id = m.DossierId AND i.Id = m.IdentifiantId AND i.Nom = @5
ORDER BY (SELECT NULL) OFFSET 0 ROWS FETCH NEXT 1001 ROWS ONLY


-- Lines, of one identifiant
SELECT l.DossierId, d.Reference, d.Date, k.Sequence, l.Quantite
FROM Consommations l CROSS JOIN Dossiers d CROSS JOIN Compteurs k
WHERE l.ProduitId = @1 AND l.IdentifiantId = @4 AND l.Jour >= @2 AND l.Jour <= @3
  AND d.Id = l.DossierId AND k.Id = l.CompteurId
ORDER BY l.Jour, d.Date, d.Reference + NCHAR(0), k.Sequence


-- Meters, of one identifiant
SELECT m.DossierId, d.Reference, d.Date, k.Sequence,
  (SELECT SUM(j.Units) FROM MeterDays j WHERE j.MeterId = m.Id AND j.Jour >= @2 AND j.Jour <= @3)
FROM Compteurs k CROSS JOIN Meters m CROSS JOIN Dossiers d 
WHERE k.ProduitId = @1 AND m.CompteurId = k.Id AND d.Id = m.DossierId
  AND m.IdentifiantId = @4
ORDER BY d.Date, d.Reference + NCHAR(0), k.Sequence


-- Lines, of all
SELECT l.DossierId, d.Reference, d.Date, k.Sequence, l.Quantite, i.Id, i.Nom
FROM Totaux t CROSS JOIN Consommations l CROSS JOIN Dossiers d CROSS JOIN Identifiants i CROSS JOIN Compteurs k
WHERE t.ProduitId = @1 AND t.Jour >= @2 AND t.Jour <= @3
  AND NOT EXISTS (SELECT 1 FROM Totaux o WHERE o.ProduitId = t.ProduitId AND o.Jour = t.Jour
    AND o.IdentifiantId = t.IdentifiantId AND o.CompteurId < t.CompteurId)
  AND l.ProduitId = t.ProduitId AND l.IdentifiantId = t.IdentifiantId AND l.Jour BETWEEN t.Jour AND t.Jour
  AND d.Id = l.DossierId AND i.Id = t.IdentifiantId AND k.Id = l.CompteurId
ORDER BY t.Jour, d.Date, d.Reference + NCHAR(0), i.Nom + NCHAR(0), k.Sequence


-- Meters, of all
SELECT m.DossierId, d.Reference, d.Date, k.Sequence,
  (SELECT SUM(j.Units) FROM MeterDays j WHERE j.MeterId = m.Id AND j.Jour >= @2 AND j.Jour <= @3), i.Id, i.Nom
FROM Compteurs k CROSS JOIN Meters m CROSS JOIN Dossiers d CROSS JOIN Identifiants i
WHERE k.ProduitId = @1 AND m.CompteurId = k.Id AND d.Id = m.DossierId
  AND m.IdentifiantId = i.Id
ORDER BY d.Date, d.Reference + NCHAR(0), i.Nom + NCHAR(0), k.Sequence


-- Report
-- begin Snapshot

SELECT p.Id, p.Numero, (SELECT n.Nom FROM Produits n WHERE n.Id = p.Id),
  k.Id, k.Sequence, (SELECT n.Libelle FROM Compteurs n WHERE n.Id = k.Id),
  i.Id, i.Nom, SUM(t.Plus), SUM(t.Moins), MIN(t.Jour), MAX(t.Jour),
  CASE WHEN EXISTS (SELECT 1 FROM Meters m WHERE m.CompteurId = k.Id AND m.IdentifiantId = i.Id) THEN 1 ELSE 0 END
FROM Clients c CROSS JOIN Produits p CROSS JOIN Compteurs k CROSS JOIN Identifiants i CROSS JOIN Totaux t
WHERE c.Code = @1 AND p.ClientId = c.Id AND k.ProduitId = p.Id AND i.ClientId = c.Id
  AND t.CompteurId = k.Id AND t.IdentifiantId = i.Id AND t.Jour >= @2 AND t.Jour <= @3
  AND p.Numero = @6
  AND i.Nom = @7
  
GROUP BY p.Id, p.Numero, k.Id, k.Sequence, i.Id, i.Nom


-- Report of a dossier
SELECT p.Id, p.Numero, (SELECT n.Nom FROM Produits n WHERE n.Id = p.Id),
  k.Id, k.Sequence, (SELECT n.Libelle FROM Compteurs n WHERE n.Id = k.Id),
  i.Id, i.Nom, SUM(t.Plus), SUM(t.Moins), MIN(t.Jour), MAX(t.Jour),
  CASE WHEN EXISTS (SELECT 1 FROM Meters m WHERE m.CompteurId = k.Id AND m.IdentifiantId = i.Id) THEN 1 ELSE 0 END
FROM Clients c CROSS JOIN Produits p CROSS JOIN Compteurs k CROSS JOIN Identifiants i CROSS JOIN (
  SELECT l.CompteurId, l.IdentifiantId, l.Jour,
    CASE WHEN l.Quantite > 0 THEN l.Quantite ELSE 0 END AS Plus, CASE WHEN l.Quantite < 0 THEN l.Quantite ELSE 0 END AS Moins
  FROM Clients c CROSS JOIN Identifiants i CROSS JOIN Dossiers d CROSS JOIN Produits p CROSS JOIN Consommations l
  WHERE c.Code = @1 AND i.ClientId = c.Id AND d.IdentifiantId = i.Id AND d.Reference = @9 AND p.ClientId = c.Id
    AND l.ProduitId = p.Id AND l.IdentifiantId = i.Id AND l.Jour = CAST(d.Date AS date) AND l.DossierId = d.Id
  UNION ALL
  SELECT m.CompteurId, m.IdentifiantId, j.Jour, j.Units, 0
  FROM Clients c CROSS JOIN Meters m CROSS JOIN Dossiers d CROSS JOIN MeterDays j
  WHERE c.Code = @1 AND m.ClientId = c.Id AND d.Id = m.DossierId AND d.Reference = @9 AND j.MeterId = m.Id) t
WHERE c.Code = @1 AND p.ClientId = c.Id AND k.ProduitId = p.Id AND i.ClientId = c.Id
  AND t.CompteurId = k.Id AND t.IdentifiantId = i.Id AND t.Jour >= @2 AND t.Jour <= @3
  AND p.Numero = @6
  
  AND i.Nom = @8
GROUP BY p.Id, p.Numero, k.Id, k.Sequence, i.Id, i.Nom


-- Days by Produit, Compteur
SELECT t.Jour, SUM(t.Plus), SUM(t.Moins), CAST(0 AS bigint)
FROM Compteurs k CROSS JOIN Totaux t
WHERE k.Id = @11
  AND t.CompteurId = k.Id AND t.IdentifiantId = @12 AND t.Jour >= @2 AND t.Jour <= @3
GROUP BY t.Jour
ORDER BY t.Jour


-- Days by Produit
SELECT t.Jour, SUM(t.Plus), SUM(t.Moins), CAST(0 AS bigint)
FROM Compteurs k CROSS JOIN Totaux t
WHERE k.ProduitId = @10
  AND t.CompteurId = k.Id AND t.Jour >= @2 AND t.Jour <= @3
GROUP BY t.Jour
ORDER BY t.Jour


-- Days by Identifiant
SELECT t.Jour, SUM(t.Plus), SUM(t.Moins), CAST(0 AS bigint)
FROM Compteurs k CROSS JOIN Totaux t
WHERE k.ProduitId IN (
  SELECT p.Id FROM Clients c CROSS JOIN Produits p
  WHERE c.Code = @1 AND p.ClientId = c.Id AND p.Numero = @6)
  AND t.CompteurId = k.Id AND t.IdentifiantId = @12 AND t.Jour >= @2 AND t.Jour <= @3
GROUP BY t.Jour
ORDER BY t.Jour


-- Days by dossier
SELECT l.Jour AS Premier, d.Date AS Moment, d.Reference + NCHAR(0) AS Ordre, k.Sequence AS Sequence, l.Jour AS Jour, l.Quantite, l.DossierId
FROM Consommations l CROSS JOIN Dossiers d CROSS JOIN Compteurs k
WHERE l.ProduitId = @10 AND l.IdentifiantId = @12 AND l.Jour >= @2 AND l.Jour <= @3
  AND d.Id = l.DossierId AND k.Id = l.CompteurId
UNION ALL
SELECT CAST(d.Date AS date), d.Date, d.Reference + NCHAR(0), k.Sequence, j.Jour, j.Units, -m.DossierId
FROM Compteurs k CROSS JOIN Meters m CROSS JOIN Dossiers d CROSS JOIN MeterDays j
WHERE k.ProduitId = @10 AND m.CompteurId = k.Id AND m.IdentifiantId = @12
  AND d.Id = m.DossierId AND j.MeterId = m.Id AND j.Jour >= @2 AND j.Jour <= @3
ORDER BY Premier, Moment, Ordre, Sequence, Jour


-- Lines of a spread report
SELECT t.Jour, t.Plus + t.Moins, t.Lignes
FROM Compteurs k CROSS JOIN Totaux t
WHERE k.ProduitId = @10
  AND t.CompteurId = k.Id AND t.IdentifiantId = @12 AND t.Jour >= @2 AND t.Jour <= @3
UNION ALL
SELECT j.Jour, -j.Units, -1
FROM Compteurs k CROSS JOIN Meters m CROSS JOIN MeterDays j
WHERE k.ProduitId = @10
  AND m.CompteurId = k.Id AND m.IdentifiantId = @12 AND j.MeterId = m.Id AND j.Jour >= @2 AND j.Jour <= @3


-- Lines of a spread report of a dossier
SELECT l.Jour, l.Quantite, CAST(1 AS bigint)
FROM Clients c CROSS JOIN Identifiants i CROSS JOIN Dossiers d CROSS JOIN Produits p CROSS JOIN Compteurs k CROSS JOIN Consommations l
WHERE c.Code = @1 AND i.ClientId = c.Id AND i.Id = @12 AND d.IdentifiantId = i.Id
  AND d.Reference = @9 AND p.ClientId = c.Id AND k.ProduitId = p.Id AND k.ProduitId = @10
  AND l.ProduitId = p.Id AND l.IdentifiantId = i.Id AND l.Jour = CAST(d.Date AS date) AND l.DossierId = d.Id
  AND l.CompteurId = k.Id AND l.Jour >= @2 AND l.Jour <= @3


-- Readings of a spread report
SELECT m.Id, r.ReadAt, m.RolloverAt, m.MultiplierMicros, r.IndexMilli, r.Turns,
  CASE WHEN c.HoldsSuspects = 1 AND r.IsSuspect = 1 THEN 1 ELSE 0 END
FROM Compteurs k CROSS JOIN Meters m CROSS JOIN Dossiers d CROSS JOIN Clients c CROSS JOIN Readings r
WHERE k.ProduitId = @10
  AND m.CompteurId = k.Id AND m.IdentifiantId = @12 AND d.Id = m.DossierId
  AND c.Id = m.ClientId AND r.MeterId = m.Id AND r.VoidedAs = 0
  AND r.ReadAt >= COALESCE((
    SELECT MAX(o.ReadAt) FROM Readings o WHERE o.MeterId = m.Id AND o.VoidedAs = 0 AND o.ReadAt <= @4), @4)
  AND r.ReadAt <= COALESCE((
    SELECT MIN(o.ReadAt) FROM Readings o WHERE o.MeterId = m.Id AND o.VoidedAs = 0 AND o.ReadAt >= @5), @5)
ORDER BY k.ProduitId, k.Sequence, m.IdentifiantId, m.Id, r.ReadAt


-- Spread report by dossier
SELECT l.Jour AS Premier, d.Date AS Moment, d.Reference + NCHAR(0) AS Ordre, k.Sequence AS Sequence, l.Jour, l.Quantite, l.DossierId,
  CAST(NULL AS int) AS Meter, CAST(NULL AS datetimeoffset) AS ReadAt, 0, 0, 0, 0, 0
FROM Consommations l CROSS JOIN Dossiers d CROSS JOIN Compteurs k
WHERE l.ProduitId = @10 AND l.IdentifiantId = @12 AND l.Jour >= @2 AND l.Jour <= @3
  AND d.Id = l.DossierId AND k.Id = l.CompteurId
UNION ALL
SELECT CAST(d.Date AS date), d.Date, d.Reference + NCHAR(0), k.Sequence, CAST(d.Date AS date), 0, m.DossierId,
  m.Id, r.ReadAt, m.RolloverAt, m.MultiplierMicros, r.IndexMilli, r.Turns,
  CASE WHEN c.HoldsSuspects = 1 AND r.IsSuspect = 1 THEN 1 ELSE 0 END
FROM Compteurs k CROSS JOIN Meters m CROSS JOIN Dossiers d CROSS JOIN Clients c CROSS JOIN Readings r
WHERE k.ProduitId = @10 AND m.CompteurId = k.Id AND m.IdentifiantId = @12
  AND d.Id = m.DossierId AND c.Id = m.ClientId AND r.MeterId = m.Id AND r.VoidedAs = 0
  AND r.ReadAt >= COALESCE((
    SELECT MAX(o.ReadAt) FROM Readings o WHERE o.MeterId = m.Id AND o.VoidedAs = 0 AND o.ReadAt <= @4), @4)
  AND r.ReadAt <= COALESCE((
    SELECT MIN(o.ReadAt) FROM Readings o WHERE o.MeterId = m.Id AND o.VoidedAs = 0 AND o.ReadAt >= @5), @5)
ORDER BY Premier, Moment, Ordre, Sequence, Meter, ReadAt


-- Days of a meter
SELECT j.Jour, j.Units FROM MeterDays j
WHERE j.MeterId = (SELECT Id FROM Meters WHERE Uid = @1) AND (@2 IS NULL OR j.Jour >= @2) AND (@3 IS NULL OR j.Jour <= @3)
ORDER BY j.Jour


-- Meter
SELECT m.Id, m.ClientId, m.CompteurId, m.IdentifiantId, p.Id, k.Cumul,
  m.Uid, m.Serial, m.Digits, m.RolloverAt, m.MultiplierMicros, m.Unit, i.Nom, d.Reference, d.Date, p.Numero, p.Nom, k.Sequence, k.Libelle,
  m.InstalledAt, m.RemovedAt, o.Uid, n.Uid, c.HoldsSuspects
FROM Meters m
JOIN Clients c ON c.Id = m.ClientId
JOIN Dossiers d ON d.Id = m.DossierId
JOIN Identifiants i ON i.Id = m.IdentifiantId
JOIN Compteurs k ON k.Id = m.CompteurId
JOIN Produits p ON p.Id = k.ProduitId
LEFT JOIN Meters o ON o.Id = m.ReplacesId
LEFT JOIN Meters n ON n.ReplacesId = m.Id
WHERE c.Code = @1 AND m.Uid = @2 AND (@3 IS NULL OR i.Nom = @3)


-- Meters
SELECT r.Uid, r.IndexMilli, r.Turns, r.ReadAt, r.RecordedBy, r.ProofRef, r.RecordedAt, r.IsSuspect, r.VoidedAs, r.VoidedAt, r.VoidedBy, r.VoidReason, r.ConfirmedAt, r.ConfirmedBy, m.Id, m.ClientId, m.CompteurId, m.IdentifiantId, p.Id, k.Cumul,
  m.Uid, m.Serial, m.Digits, m.RolloverAt, m.MultiplierMicros, m.Unit, i.Nom, d.Reference, d.Date, p.Numero, p.Nom, k.Sequence, k.Libelle,
  m.InstalledAt, m.RemovedAt, o.Uid, n.Uid, c.HoldsSuspects
FROM Meters m
JOIN Clients c ON c.Id = m.ClientId
JOIN Dossiers d ON d.Id = m.DossierId
JOIN Identifiants i ON i.Id = m.IdentifiantId
JOIN Compteurs k ON k.Id = m.CompteurId
JOIN Produits p ON p.Id = k.ProduitId
LEFT JOIN Meters o ON o.Id = m.ReplacesId
LEFT JOIN Meters n ON n.ReplacesId = m.Id
JOIN Readings r ON r.Id = (
  SELECT l.Id FROM Readings l WHERE l.MeterId = m.Id AND l.VoidedAs = 0 ORDER BY l.ReadAt DESC OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY)
WHERE c.Code = @1 AND i.Nom = @2 AND m.Id < @3 AND m.Serial = @4 AND i.Nom = @5 AND d.Reference = @6 AND p.Numero = @7 AND m.RemovedAt IS NULL AND r.ReadAt < @8
ORDER BY m.Id DESC OFFSET 0 ROWS FETCH NEXT 11 ROWS ONLY


-- Changes of readings
SELECT COUNT(*) FROM Audit WHERE ClientId = (SELECT Id FROM Clients WHERE Code = @1) AND Id = @2 AND At = @3

SELECT r.Uid, r.IndexMilli, r.Turns, r.ReadAt, r.RecordedBy, r.ProofRef, r.RecordedAt, r.IsSuspect, r.VoidedAs, r.VoidedAt, r.VoidedBy, r.VoidReason, r.ConfirmedAt, r.ConfirmedBy, m.Uid, a.Id, a.At
FROM Audit a JOIN Readings r ON r.Uid = a.ReadingUid JOIN Meters m ON m.Id = r.MeterId JOIN Identifiants i ON i.Id = m.IdentifiantId
WHERE a.ClientId = (SELECT Id FROM Clients WHERE Code = @1) AND a.Id > @3 AND i.Nom = @2
  AND a.Action IN ('meter.created', 'reading.recorded', 'reading.voided', 'reading.confirmed')
ORDER BY a.Id OFFSET 0 ROWS FETCH NEXT 11 ROWS ONLY


-- Readings
SELECT r.Uid, r.IndexMilli, r.Turns, r.ReadAt, r.RecordedBy, r.ProofRef, r.RecordedAt, r.IsSuspect, r.VoidedAs, r.VoidedAt, r.VoidedBy, r.VoidReason, r.ConfirmedAt, r.ConfirmedBy, r.Id FROM Readings r JOIN Meters m ON m.Id = r.MeterId
WHERE m.Uid = @1 AND r.ReadAt >= @2 AND r.ReadAt <= @3 AND r.ReadAt <= @4 AND (r.ReadAt < @4 OR r.Id < @5) AND (r.RecordedAt >= @6 OR r.VoidedAt >= @6)
ORDER BY r.ReadAt DESC, r.Id DESC OFFSET 0 ROWS FETCH NEXT 11 ROWS ONLY


-- Suspects
SELECT r.Uid, r.IndexMilli, r.Turns, r.ReadAt, r.RecordedBy, r.ProofRef, r.RecordedAt, r.IsSuspect, r.VoidedAs, r.VoidedAt, r.VoidedBy, r.VoidReason, r.ConfirmedAt, r.ConfirmedBy, r.Id, m.Uid
FROM Clients c JOIN Meters m ON m.ClientId = c.Id JOIN Identifiants i ON i.Id = m.IdentifiantId JOIN Readings r ON r.MeterId = m.Id
WHERE c.Code = @1 AND r.IsSuspect = 1 AND r.VoidedAs = 0 AND i.Nom = @2 AND r.Id < @3
ORDER BY r.Id DESC OFFSET 0 ROWS FETCH NEXT 11 ROWS ONLY


-- Reading
SELECT r.Uid, r.IndexMilli, r.Turns, r.ReadAt, r.RecordedBy, r.ProofRef, r.RecordedAt, r.IsSuspect, r.VoidedAs, r.VoidedAt, r.VoidedBy, r.VoidReason, r.ConfirmedAt, r.ConfirmedBy FROM Readings r WHERE r.Uid = @2 AND r.MeterId = (SELECT Id FROM Meters WHERE Uid = @1)


-- Series
SELECT * FROM (SELECT r.Uid, r.IndexMilli, r.Turns, r.ReadAt, r.RecordedBy, r.ProofRef, r.RecordedAt, r.IsSuspect, r.VoidedAs, r.VoidedAt, r.VoidedBy, r.VoidReason, r.ConfirmedAt, r.ConfirmedBy FROM Readings r WHERE r.MeterId = @1 AND r.VoidedAs = 0 AND r.ReadAt < @2 ORDER BY r.ReadAt DESC OFFSET 0 ROWS FETCH NEXT 13 ROWS ONLY) older UNION ALL
SELECT r.Uid, r.IndexMilli, r.Turns, r.ReadAt, r.RecordedBy, r.ProofRef, r.RecordedAt, r.IsSuspect, r.VoidedAs, r.VoidedAt, r.VoidedBy, r.VoidReason, r.ConfirmedAt, r.ConfirmedBy FROM Readings r WHERE r.MeterId = @1 AND r.VoidedAs = 0 AND r.ReadAt >= @2 AND r.ReadAt <= @3
UNION ALL SELECT * FROM (SELECT r.Uid, r.IndexMilli, r.Turns, r.ReadAt, r.RecordedBy, r.ProofRef, r.RecordedAt, r.IsSuspect, r.VoidedAs, r.VoidedAt, r.VoidedBy, r.VoidReason, r.ConfirmedAt, r.ConfirmedBy FROM Readings r WHERE r.MeterId = @1 AND r.VoidedAs = 0 AND r.ReadAt > @3 ORDER BY r.ReadAt OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY) newer


-- Series without history

SELECT r.Uid, r.IndexMilli, r.Turns, r.ReadAt, r.RecordedBy, r.ProofRef, r.RecordedAt, r.IsSuspect, r.VoidedAs, r.VoidedAt, r.VoidedBy, r.VoidReason, r.ConfirmedAt, r.ConfirmedBy FROM Readings r WHERE r.MeterId = @1 AND r.VoidedAs = 0 AND r.ReadAt >= @2 AND r.ReadAt <= @3
UNION ALL SELECT * FROM (SELECT r.Uid, r.IndexMilli, r.Turns, r.ReadAt, r.RecordedBy, r.ProofRef, r.RecordedAt, r.IsSuspect, r.VoidedAs, r.VoidedAt, r.VoidedBy, r.VoidReason, r.ConfirmedAt, r.ConfirmedBy FROM Readings r WHERE r.MeterId = @1 AND r.VoidedAs = 0 AND r.ReadAt > @3 ORDER BY r.ReadAt OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY) newer


-- Hold a meter
-- begin ReadCommitted

UPDATE Meters SET Digits = Digits WHERE Uid = @2 AND ClientId = (SELECT Id FROM Clients WHERE Code = @1)

SELECT m.Id, m.ClientId, m.CompteurId, m.IdentifiantId, p.Id, k.Cumul,
  m.Uid, m.Serial, m.Digits, m.RolloverAt, m.MultiplierMicros, m.Unit, i.Nom, d.Reference, d.Date, p.Numero, p.Nom, k.Sequence, k.Libelle,
  m.InstalledAt, m.RemovedAt, o.Uid, n.Uid, c.HoldsSuspects
FROM Meters m
JOIN Clients c ON c.Id = m.ClientId
JOIN Dossiers d ON d.Id = m.DossierId
JOIN Identifiants i ON i.Id = m.IdentifiantId
JOIN Compteurs k ON k.Id = m.CompteurId
JOIN Produits p ON p.Id = k.ProduitId
LEFT JOIN Meters o ON o.Id = m.ReplacesId
LEFT JOIN Meters n ON n.ReplacesId = m.Id
WHERE c.Code = @1 AND m.Uid = @2 AND (@3 IS NULL OR i.Nom = @3)

-- commit


-- Hold all meters of a client
-- begin ReadCommitted

UPDATE Meters SET Digits = Digits WHERE ClientId = (SELECT Id FROM Clients WHERE Code = @1)

UPDATE Clients SET HoldsSuspects = HoldsSuspects WHERE Code = @1

UPDATE Meters SET Digits = Digits WHERE ClientId = (SELECT Id FROM Clients WHERE Code = @1)

SELECT HoldsSuspects FROM Clients WHERE Code = @1

-- commit


-- Suspects of a client
-- begin ReadCommitted

SELECT r.Uid, r.IndexMilli, r.Turns, r.ReadAt, r.RecordedBy, r.ProofRef, r.RecordedAt, r.IsSuspect, r.VoidedAs, r.VoidedAt, r.VoidedBy, r.VoidReason, r.ConfirmedAt, r.ConfirmedBy, r.Id, m.Uid
FROM Clients c JOIN Meters m ON m.ClientId = c.Id JOIN Identifiants i ON i.Id = m.IdentifiantId JOIN Readings r ON r.MeterId = m.Id
WHERE c.Code = @1 AND r.IsSuspect = 1 AND r.VoidedAs = 0 AND i.Nom = @2
ORDER BY r.Id DESC OFFSET 0 ROWS FETCH NEXT 2147483647 ROWS ONLY

-- commit


-- Set that suspects are held out
-- begin ReadCommitted

UPDATE Clients SET HoldsSuspects = @2 WHERE Code = @1

-- commit


-- Kept answer
-- begin ReadCommitted

SELECT Id FROM Clients WHERE Code = @1

SELECT Hash, Status, Location, Body, At FROM KeptAnswers WHERE ClientId = @1 AND "Key" = @2 AND At >= @3

-- commit


-- Keep an answer
-- begin ReadCommitted

SELECT Id FROM Clients WHERE Code = @1

DELETE FROM KeptAnswers WHERE At < @1

INSERT INTO KeptAnswers (ClientId, "Key", Hash, Status, Location, Body, At) VALUES (@1, @2, @3, @4, @5, @6, @7)

-- commit


-- Prices
SELECT k.Id FROM Compteurs k JOIN Produits p ON p.Id = k.ProduitId JOIN Clients c ON c.Id = p.ClientId
WHERE c.Code = @1 AND p.Numero = @2 AND k.Sequence = @3

SELECT ValidFrom, UnitPriceMicros, Currency FROM Prices WHERE CompteurId = @1 AND ValidFrom < @2 ORDER BY ValidFrom DESC OFFSET 0 ROWS FETCH NEXT 11 ROWS ONLY


-- Bills
SELECT b.Id, b.Uid, m.Uid, b.FolioUid, b.FolioKind, b.BusinessDate, s.Uid, s.ReadAt, e.Uid, e.ReadAt, b.Currency, b.AmountCents, b.BilledAt
FROM Bills b
JOIN Meters m ON m.Id = b.MeterId
JOIN Readings s ON s.Id = b.StartReadingId
JOIN Readings e ON e.Id = b.EndReadingId WHERE m.Uid = @1 AND b.Id < @2 ORDER BY b.Id DESC OFFSET 0 ROWS FETCH NEXT 11 ROWS ONLY


-- Folio
SELECT b.Id, b.Uid, m.Uid, b.FolioUid, b.FolioKind, b.BusinessDate, s.Uid, s.ReadAt, e.Uid, e.ReadAt, b.Currency, b.AmountCents, b.BilledAt
FROM Bills b
JOIN Meters m ON m.Id = b.MeterId
JOIN Readings s ON s.Id = b.StartReadingId
JOIN Readings e ON e.Id = b.EndReadingId JOIN Clients c ON c.Id = m.ClientId
JOIN Identifiants i ON i.Id = m.IdentifiantId
WHERE c.Code = @1 AND (@2 IS NULL OR i.Nom = @2) AND b.FolioUid = @3 AND b.Id < @4 ORDER BY b.Id DESC OFFSET 0 ROWS FETCH NEXT 11 ROWS ONLY


-- Bill
SELECT b.Id, b.Uid, m.Uid, b.FolioUid, b.FolioKind, b.BusinessDate, s.Uid, s.ReadAt, e.Uid, e.ReadAt, b.Currency, b.AmountCents, b.BilledAt
FROM Bills b
JOIN Meters m ON m.Id = b.MeterId
JOIN Readings s ON s.Id = b.StartReadingId
JOIN Readings e ON e.Id = b.EndReadingId JOIN Clients c ON c.Id = m.ClientId
JOIN Identifiants i ON i.Id = m.IdentifiantId
WHERE c.Code = @1 AND (@2 IS NULL OR i.Nom = @2) AND b.Uid = @3


-- Last bill
-- begin ReadCommitted

SELECT b.Id, b.Uid, m.Uid, b.FolioUid, b.FolioKind, b.BusinessDate, s.Uid, s.ReadAt, e.Uid, e.ReadAt, b.Currency, b.AmountCents, b.BilledAt
FROM Bills b
JOIN Meters m ON m.Id = b.MeterId
JOIN Readings s ON s.Id = b.StartReadingId
JOIN Readings e ON e.Id = b.EndReadingId WHERE m.Uid = @1 ORDER BY b.Id DESC OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY

-- commit


-- Bill that a reading ends
-- begin ReadCommitted

SELECT b.Id, b.Uid, m.Uid, b.FolioUid, b.FolioKind, b.BusinessDate, s.Uid, s.ReadAt, e.Uid, e.ReadAt, b.Currency, b.AmountCents, b.BilledAt
FROM Bills b
JOIN Meters m ON m.Id = b.MeterId
JOIN Readings s ON s.Id = b.StartReadingId
JOIN Readings e ON e.Id = b.EndReadingId WHERE e.Uid = @1

-- commit


-- Hold prices
-- begin ReadCommitted

SELECT k.Id FROM Compteurs k JOIN Produits p ON p.Id = k.ProduitId JOIN Clients c ON c.Id = p.ClientId
WHERE c.Code = @1 AND p.Numero = @2 AND k.Sequence = @3

UPDATE Compteurs SET Cumul = Cumul WHERE Id = @1

SELECT ValidFrom, UnitPriceMicros, Currency FROM Prices WHERE CompteurId = @1 ORDER BY ValidFrom

-- commit
