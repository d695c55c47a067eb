SELECT CAST(CASE WHEN snapshot_isolation_state = 1 THEN 1 ELSE 0 END AS int) FROM sys.databases WHERE database_id = DB_ID()

-- begin Snapshot

SELECT c.Code, t.Id, t.Nom FROM Produits t JOIN Clients c ON c.Id = t.ClientId

SELECT c.Code, t.Id, t.Libelle FROM Compteurs t JOIN Produits p ON p.Id = t.ProduitId JOIN Clients c ON c.Id = p.ClientId

SELECT c.Code, t.Id, t.Nom FROM Identifiants t JOIN Clients c ON c.Id = t.ClientId

SELECT c.Code, t.Id, t.Reference FROM Dossiers t JOIN Identifiants i ON i.Id = t.IdentifiantId JOIN Clients c ON c.Id = i.ClientId

-- begin ReadCommitted

UPDATE Produits SET Nom = @2 WHERE Id = @1

-- commit

-- begin ReadCommitted

UPDATE Compteurs SET Libelle = @2 WHERE Id = @1

-- commit

-- begin ReadCommitted

UPDATE Identifiants SET Nom = @2
WHERE Id = @1 AND NOT EXISTS (SELECT 1 FROM Identifiants o WHERE o.ClientId = Identifiants.ClientId AND o.Nom = @2)

-- commit

-- begin ReadCommitted

UPDATE Dossiers SET Reference = @2
WHERE Id = @1 AND NOT EXISTS (
  SELECT 1 FROM Dossiers o WHERE o.IdentifiantId = Dossiers.IdentifiantId AND o.Date = Dossiers.Date AND o.Reference = @2)

-- commit
