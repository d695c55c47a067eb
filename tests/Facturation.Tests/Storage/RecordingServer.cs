using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Facturation.Storage;
using Facturation.Storage.SqlServer;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Tests.Storage;

/// <summary>
/// Stands where SQL Server would, for its SQL to be seen without one: keeps what it is sent, and answers with the rows it is given. What
/// inserts gets a number for each row. It keeps versions of rows.
/// </summary>
internal sealed class RecordingServer : IDbContextFactory<FacturationContext>
{
    private long number;

    /// <summary>All that was sent, in order.</summary>
    public List<string> Sent { get; } = [];

    /// <summary>Answers a query by its text; null for no row.</summary>
    public Func<string, object[]?> Answer { get; init; } = _ => null;

    /// <summary>What happens to a commit.</summary>
    public Action OnCommit { get; init; } = () => { };

    public FacturationContext CreateDbContext() =>
        new SqlServerContext(new DbContextOptionsBuilder<SqlServerContext>().UseSqlServer(new Connection(this)).Options);

    /// <summary>The database that this server has.</summary>
    public SqlServerDatabase Database => new(this, this, "");

    private DataTableReader Run(string sql)
    {
        Sent.Add(sql);
        var tables = sql.Split('\n').Where(line => line.StartsWith("INSERT INTO [", StringComparison.Ordinal))
            .Select(line => line[13..line.IndexOf(']', StringComparison.Ordinal)])
            .Where(table => table is not ("KeptAnswers" or "Totaux" or "MeterDays"))
            .Select(table => Table(table is "Audit" or "Readings" or "Dossiers" ? [++number] : [(int)++number])).ToArray();
        return new DataTableReader(tables is [] ? [Table(Answer(sql))] : tables);
    }

    /// <summary>A row, or a table without any that has as many columns as any query asks for.</summary>
    private static DataTable Table(object[]? row)
    {
        var table = new DataTable();
        for (var i = 0; i < (row?.Length ?? 64); i++)
            table.Columns.Add($"c{i}", row?[i] is { } value and not DBNull ? value.GetType() : typeof(object));
        if (row is not null)
            table.Rows.Add(row);
        return table;
    }

    private sealed class Connection(RecordingServer server) : DbConnection
    {
        private ConnectionState state;

        [AllowNull]
        public override string ConnectionString { get; set; } = "Server=recording;Database=Facturation";
        public override string Database => "Facturation";
        public override string DataSource => "recording";
        public override string ServerVersion => "16.00";
        public override ConnectionState State => state;
        public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();
        public override void Open() => state = ConnectionState.Open;
        public override void Close() => state = ConnectionState.Closed;
        protected override DbCommand CreateDbCommand() => new Command(server) { Connection = this };

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel)
        {
            server.Sent.Add($"-- begin {isolationLevel}");
            return new Transaction(server, this, isolationLevel);
        }
    }

    private sealed class Transaction(RecordingServer server, Connection connection, IsolationLevel level) : DbTransaction
    {
        public override IsolationLevel IsolationLevel => level;
        protected override DbConnection DbConnection => connection;
        public override void Rollback() => server.Sent.Add("-- rollback");

        public override void Commit()
        {
            server.Sent.Add("-- commit");
            server.OnCommit();
        }
    }

    private sealed class Command(RecordingServer server) : DbCommand
    {
        [AllowNull]
        public override string CommandText { get; set; } = "";
        public override int CommandTimeout { get; set; }
        public override CommandType CommandType { get; set; }
        public override bool DesignTimeVisible { get; set; }
        public override UpdateRowSource UpdatedRowSource { get; set; }
        protected override DbConnection? DbConnection { get; set; }
        protected override DbTransaction? DbTransaction { get; set; }
        protected override DbParameterCollection DbParameterCollection { get; } = new SqlCommand().Parameters;
        public override void Cancel() => server.Sent.Add("-- cancel");
        public override void Prepare() => throw new NotSupportedException();
        protected override DbParameter CreateDbParameter() => new SqlParameter();
        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => server.Run(CommandText);

        public override int ExecuteNonQuery()
        {
            server.Sent.Add(CommandText);
            return 1;
        }

        public override object? ExecuteScalar()
        {
            server.Sent.Add(CommandText);
            return CommandText == SqlServerDatabase.KeepsVersions ? 1 : server.Answer(CommandText)?[0];
        }
    }
}
