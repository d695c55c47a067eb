-- begin ReadCommitted

UPDATE Compteurs SET Cumul = Cumul WHERE Id = (SELECT k.Id FROM Compteurs k JOIN Produits p ON p.Id = k.ProduitId JOIN Clients c ON c.Id = p.ClientId
WHERE c.Code = @1 AND p.Numero = @2 AND k.Sequence = @3)

SELECT m.Unit FROM Meters m JOIN Compteurs k ON k.Id = m.CompteurId JOIN Produits p ON p.Id = k.ProduitId JOIN Clients c ON c.Id = p.ClientId
WHERE c.Code = @1 AND p.Numero = @2 AND k.Sequence = @3 ORDER BY m.Id OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY

SELECT Id FROM Clients WHERE Code = @1

INSERT INTO Audit (At, ClientId, KeyPrefix, TraceId, Action, RecordedBy, MeterUid, ReadingUid, Detail)
VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9); SELECT CAST(SCOPE_IDENTITY() AS bigint)

SELECT Id FROM Identifiants WHERE ClientId = @1 AND Nom = @2

INSERT INTO Identifiants (ClientId, Nom) VALUES (@1, @2); SELECT CAST(SCOPE_IDENTITY() AS bigint)

SELECT Id FROM Dossiers WHERE IdentifiantId = @1 AND Date = @2 AND Reference = @3

INSERT INTO Dossiers (IdentifiantId, Date, Reference) VALUES (@1, @2, @3); SELECT CAST(SCOPE_IDENTITY() AS bigint)

SELECT Id FROM Produits WHERE ClientId = @1 AND Numero = @2

INSERT INTO Produits (ClientId, Numero) VALUES (@1, @2); SELECT CAST(SCOPE_IDENTITY() AS bigint)

SELECT Id FROM Compteurs WHERE ProduitId = @1 AND Sequence = @2

INSERT INTO Compteurs (ProduitId, Sequence, Cumul) VALUES (@1, @2, 0); SELECT CAST(SCOPE_IDENTITY() AS bigint)

SELECT Uid FROM Meters WHERE DossierId = @1 AND CompteurId = @2 AND Serial = @3 AND RemovedAt IS NULL

INSERT INTO Meters (
  Uid, ClientId, Serial, Digits, RolloverAt, MultiplierMicros, Unit, DossierId, CompteurId, IdentifiantId, InstalledAt, ReplacesId)
VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12); SELECT CAST(SCOPE_IDENTITY() AS bigint)

INSERT INTO Readings (Uid, MeterId, IndexMilli, Turns, ReadAt, RecordedBy, ProofRef, RecordedAt, IsSuspect, VoidedAs)
VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, 0)

SELECT p.Nom, k.Libelle FROM Compteurs k JOIN Produits p ON p.Id = k.ProduitId WHERE k.Id = @1

-- commit
