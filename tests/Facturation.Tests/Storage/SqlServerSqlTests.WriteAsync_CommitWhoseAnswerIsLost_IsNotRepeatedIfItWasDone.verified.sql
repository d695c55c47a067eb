-- begin ReadCommitted

SELECT TOP(2) [c].[Id], [c].[Code]
FROM [Clients] AS [c]
WHERE [c].[Code] = @caller_Client

SET NOCOUNT ON;
INSERT INTO [Audit] ([Action], [At], [ClientId], [Detail], [KeyPrefix], [MeterUid], [ReadingUid], [RecordedBy], [TraceId])
VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8);
SELECT [Id]
FROM [Audit]
WHERE @@ROWCOUNT = 1 AND [Id] = scope_identity();



-- commit

SELECT CASE
    WHEN EXISTS (
        SELECT 1
        FROM [Audit] AS [a]
        WHERE [a].[Id] = @trace_Id AND [a].[At] = @trace_At AND [a].[TraceId] = @trace_TraceId) THEN CAST(1 AS bit)
    ELSE CAST(0 AS bit)
END
