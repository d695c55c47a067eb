SELECT CAST(CASE WHEN snapshot_isolation_state = 1 THEN 1 ELSE 0 END AS int) FROM sys.databases WHERE database_id = DB_ID()

-- begin Snapshot

WITH counted AS (
  SELECT CompteurId, IdentifiantId, Jour, SUM(CASE WHEN Quantite > 0 THEN Quantite ELSE 0 END) AS Plus,
    SUM(CASE WHEN Quantite < 0 THEN Quantite ELSE 0 END) AS Moins, COUNT(*) AS Lignes
  FROM (
    SELECT CompteurId, IdentifiantId, Jour, Quantite FROM Consommations
    UNION ALL SELECT m.CompteurId, m.IdentifiantId, j.Jour, j.Units FROM MeterDays j JOIN Meters m ON m.Id = j.MeterId) q
  GROUP BY CompteurId, IdentifiantId, Jour)
SELECT c.Code, p.Numero, k.Sequence, i.Nom, COALESCE(t.Jour, s.Jour), t.Plus, t.Moins, t.Lignes, s.Plus, s.Moins, s.Lignes
FROM counted s
FULL JOIN Totaux t ON t.CompteurId = s.CompteurId AND t.IdentifiantId = s.IdentifiantId AND t.Jour = s.Jour
LEFT JOIN Compteurs k ON k.Id = COALESCE(t.CompteurId, s.CompteurId)
LEFT JOIN Produits p ON p.Id = k.ProduitId
LEFT JOIN Clients c ON c.Id = p.ClientId
LEFT JOIN Identifiants i ON i.Id = COALESCE(t.IdentifiantId, s.IdentifiantId)
WHERE s.Lignes IS NULL OR t.Lignes IS NULL OR s.Plus <> t.Plus OR s.Moins <> t.Moins OR s.Lignes <> t.Lignes

SELECT c.Code, p.Numero, k.Sequence, i.Nom, l.Jour, d.Reference, d.Date
FROM Consommations l JOIN Dossiers d ON d.Id = l.DossierId JOIN Compteurs k ON k.Id = l.CompteurId
JOIN Produits p ON p.Id = k.ProduitId JOIN Clients c ON c.Id = p.ClientId JOIN Identifiants i ON i.Id = d.IdentifiantId
WHERE l.ProduitId <> k.ProduitId OR l.IdentifiantId <> d.IdentifiantId OR l.Jour <> CAST(d.Date AS date) OR i.ClientId <> p.ClientId

SELECT t.Jour, k.Sequence FROM Totaux t LEFT JOIN Compteurs k ON k.Id = t.CompteurId WHERE k.Id IS NULL OR t.ProduitId <> k.ProduitId

SELECT m.Uid FROM Meters m JOIN Dossiers d ON d.Id = m.DossierId WHERE m.IdentifiantId <> d.IdentifiantId

SELECT m.Uid, COALESCE(l.Units, 0), COALESCE(j.Units, 0)
FROM Meters m
LEFT JOIN (SELECT MeterId, SUM(Units) AS Units FROM BillLines GROUP BY MeterId) l ON l.MeterId = m.Id
LEFT JOIN (SELECT MeterId, SUM(Units) AS Units FROM BilledDays GROUP BY MeterId) j ON j.MeterId = m.Id
WHERE COALESCE(l.Units, 0) <> COALESCE(j.Units, 0)

SELECT j.MeterId AS MeterId, m.Uid, m.RolloverAt, m.MultiplierMicros, 0 AS IsReading, j.Jour AS Jour,
  CAST(NULL AS datetimeoffset) AS ReadAt, j.Units, 0, 0
FROM MeterDays j JOIN Meters m ON m.Id = j.MeterId
UNION ALL
SELECT r.MeterId, m.Uid, m.RolloverAt, m.MultiplierMicros, 1, CAST(NULL AS date), r.ReadAt, r.IndexMilli, r.Turns,
  CASE WHEN c.HoldsSuspects = 1 AND r.IsSuspect = 1 THEN 1 ELSE 0 END
FROM Readings r JOIN Meters m ON m.Id = r.MeterId JOIN Clients c ON c.Id = m.ClientId WHERE r.VoidedAs = 0
ORDER BY MeterId, IsReading, Jour, ReadAt
