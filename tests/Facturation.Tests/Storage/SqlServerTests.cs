using System.Net;
using System.Net.Sockets;
using Facturation.Core;
using Facturation.Storage;
using Facturation.Storage.SqlServer;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Storage;

/// <summary>What can be known of SQL Server without one.</summary>
[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class SqlServerTests
{
    /// <summary>To a port of this machine on which nobody listens, and which no test that asks for a free one is given.</summary>
    internal const string Nowhere = "Server=tcp:127.0.0.1,1;Database=Facturation;User ID=u;Password=p;Connect Timeout=5;Encrypt=false";

    [Test]
    public async Task Command_WithParameters_FailsForWantOfAServerOnly()
    {
        await using var command = new SqlCommand("SELECT @a, @b, @c, @d, @e");
        foreach (var value in new object[] { 1, "é", DateOnly.MinValue, DateTimeOffset.UnixEpoch, new byte[16] })
            command.Parameters.AddWithValue($"@{(char)('a' + command.Parameters.Count)}", value);
        Assert.That(command.Parameters.Cast<SqlParameter>().Select(p => p.SqlDbType), Has.All.Not.EqualTo(System.Data.SqlDbType.Udt));
        await using var connection = new SqlConnection(Nowhere);
        command.Connection = connection;

        var failure = Assert.CatchAsync<SqlException>(connection.OpenAsync);

        Assert.That(failure!.IsStorageUnavailable(), Is.True, $"{failure.Number}, class {failure.Class}: {failure.Message}");
    }

    /// <summary>What signs in by Microsoft Entra is there; nothing is asked of it without a server.</summary>
    [TestCase("Active Directory Default")]
    [TestCase("Active Directory Managed Identity")]
    [TestCase("Active Directory Service Principal")]
    public void Connection_ByEntra_HasItsProvider(string authentication)
    {
        var resolved = new SqlConnectionStringBuilder(
            SqlServerDatabase.Resolve("x", $"Server=sql;Database=x;Authentication={authentication}", 0));

        var provider = SqlAuthenticationProvider.GetProvider(resolved.Authentication);

        Assert.That(provider, Is.TypeOf<ActiveDirectoryAuthenticationProvider>());
        Assert.That(() => System.Reflection.Assembly.Load("Azure.Identity"), Throws.Nothing);
        Assert.That(() => System.Reflection.Assembly.Load("Microsoft.Identity.Client"), Throws.Nothing);
    }

    [Test]
    public async Task Stores_ServerThatIsDown_SaySoInTheirOwnWays()
    {
        await using var services = new ServiceCollection()
            .AddFacturationStorage(new StorageOptions { Database = DatabaseKind.SqlServer }, Nowhere, null, "").BuildServiceProvider();

        Assert.That(
            () => services.GetRequiredService<DatabaseUpkeep>().MigrateAsync(),
            Throws.TypeOf<RefusedException>().With.Message.StartsWith("La base de données Facturation (tcp:127.0.0.1,"));
        Assert.That(
            () => services.GetRequiredService<DatabaseUpkeep>().CheckAsync(),
            Throws.TypeOf<RefusedException>().With.Message.Contains("DBCC CHECKDB ([Facturation])"));
        Assert.That(
            () => services.GetRequiredService<DatabaseUpkeep>().VerifyAsync(),
            Throws.TypeOf<RefusedException>().With.Message.StartsWith("La base de données Facturation (tcp:127.0.0.1,"));
        var caller = new Caller("C", null, "abcdefgh", new string('0', 32));
        Func<Task>[] questions =
        [
            () => services.GetRequiredService<IApiKeyStore>().FindAsync("abcdefgh"),
            () => services.GetRequiredService<IMeterStore>().WriteAsync(t => t.HoldAsync(caller, Guid.Empty)),
            () => services.GetRequiredService<IConsommationStore>().OpenAsync(new Demande("C", null, default, null, Ordre.ParProduit)),
            () => services.GetRequiredService<IConsommationStore>().BeginImportAsync(),
        ];
        foreach (var ask in questions)
            Assert.That(Assert.CatchAsync(() => ask())!.IsStorageUnavailable(), Is.True);
    }

    /// <summary>
    /// A server refuses logins by many numbers while it starts, stops or is restored, and may have its own. They are not tried again, unless
    /// EF Core knows that the number passes.
    /// </summary>
    [TestCase(18456, 14, 1)]
    [TestCase(17188, 16, 1)]
    [TestCase(33557097, 16, 1)]
    [TestCase(207, 16, 1)]
    [TestCase(50000, 20, 1)]
    [TestCase(40613, 14, 4)]
    public async Task Stores_ServerThatRefusesLogins_AreUnavailableWhateverItsNumber(int number, byte severity, int tries)
    {
        using var server = new RefusingServer(number, severity);
        await using var services = new ServiceCollection()
            .AddFacturationStorage(new StorageOptions { Database = DatabaseKind.SqlServer }, server.Connection, null, "").BuildServiceProvider();
        Func<Task>[] questions =
        [
            () => services.GetRequiredService<IApiKeyStore>().FindAsync("abcdefgh"),
            () => services.GetRequiredService<IMeterStore>().WriteAsync(_ => Task.FromResult(0)),
            () => services.GetRequiredService<IConsommationStore>().OpenAsync(new Demande("C", null, default, null, Ordre.ParProduit)),
        ];

        foreach (var ask in questions)
            Assert.That(Assert.CatchAsync(() => ask())!.IsStorageUnavailable(), Is.True);
        Assert.That(server.Logins, Is.EqualTo(questions.Length * tries));
        Assert.That(Assert.CatchAsync(() => services.GetRequiredService<IConsommationStore>().BeginImportAsync())!.IsStorageUnavailable(), Is.True);
        Assert.That(
            () => services.GetRequiredService<DatabaseUpkeep>().MigrateAsync(),
            Throws.TypeOf<RefusedException>().With.Message.EndsWith($" ne s'ouvre pas : {RefusingServer.Reason}"));
    }

    /// <summary>SqlClient opens one connection after another, so the last of them would wait for 40 s; most find no room in the pool.</summary>
    [Test]
    public async Task Stores_ServerThatTakesConnectionsAndSaysNothing_GiveUpTogether()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        await using var services = new ServiceCollection()
            .AddFacturationStorage(new StorageOptions { Database = DatabaseKind.SqlServer },
                $"Server=tcp:{mute.LocalEndpoint.ToString()!.Replace(':', ',')};Database=Facturation;User ID=u;Password=p;Connect Timeout=2;Max Pool Size=5;Encrypt=false", null, "")
            .BuildServiceProvider();

        var asking = Enumerable.Range(0, 20).Select(i => services.GetRequiredService<IApiKeyStore>().FindAsync($"abcdef{i:00}")).ToList();

        var all = Task.WhenAll(asking);
        Assert.That(await Task.WhenAny(all, Task.Delay(TimeSpan.FromSeconds(25))), Is.SameAs(all), "they wait for each other");
        Assert.That(asking.Select(task => task.Exception!.InnerException!.IsStorageUnavailable()), Has.All.True);
    }

    /// <summary>As a server that hangs: probes look at the schema, and are not to wait as long as a connection may.</summary>
    [Test]
    public async Task ReadSchema_ServerThatTakesConnectionsAndSaysNothing_GivesUpSoon()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        await using var services = new ServiceCollection()
            .AddFacturationStorage(new StorageOptions { Database = DatabaseKind.SqlServer },
                $"Server=tcp:{mute.LocalEndpoint.ToString()!.Replace(':', ',')};Database=Facturation;User ID=u;Password=p;Connect Timeout=600;Encrypt=false", null, "")
            .BuildServiceProvider();

        var reading = services.GetRequiredService<DatabaseUpkeep>().ReadSchemaAsync();

        Assert.That(await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMinutes(1))), Is.SameAs(reading), "it waits for the connection");
        Assert.That(() => reading, Throws.TypeOf<RefusedException>());
    }

    [TestCase("Data Source=data/facturation.db", "doit nommer un serveur et une base")]
    [TestCase("Server=.;Datbase=x", "ne se lit pas")]
    [TestCase("Server=.;Database=x;Connect Timeout=beaucoup", "ne se lit pas")]
    [TestCase("", "doit nommer un serveur et une base")]
    public void Connection_ThatCannotServe_IsRefused(string connection, string why) => Assert.That(
        () => new ServiceCollection().AddFacturationStorage(new StorageOptions { Database = DatabaseKind.SqlServer }, connection, null, ""),
        Throws.TypeOf<RefusedException>().With.Message.StartsWith("ConnectionStrings:Facturation").And.Message.Contains(why));

    [Test]
    public void Connection_Resolved_HasNeitherMarsNorAmbientTransactions()
    {
        var resolved = new SqlConnectionStringBuilder(SqlServerDatabase.Resolve("x", "Server=.;Database=x;MultipleActiveResultSets=true", 0));

        Assert.That((resolved.MultipleActiveResultSets, resolved.Enlist), Is.EqualTo((false, false)));
        Assert.That(resolved.ApplicationName, Is.EqualTo("Facturation"));
        Assert.That(resolved.PoolBlockingPeriod, Is.EqualTo(PoolBlockingPeriod.NeverBlock), "the first request after an outage succeeds");
    }

    /// <summary>A client waits as long as the setting says, though SqlClient waits 5 s more for a server that hangs.</summary>
    [TestCase("", 0, 24)]
    [TestCase("", 60, 54)]
    [TestCase("", 3, 1)]
    [TestCase(";Command Timeout=40", 0, 34)]
    [TestCase(";Command Timeout=0", 0, 0)]
    public void Connection_Resolved_LeavesTimeToConfirm(string more, int setting, int timeout) => Assert.That(
        new SqlConnectionStringBuilder(SqlServerDatabase.Resolve("x", "Server=.;Database=x" + more, setting)).CommandTimeout, Is.EqualTo(timeout));

    [TestCase(11, -2, true, TestName = "Failure_Timeout_Passes")]
    [TestCase(14, 942, true, TestName = "Failure_DatabaseOffline_Passes")]
    [TestCase(14, 927, true, TestName = "Failure_DatabaseRestored_Passes")]
    [TestCase(13, 1205, true, TestName = "Failure_Deadlock_Passes")]
    [TestCase(16, 3952, true, TestName = "Failure_CopyThatKeepsNoVersions_Passes")]
    [TestCase(16, 3961, true, TestName = "Failure_SnapshotOfChangedTable_Passes")]
    [TestCase(16, 3906, true, TestName = "Failure_WriteOnACopy_Passes")]
    [TestCase(17, 1105, true, TestName = "Failure_DiskFull_Passes")]
    [TestCase(20, 10054, true, TestName = "Failure_ConnectionLost_Passes")]
    [TestCase(11, 0, false, TestName = "Failure_Cancelled_IsNoOutage")]
    [TestCase(14, 2627, false, TestName = "Failure_KeyTwice_IsNoOutage")]
    [TestCase(14, 229, false, TestName = "Failure_NoRight_IsNoOutage")]
    [TestCase(16, 207, false, TestName = "Failure_NoSuchColumn_IsNoOutage")]
    public void Failure(byte severity, int number, bool passes) =>
        Assert.That(SqlServerDatabase.IsUnavailable(severity, number), Is.EqualTo(passes));

    [Test]
    public void Failure_ThatAllTriesMet_Passes() => Assert.That(
        new RetryLimitExceededException("", new DbUpdateException("two rows with one key")).IsStorageUnavailable(), Is.True);

    [TestCase(8928, true)]
    [TestCase(2533, true)]
    [TestCase(824, true)]
    [TestCase(2571, false)]
    [TestCase(7983, false)]
    [TestCase(1205, false)]
    public void IsDamage_ErrorOfACheck_TellsPagesFromRights(int number, bool isDamage) =>
        Assert.That(SqlServerUpkeep.IsDamage(number), Is.EqualTo(isDamage));

    [TestCase("a", "a")]
    [TestCase("a ", "a \0")]
    [TestCase("a\0", "a\0\0")]
    [TestCase(" ", " \0")]
    [TestCase("a\u00A0", "a\u00A0")]
    public void Key_AnyText_ComesBackAndNeverEndsWithASpace(string text, string kept)
    {
        Assert.That(SqlServerContext.EncodeKey(text), Is.EqualTo(kept));
        Assert.That(SqlServerContext.DecodeKey(kept), Is.EqualTo(text));
    }
}
