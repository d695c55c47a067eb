SELECT TOP(2) [s].[Value]
FROM (
    SELECT CAST(CASE WHEN is_read_committed_snapshot_on = 1 AND snapshot_isolation_state = 1 THEN 1 ELSE 0 END AS bit) AS [Value]
    FROM sys.databases WHERE database_id = DB_ID()
) AS [s]

IF EXISTS (SELECT * FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 0)
    ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON;
IF EXISTS (SELECT * FROM sys.databases WHERE database_id = DB_ID() AND is_read_committed_snapshot_on = 0)
    ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON WITH NO_WAIT;

SELECT TOP(2) [s].[Value]
FROM (
    SELECT CAST(CASE WHEN is_read_committed_snapshot_on = 1 AND snapshot_isolation_state = 1 THEN 1 ELSE 0 END AS bit) AS [Value]
    FROM sys.databases WHERE database_id = DB_ID()
) AS [s]
