using System.Globalization;
using Facturation.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Facturation.Tests.Storage;

/// <summary>Connections that are kept with their statements prepared.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ReadConnectionsTests
{
    private const string Count = "SELECT COUNT(*) FROM Clients";

    [Test]
    public async Task TakeAsync_AfterItWasReturned_IsTheSameWithItsStatements()
    {
        using var scratch = Scratch.WithDatabase();
        using var connections = Open(scratch);
        var first = await connections.TakeAsync(default);
        first.Statements.Scalar(Count);
        connections.Return(first);

        var again = await connections.TakeAsync(default);

        Assert.That(again, Is.SameAs(first));
        Assert.That(again.Statements.Count, Is.EqualTo(1));
        connections.Return(again);
    }

    [Test]
    public async Task TakeAsync_FileReplacedMeanwhile_ReadsTheNewOne()
    {
        using var scratch = Scratch.WithDatabase();
        using var connections = Open(scratch);
        var first = await connections.TakeAsync(default);
        Assert.That(first.Statements.Scalar(Count), Is.Zero);
        connections.Return(first);
        using (var other = Scratch.WithDatabase())
        {
            other.Execute("INSERT INTO Clients (Code) VALUES ('C'); PRAGMA wal_checkpoint(TRUNCATE)");
            File.Move(other.Database, scratch.Database, overwrite: true);
            File.Delete(scratch.Database + "-wal");
            File.Delete(scratch.Database + "-shm");
        }

        var now = await connections.TakeAsync(default);

        Assert.That(now.Statements.Scalar(Count), Is.EqualTo(1));
        connections.Return(now);
    }

    [Test]
    public async Task Return_ConnectionThatFailed_IsNotKept()
    {
        using var scratch = Scratch.WithDatabase();
        using var connections = Open(scratch);
        var failed = await connections.TakeAsync(default);
        Assert.That(() => failed.Statements.Scalar("SELECT nothing"), Throws.TypeOf<SqliteException>());
        connections.Return(failed);

        var next = await connections.TakeAsync(default);

        Assert.That(next, Is.Not.SameAs(failed));
        connections.Return(next);
    }

    /// <summary>The memory that texts take which never come again must not grow.</summary>
    [Test]
    public async Task Return_ConnectionWithManyStatements_IsNotKept()
    {
        using var scratch = Scratch.WithDatabase();
        using var connections = Open(scratch);
        var full = await connections.TakeAsync(default);
        for (var i = 0; i <= 200; i++)
            full.Statements.Scalar(string.Create(CultureInfo.InvariantCulture, $"SELECT {i}"));
        connections.Return(full);

        var next = await connections.TakeAsync(default);

        Assert.That(next, Is.Not.SameAs(full));
        connections.Return(next);
    }

    /// <summary>A read that is given up half way must neither keep its moment nor stop the statement from running again.</summary>
    [Test]
    public async Task End_RowsLeft_SeesWhatIsWrittenLater()
    {
        using var scratch = Scratch.WithDatabase();
        scratch.Execute("INSERT INTO Clients (Code) VALUES ('A'), ('B')");
        using var connections = Open(scratch);
        var connection = await connections.TakeAsync(default);
        connection.Begin();
        await using (var rows = await connection.Statements.OpenAsync("SELECT Code FROM Clients"))
            Assert.That(await rows.ReadAsync(default), Is.True);
        connection.End();
        scratch.Execute("INSERT INTO Clients (Code) VALUES ('C')");

        connection.Begin();
        var codes = connection.Statements.List("SELECT Code FROM Clients", row => row.GetKey(0));
        connection.End();

        Assert.That(codes, Is.EqualTo(new[] { "A", "B", "C" }));
        connections.Return(connection);
    }

    private static ReadConnections Open(Scratch scratch) => new(SqliteDatabase.Resolve("", scratch.Connection, scratch.Root, 0));
}
