using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Facturation.Storage.SqlServer;

/// <summary>A session on SQL Server, which EF Core's strategy begins again when it fails at first.</summary>
internal sealed class SqlServerReadSession : ReadSession
{
    private readonly FacturationContext context;

    private SqlServerReadSession(FacturationContext context) => this.context = context;

    public override DbConnection Connection => context.Database.GetDbConnection();

    public override DbTransaction Transaction => context.Database.CurrentTransaction!.GetDbTransaction();

    /// <summary>One at a time, without MARS.</summary>
    public override bool ReadsTwiceAtOnce => false;

    public override bool KeepsDatesAsText => false;

    /// <summary>Takes the context, to dispose of it.</summary>
    public static async Task<ReadSession> BeginAsync(FacturationContext context, CancellationToken cancellation)
    {
        try
        {
            await SqlServerDatabase.CreateRetry(context).ExecuteAsync(
                token => context.Database.BeginTransactionAsync(IsolationLevel.Snapshot, token), cancellation);
            return new SqlServerReadSession(context);
        }
        catch
        {
            await context.DisposeAsync();
            throw;
        }
    }

    public override string Ordinal(string column) => SqlServerContext.OrdinalOf(column);

    public override string Day(string column) => $"CAST({column} AS date)";

    public override string ToKey(string text) => SqlServerContext.EncodeKey(text);

    public override string FromKey(string key) => SqlServerContext.DecodeKey(key);

    public override async ValueTask DisposeAsync()
    {
        await SqlServerDatabase.EndAsync(context.Database.CurrentTransaction!);
        await context.DisposeAsync();
    }
}
