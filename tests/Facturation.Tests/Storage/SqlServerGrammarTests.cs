using System.Reflection;
using System.Text.RegularExpressions;
using Facturation.Core;
using Facturation.Storage;
using Facturation.Storage.SqlServer;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Facturation.Tests.Storage;

/// <summary>What is sent to SQL Server, read by the grammars of the versions that are supported.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class SqlServerGrammarTests
{
    private static readonly TSqlParser[] Parsers =
        [new TSql150Parser(initialQuotedIdentifiers: true), new TSql160Parser(initialQuotedIdentifiers: true)];

    /// <summary>The reviewed snapshots hold the migration script and what the stores send.</summary>
    public static IEnumerable<string> Files() => Directory.EnumerateFiles(
        Path.Combine(Clone.Root, "tests", "Facturation.Tests", "Storage"), "SqlServer*.verified.sql").Select(Path.GetFileName).Order()!;

    [TestCaseSource(nameof(Files))]
    public void Parse_ReviewedStatements_AreOfSqlServer2019And2022(string file)
    {
        var batches = File.ReadAllText(Path.Combine(Clone.Root, "tests", "Facturation.Tests", "Storage", file)).Split("\n\n\n")
            .SelectMany(part => part.Contains("\nGO\n", StringComparison.Ordinal) ? [part] : part.Split("\n\n"));

        Assert.That(batches.SelectMany(Errors), Is.Empty);
    }

    [Test]
    public void Files_OfSnapshots_HoldTheScriptAndTheQueries() =>
        Assert.That(Files(), Has.Some.Contains("Script_OfMigrations").And.Some.Contains("Queries_OfTheStores").And.Some.Contains("Statements_OfAnImport"));

    /// <summary>Those too that no snapshot holds, because their rows are only there on a real server.</summary>
    [Test]
    public void Parse_StatementsOfTheSource_AreOfSqlServer2019And2022()
    {
        var constants = typeof(SqlServerUpkeep).Assembly.GetTypes()
            .Where(type => type.Namespace is "Facturation.Storage" or "Facturation.Storage.SqlServer")
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field is { IsLiteral: true, FieldType.Name: nameof(String) })
            .Select(field => (string)field.GetRawConstantValue()!).Where(text => Statement().IsMatch(text)).ToList();
        var meters = new MeterSql(SqlServerDialect.Instance);
        var bills = new BillSql(SqlServerDialect.Instance);
        var adding = typeof(MeterSql).GetProperties().Select(property => (string)property.GetValue(meters)!)
            .Concat(typeof(BillSql).GetProperties().Select(property => (string)property.GetValue(bills)!)).ToList();
        var lists =
            from first in Both
            from second in Both
            from third in Both
            from sql in new[]
            {
                meters.ListMeters(first, second, third ? new("S", "U", "D", 1) { NotReadSince = DateTimeOffset.UnixEpoch } : default, third, 10), meters.ListChanges(first, 10),
                meters.ListReadings(first, second, third, first, 10), meters.ListSuspects(first, second, 10),
                bills.ListPrices(first, 10), bills.ListBills(first, 10), bills.ListFolio(first, 10),
            }
            select sql;

        var reports =
            from filtered in Both
            from grouping in new[] { Grouping.Identifiant, Grouping.Produit, Grouping.Produit | Grouping.Compteur }
            let query = filtered
                ? new ConsumptionQuery("C", "U", new(DateOnly.MinValue, DateOnly.MaxValue), 1, "U", "D", grouping, Window.Day)
                : new ConsumptionQuery("C", null, default, null, null, null, grouping, Window.Day) { ChangedSince = grouping == Grouping.Produit ? DateTimeOffset.UnixEpoch : null }
            from sql in new[]
            {
                ConsumptionSql.Cells(query, SqlServerDialect.Instance), ConsumptionSql.GroupDays(query, SqlServerDialect.Instance, filtered),
                ConsumptionSql.DossierDays(query, SqlServerDialect.Instance, filtered), ConsumptionSql.DossierReadings(query, SqlServerDialect.Instance),
                ConsumptionSql.Lines(query, SqlServerDialect.Instance, filtered, filtered), ConsumptionSql.Readings(query, filtered),
            }
            select sql;

        Assert.That(constants, Has.Count.GreaterThan(40).And.Contains(MeterSql.VoidReading).And.Some.StartsWith("DBCC"));
        Assert.That(adding, Has.Count.GreaterThan(5));
        Assert.That(constants.Concat(adding).Concat(lists).Concat(reports).SelectMany(Errors), Is.Empty);
    }

    [Test]
    public async Task Parse_StatementsOfAMigration_AreOfSqlServer2019And2022()
    {
        var server = new RecordingServer
        {
            Answer = sql => sql.Contains("sp_getapplock") ? [0] : sql.Contains("snapshot_isolation_state") ? [true] : null,
        };

        await new SqlServerUpkeep(server, new StorageOptions(), new("Server=sql;Database=Facturation", "Server=sql;Database=Facturation")).MigrateAsync();

        Assert.That(server.Sent, Has.Some.Contains("CREATE TABLE [Readings]"));
        Assert.That(server.Sent.SelectMany(Errors), Is.Empty);
    }

    [TestCase("SELECT Id FROM Clients LIMIT 5")]
    [TestCase("INSERT INTO Clients (Code) VALUES (@1) RETURNING Id")]
    [TestCase("SELECT Id FROM Clients WHERE Code = ?1")]
    [TestCase("EXEC(N'CREATE INDEX Soon ON Clients (Code) WHERE ');", TestName = "Parse_TextThatIsExecuted_IsParsedToo")]
    public void Parse_StatementOfAnotherDatabase_IsRefused(string sql) => Assert.That(Errors(sql), Is.Not.Empty);

    /// <summary>The later grammar knows words that the earlier one does not.</summary>
    [Test]
    public void Parse_StatementOfANewerVersion_IsRefusedByTheOlder() =>
        Assert.That(Errors("SELECT * FROM Totaux WHERE Plus IS NOT DISTINCT FROM Moins"), Has.Exactly(1).Contains("150"));

    private static bool[] Both => [false, true];

    private static IEnumerable<string> Errors(string sql)
    {
        foreach (var parser in Parsers)
        {
            var tree = parser.Parse(new StringReader(sql), out var errors);
            foreach (var error in errors)
                yield return $"{parser.GetType().Name}, line {error.Line}: {error.Message}\n{sql}";
            var executed = new ExecutedTexts();
            tree?.Accept(executed);
            foreach (var error in executed.Found.SelectMany(Errors))
                yield return error;
        }
    }

    /// <summary>How statements begin; a constant that begins otherwise is a part of one.</summary>
    [GeneratedRegex(@"^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|IF|SET|DBCC)\s")]
    private static partial Regex Statement();

    /// <summary>The texts that <c>EXEC(N'…')</c> runs, which the grammar takes for strings.</summary>
    private sealed class ExecutedTexts : TSqlFragmentVisitor
    {
        public List<string> Found { get; } = [];

        public override void Visit(ExecutableStringList node) => Found.Add(string.Concat(node.Strings.OfType<StringLiteral>().Select(text => text.Value)));
    }
}
