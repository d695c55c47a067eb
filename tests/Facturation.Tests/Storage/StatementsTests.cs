using System.Reflection;
using Facturation.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SQLitePCL;

namespace Facturation.Tests.Storage;

/// <summary>Statements run beneath Microsoft.Data.Sqlite.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class StatementsTests
{
    private static readonly object?[] Values =
    [
        null, 0, int.MinValue, long.MaxValue, true, false, "", "é 🙂", "'", new byte[] { 0, 255 }, Array.Empty<byte>(),
        new Guid("2489e9ad-2ee2-8e00-8ec9-32d5f69181c0"), DateOnly.MinValue, new DateOnly(2026, 11, 22),
        new DateTime(2026, 11, 22), new DateTime(2026, 11, 22, 1, 2, 3, DateTimeKind.Utc), DateTime.MinValue.AddTicks(1), DateTime.MaxValue,
    ];

    [Test]
    [SetCulture("ar-SA")]
    public void Bind_Values_AreWrittenAsMicrosoftDataSqliteWrites()
    {
        const string echo = "SELECT typeof(?1) || ' ' || quote(?1)";
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var statements = new Statements(connection);

        Assert.That(Values.Select(Ours), Is.EqualTo(Values.Select(Theirs)));

        string? Ours(object? value)
        {
            using var row = statements.Read(echo, value);
            return row.Read() ? row.GetText(0) : null;
        }

        object? Theirs(object? value)
        {
            using var command = connection.CreateCommand();
            command.CommandText = echo;
            command.Parameters.AddWithValue("?1", value ?? DBNull.Value);
            return command.ExecuteScalar();
        }
    }

    [Test]
    public void Read_Values_AreThoseBound()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var statements = new Statements(connection);
        var (uid, date) = (Guid.NewGuid(), new DateTime(2026, 11, 22, 1, 2, 3).AddTicks(4));
        using var row = statements.Read("SELECT ?1, ?2, ?3, ?4, ?5, ?6", "é\0 🙂", "", uid, date, new byte[] { 0, 255 }, null);

        Assert.That(row.Read());
        Assert.That(row.GetText(0), Is.EqualTo("é\0 🙂"));
        Assert.That(row.GetText(1), Is.EqualTo(""));
        Assert.That(row.GetUid(2), Is.EqualTo(uid));
        Assert.That(row.GetDate(3), Is.EqualTo(date));
        Assert.That(row.GetBytes(4).ToArray(), Is.EqualTo(new byte[] { 0, 255 }));
        Assert.That((row.GetText(5), row.GetUid(5), row.GetDate(5)), Is.EqualTo(((string?)null, (Guid?)null, (DateTime?)null)));
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
        var texts = new[] { typeof(MeterSql), typeof(SqliteImport) }
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.IsLiteral && field.GetRawConstantValue() is string text
                && text.Split(' ')[0] is "SELECT" or "INSERT" or "UPDATE" or "DELETE")
            .Select(field => (field.Name, Sql: (string)field.GetRawConstantValue()!)).ToList();

        Assert.That(texts, Has.Count.GreaterThan(30));
        Assert.That(texts.Where(text => CountPrepared(text.Sql) > 0).Select(text => text.Name), Is.Empty);

        int CountPrepared(string sql)
        {
            Assert.That(raw.sqlite3_prepare_v3(connection.Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement), Is.Zero, sql);
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
