using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Facturation.Api.V1;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Facturation.Tests.Api.V1;

/// <summary>What remains to be shown after the fact: the audit, the log, and what happens when the database fails.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ProofTests
{
    private static readonly DateTimeOffset At = MeterScene.At("2026-04-15T12:00:00Z");

    [Test]
    public async Task Writes_EachOfThem_LeaveAnAuditRowThatStays()
    {
        using var database = Scratch.WithDatabase();
        await using var scene = await MeterScene.StartAsync(database);
        var meter = await scene.CreateMeterAsync();
        var traced = await scene.ReadAsync(meter, 5_000, At, ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        await scene.ReadAsync(meter, 5_000, At);
        await scene.ReadAsync(meter, 1_000, At.AddDays(1));
        await scene.PostAsync($"v1/meters/{meter}/readings/{traced.ReadingId}/void", $$"""{"recordedBy":"{{MeterScene.Someone}}","reason":"faux"}""");
        await scene.PostAsync($"v1/meters/{meter}/readings/batch", $$"""{"readings":[{{MeterScene.Body(6_000, At)}},{{MeterScene.Body(7_000, At.AddHours(1))}}]}""");
        await scene.PostAsync($"v1/meters/{meter}/replacement",
            $$"""{"replacedAt":"2026-05-01T00:00:00Z","lastIndexValueMilli":"9000","serial":"T","firstIndexValueMilli":"0","recordedBy":"{{MeterScene.Someone}}"}""");
        foreach (var holds in new[] { true, true, false })
            await scene.HoldSuspectsAsync(holds);

        using var connection = Open(database);
        Assert.That(Query(connection, "SELECT Action FROM Audit ORDER BY Id"), Is.EqualTo(new[]
        {
            "meter.created", "reading.recorded", "reading.voided", "reading.recorded", "reading.recorded",
            "reading.recorded", "meter.replaced", "meter.created", "suspects.held", "suspects.counted",
        }));
        var key = Facturation.Core.ApiKey.PrefixOf(scene.Key);
        Assert.That(
            Query(connection, "SELECT KeyPrefix || ' ' || lower(RecordedBy) || ' ' || lower(ReadingUid) || ' ' || TraceId || ' ' || Detail FROM Audit WHERE Id = 2").Single(),
            Is.EqualTo($"{key} {MeterScene.Someone} {traced.ReadingId} 0af7651916cd43dd8448eb211c80319c 5000 le 2026-04-15T12:00:00Z"));
        Assert.That(() => Query(connection, "UPDATE Audit SET Action = 'x' RETURNING 1"), Throws.TypeOf<SqliteException>());
        Assert.That(() => Query(connection, "DELETE FROM Audit RETURNING 1"), Throws.TypeOf<SqliteException>());
    }

    [Test]
    public async Task Error_TraceId_IsTheRequestsAndInTheLog()
    {
        var log = new LoggedLines();
        await using var service = await Service.StartAsync(
            configure: services => services.AddSingleton<ILoggerProvider>(log), settings: "--Logging:LogLevel:Default=Information");
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/meters");
        request.Headers.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
        using var response = await service.Client.SendAsync(request);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        await service.StopAsync(); // A request is told of once it is answered.

        Assert.That(json.RootElement.GetProperty("traceId").GetString(), Is.EqualTo("4bf92f3577b34da6a3ce929d0e0e4736"));
        Assert.That(log.Lines, Has.Some.Contains("UNAUTHENTICATED").And.Some.Contains("4bf92f3577b34da6a3ce929d0e0e4736"));
    }

    [Test]
    public async Task Post_WhileAnotherProcessHoldsTheDatabase_Is503ThenRecorded()
    {
        using var database = Scratch.WithDatabase();
        await using var scene = await MeterScene.StartAsync(
            database, settings: $"--ConnectionStrings:Facturation={database.Connection};Default Timeout=1");
        var meter = await scene.CreateMeterAsync();
        using var connection = Open(database);
        using (var transaction = connection.BeginTransaction())
        {
            var answer = await scene.ReadAsync(meter, 5_000, At);
            Assert.That((answer.Status, answer.Code), Is.EqualTo((503, "SERVICE_UNAVAILABLE")));
        }
        Assert.That((await scene.ReadAsync(meter, 5_000, At)).Status, Is.EqualTo(201));
    }

    [Test]
    public async Task Post_OnADefect_Is500AndWritesNothing()
    {
        using var database = Scratch.WithDatabase();
        await using var scene = await MeterScene.StartAsync(database);
        var meter = await scene.CreateMeterAsync();
        using (var connection = Open(database))
            Query(connection, "ALTER TABLE KeptAnswers RENAME TO Elsewhere");
        var answer = await scene.ReadAsync(meter, 5_000, At, ("Idempotency-Key", "k"));

        Assert.That((answer.Status, answer.Code), Is.EqualTo((500, "INTERNAL_ERROR")));
        Assert.That(answer.Text, Does.Not.Contain("KeptAnswers").And.Not.Contain("   at "));
        Assert.That(await scene.ReadingsAsync(meter), Has.Count.EqualTo(1));
    }

    [TestCase("Skew=2.00:00:00")]
    [TestCase("SuspectFactor=1")]
    [TestCase("SuspectHistory=many")]
    [TestCase("IdempotencyDays=0")]
    [TestCase("Skews=00:05:00")]
    public void Start_SettingThatIsWrong_IsRefusedByName(string setting) => Assert.That(
        async () => await (await Service.StartAsync(settings: $"--Metering:{setting}")).DisposeAsync(),
        Throws.TypeOf<Facturation.Core.RefusedException>().With.Message.Contains($"Metering:{setting[..setting.IndexOf('=')]}"));

    [Test]
    public void Errors_AllOfThem_AreDocumented()
    {
        var documented = Regex.Matches(Clone.Read("docs/v1-errors.md"), @"^(\| `.* )\| [A-Z`].*\. \|$", RegexOptions.Multiline)
            .Select(row => row.Groups[1].Value);
        Assert.That(documented, Is.EqualTo(V1Error.All.Select(e =>
            string.Create(CultureInfo.InvariantCulture, $"| `{e.Code}` | {e.Status} | {e.Module} "))));
    }

    private static SqliteConnection Open(Scratch database)
    {
        var connection = new SqliteConnection($"{database.Connection};Pooling=False");
        connection.Open();
        return connection;
    }

    private static List<string> Query(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }

    private sealed class LoggedLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format) =>
            Lines.Enqueue(format(state, exception));

        public void Dispose()
        {
        }
    }
}
