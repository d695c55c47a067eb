-- begin ReadCommitted

SELECT Id FROM Clients WHERE Code = @1

INSERT INTO Audit (At, ClientId, KeyPrefix, TraceId, Action, RecordedBy, MeterUid, ReadingUid, Detail)
VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9); SELECT CAST(SCOPE_IDENTITY() AS bigint)

-- commit

SELECT COUNT(*) FROM Audit WHERE Id = @1 AND At = @2 AND TraceId = @3
