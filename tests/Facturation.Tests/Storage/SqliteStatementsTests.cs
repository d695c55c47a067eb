using System.Reflection;
using Facturation.Storage;
using Facturation.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SQLitePCL;

namespace Facturation.Tests.Storage;

/// <summary>Statements run beneath Microsoft.Data.Sqlite.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SqliteStatementsTests
{
    private static readonly SqlValue[] Values =
    [
        default(string), 0, int.MinValue, long.MaxValue, true, false, "", "é 🙂", "'", new byte[] { 0, 255 }, Array.Empty<byte>(),
        new Guid("2489e9ad-2ee2-8e00-8ec9-32d5f69181c0"), DateOnly.MinValue, new DateOnly(2026, 11, 22),
        new DateTime(2026, 11, 22), new DateTime(2026, 11, 22, 1, 2, 3, DateTimeKind.Utc), DateTime.MinValue.AddTicks(1), DateTime.MaxValue,
    ];

    [Test]
    [SetCulture("ar-SA")]
    public void Bind_Values_AreWrittenAsMicrosoftDataSqliteWrites()
    {
        const string echo = "SELECT typeof(@1) || ' ' || quote(@1)";
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var statements = new SqliteStatements(connection);

        Assert.That(Values.Select(Ours), Is.EqualTo(Values.Select(Theirs)));

        string? Ours(SqlValue value) => statements.List(echo, row => row.GetText(0), value).Single();

        object? Theirs(SqlValue value)
        {
            using var command = connection.CreateCommand();
            command.CommandText = echo;
            command.Parameters.AddWithValue("@1", value.Value ?? DBNull.Value);
            return command.ExecuteScalar();
        }
    }

    [Test]
    public void Read_Values_AreThoseBound()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var statements = new SqliteStatements(connection);
        var (uid, date) = (Guid.NewGuid(), new DateTime(2026, 11, 22, 1, 2, 3).AddTicks(4));
        var instant = new DateTimeOffset(2026, 11, 22, 2, 2, 3, TimeSpan.FromHours(1)).AddTicks(4);

        var found = statements.List(
            "SELECT @1, @2, @3, @4, @5, @6, @7",
            row => (row.GetText(0), row.GetText(1), row.GetUid(2), row.GetDate(3), row.GetBytes(4), row.GetInstant(5), (row.GetText(6), row.GetUid(6), row.GetInstant(6))),
            "é\0 🙂", "", uid, date, new byte[] { 0, 255 }, instant, default(string)).Single();

        Assert.That((found.Item1, found.Item2, found.Item3, found.Item4, found.Item6), Is.EqualTo(("é\0 🙂", "", uid, date, instant)));
        Assert.That(found.Item5, Is.EqualTo(new byte[] { 0, 255 }));
        Assert.That(found.Item7, Is.EqualTo(((string?)null, (Guid?)null, (DateTimeOffset?)null)));
    }

    /// <summary>Keys made by earlier versions keep their instants with an offset.</summary>
    [Test]
    public void GetInstant_TextWithAnOffset_IsThatInstant()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var statements = new SqliteStatements(connection);

        var instant = statements.List("SELECT @1", row => row.GetInstant(0), "2026-11-22 02:02:03.5+01:00").Single();

        Assert.That(instant, Is.EqualTo(new DateTimeOffset(2026, 11, 22, 1, 2, 3, 500, TimeSpan.Zero)));
    }

    /// <summary>Its columns are read without a check: SQLite's memory must not be read once it is freed.</summary>
    [Test]
    public void Row_AfterItsStatementIsFreed_IsNull()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        var statements = new SqliteStatements(connection);
        var row = statements.List("SELECT @1", row => row, "text").Single();

        statements.Dispose();

        Assert.That((row.IsNull(0), row.GetText(0), row.GetInt64(0), row.GetKey(0)), Is.EqualTo((true, (string?)null, 0L, "")));
        Assert.That(row.GetBytes(0), Is.Empty);
    }

    /// <summary>A bound LIMIT, for one, has SQLite plan a statement anew whenever it runs.</summary>
    [Test]
    public async Task Sql_RunAgainWithOtherValues_IsNotPreparedAgain()
    {
        const int reprepared = 5; // SQLITE_STMTSTATUS_REPREPARE
        using var scratch = new Scratch();
        await using var services = new ServiceCollection().AddFacturationStorage(scratch.Connection, scratch.Root).BuildServiceProvider();
        await services.MigrateStorageAsync();
        using var connection = new SqliteConnection($"{scratch.Connection};Pooling=False");
        connection.Open();
        using (var statements = new SqliteStatements(connection))
            statements.Execute(SqliteImport.KeepSeen); // The others of an import name it.
        var sql = new MeterSql(SqliteDialect.Instance);
        var texts = new[] { typeof(MeterSql), typeof(SqliteImport) }
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.IsLiteral && field.GetRawConstantValue() is string text
                && text.Split(' ')[0] is "SELECT" or "INSERT" or "UPDATE" or "DELETE")
            .Select(field => (field.Name, Sql: (string)field.GetRawConstantValue()!))
            .Concat(typeof(MeterSql).GetProperties().Select(property => (property.Name, Sql: (string)property.GetValue(sql)!)))
            .Append((Name: nameof(MeterSql.ReadSeries), Sql: sql.ReadSeries(13))).ToList();

        Assert.That(texts, Has.Count.GreaterThan(30));
        Assert.That(texts.Where(text => CountPrepared(text.Sql) > 0).Select(text => text.Name), Is.Empty);

        int CountPrepared(string text)
        {
            Assert.That(raw.sqlite3_prepare_v3(connection.Handle, text.Replace('@', '?'), raw.SQLITE_PREPARE_PERSISTENT, out var statement), Is.Zero, text);
            using (statement)
            {
                for (var value = 1; value <= 3; value++)
                {
                    for (var place = 1; place <= raw.sqlite3_bind_parameter_count(statement); place++)
                        raw.sqlite3_bind_int64(statement, place, value);
                    raw.sqlite3_step(statement); // What it refuses does not matter.
                    raw.sqlite3_reset(statement);
                }
                return raw.sqlite3_stmt_status(statement, reprepared, 0);
            }
        }
    }
}
