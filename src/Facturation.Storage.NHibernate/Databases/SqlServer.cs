using System.Data;
using System.Data.Common;
using Facturation.Storage.SqlServer;
using NHibernate;
using NHibernate.Connection;
using NHibernate.Dialect;
using NHibernate.Dialect.Function;
using NHibernate.Driver;

namespace Facturation.Storage.NHibernate;

/// <summary>Microsoft.Data.SqlClient, with several open readers on a connection (MARS).</summary>
internal sealed class SqlServerStreamDriver : MicrosoftDataSqlClientDriver
{
    /// <summary>True: otherwise NHibernate reads the rest of a stream into memory as soon as another query runs.</summary>
    public override bool SupportsMultipleOpenReaders => true;
}

/// <summary>Opens connections, and marks the failures to: those of the default provider's are marked by EF Core.</summary>
internal sealed class SqlServerConnections : DriverConnectionProvider
{
    public override DbConnection GetConnection(string connectionString)
    {
        try
        {
            return base.GetConnection(connectionString);
        }
        catch (Exception e)
        {
            Opening.Mark(e);
            throw;
        }
    }

    public override async Task<DbConnection> GetConnectionAsync(string connectionString, CancellationToken cancellationToken)
    {
        try
        {
            return await base.GetConnectionAsync(connectionString, cancellationToken);
        }
        catch (Exception e) when (!e.IsStorageCancelled())
        {
            Opening.Mark(e);
            throw;
        }
    }
}

/// <summary>SQL Server as the migrations use it.</summary>
internal sealed class FacturationSqlServerDialect : MsSql2012Dialect
{
    public override void Configure(IDictionary<string, string> settings)
    {
        base.Configure(settings);
        RegisterColumnType(DbType.Guid, "binary(16)");
        RegisterFunction("ordinal", new SQLFunctionTemplate(NHibernateUtil.String, "(?1 + NCHAR(0))"));
        RegisterFunction("day_of", new SQLFunctionTemplate(NHibernateUtil.Date, "CAST(?1 AS date)"));
    }
}
