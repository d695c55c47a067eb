using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Facturation.Tests.Storage;

/// <summary>What is sent to SQL Server, read by the grammars of the versions that are supported.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SqlServerGrammarTests
{
    private static readonly TSqlParser[] Parsers =
        [new TSql150Parser(initialQuotedIdentifiers: true), new TSql160Parser(initialQuotedIdentifiers: true)];

    /// <summary>The reviewed snapshots hold every statement and the migration script.</summary>
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

    [TestCase("SELECT Id FROM Clients LIMIT 5")]
    [TestCase("INSERT INTO Clients (Code) VALUES (@1) RETURNING Id")]
    [TestCase("SELECT Id FROM Clients WHERE Code = ?1")]
    public void Parse_StatementOfAnotherDatabase_IsRefused(string sql) => Assert.That(Errors(sql), Is.Not.Empty);

    /// <summary>The later grammar knows words that the earlier one does not.</summary>
    [Test]
    public void Parse_StatementOfANewerVersion_IsRefusedByTheOlder() =>
        Assert.That(Errors("SELECT * FROM Totaux WHERE Plus IS NOT DISTINCT FROM Moins"), Has.Exactly(1).Contains("150"));

    private static IEnumerable<string> Errors(string sql)
    {
        foreach (var parser in Parsers)
        {
            parser.Parse(new StringReader(sql), out var errors);
            foreach (var error in errors)
                yield return $"{parser.GetType().Name}, line {error.Line}: {error.Message}\n{sql}";
        }
    }
}
