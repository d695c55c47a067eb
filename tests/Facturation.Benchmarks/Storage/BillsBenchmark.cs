using Facturation.Core;
using Facturation.Storage;
using Microsoft.Data.Sqlite;

namespace Facturation.Benchmarks.Storage;

/// <summary>
/// Bills of a year of daily readings, one after the other, each in its own transaction, against a bare loop that inserts the same rows
/// (bill, line, 365 billed days) by prepared statements, a transaction each; both as durable, in the same file, by turns.
/// </summary>
internal static class BillsBenchmark
{
    private const int Rounds = 5, Days = 365;

    private static readonly DateTimeOffset Installed = new(2025, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(int bills)
    {
        foreach (var provider in Store.Providers)
            await RunAsync(bills, provider);
    }

    private static async Task RunAsync(int bills, StorageProvider provider)
    {
        var (metering, billing) = (new Metering(new MeteringOptions(), TimeProvider.System), new Billing(TimeProvider.System));
        await using var store = await Store.CreateAsync(provider);
        await store.ImportAsync(Store.Lines("C", 2));
        var caller = new Caller("C", null, "abcdefgh", new string('0', 32));
        var ends = new Queue<(Guid Meter, Guid End)>();
        for (var number = 0; number < bills * (Rounds + 1); number++)
        {
            var meter = await store.Meters.WriteAsync(t => metering.CreateAsync(t, caller, NewMeter(number), new(0, Installed, null, null)));
            var sent = Enumerable.Range(1, Days).Select(day => new SentReading(day * 2_500L, Installed.AddDays(day), null, null)).ToList();
            var verdicts = await store.Meters.WriteAsync(t => metering.RecordAsync(t, caller, meter.Id, sent, _ => true));
            ends.Enqueue((meter.Id, verdicts[^1].Reading!.Id));
        }
        await store.Meters.WriteAsync(t => billing.SetPriceAsync(t, caller, 1, 1, new(new DateOnly(2024, 1, 1), 123_457, "EUR")));
        var folio = Guid.NewGuid();
        await StoreCommand.CompareAsync(
            Rounds,
            ($"{bills} bills, bare inserts", () => Task.Run(() => Bare(store.File, bills))),
            ($"{bills} bills, {provider}", async () =>
            {
                for (var i = 0; i < bills; i++)
                {
                    var (meter, end) = ends.Dequeue();
                    await store.Meters.WriteAsync(t => billing.BillAsync(
                        t, caller, meter, new(end, folio, FolioKinds.Contract, new DateOnly(2026, 1, 2), AcceptSuspect: false)));
                }
                return bills;
            }));
    }

    private static Meter NewMeter(int number) => new()
    {
        Id = Guid.CreateVersion7(),
        Serial = "S",
        Digits = 12,
        Register = new(Register.RolloverOf(12), Register.NoMultiplier),
        Unit = "kWh",
        Identifiant = "U",
        Dossier = $"D{number}",
        DateDossier = new DateTime(2025, 1, 1),
        ProduitId = 1,
        Sequence = 1,
        InstalledAt = Installed,
    };

    private static long Bare(string file, int bills)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Foreign Keys=True");
        connection.Open();
        using (var create = connection.CreateCommand())
        {
            create.CommandText = """
                CREATE TABLE IF NOT EXISTS BareBills (Id INTEGER PRIMARY KEY AUTOINCREMENT, Uid TEXT NOT NULL UNIQUE, AmountCents INTEGER NOT NULL);
                CREATE TABLE IF NOT EXISTS BareLines (BillId INTEGER NOT NULL, Number INTEGER NOT NULL, Units INTEGER NOT NULL, PRIMARY KEY (BillId, Number)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS BareDays (
                  BillId INTEGER NOT NULL, Jour TEXT NOT NULL, Units INTEGER NOT NULL, UnitPriceMicros INTEGER NOT NULL, PRIMARY KEY (BillId, Jour)) WITHOUT ROWID;
                """;
            create.ExecuteNonQuery();
        }
        using var bill = Prepare("INSERT INTO BareBills (Uid, AmountCents) VALUES (@1, 1) RETURNING Id", 1);
        using var line = Prepare("INSERT INTO BareLines VALUES (@1, 0, 1)", 1);
        using var day = Prepare("INSERT INTO BareDays VALUES (@1, @2, 3, 123457)", 2);
        for (var i = 0; i < bills; i++)
        {
            using var transaction = connection.BeginTransaction();
            bill.Transaction = line.Transaction = day.Transaction = transaction;
            bill.Parameters[0].Value = Guid.CreateVersion7();
            line.Parameters[0].Value = day.Parameters[0].Value = bill.ExecuteScalar();
            line.ExecuteNonQuery();
            for (var n = 1; n <= Days; n++)
            {
                day.Parameters[1].Value = new DateOnly(2025, 1, 1).AddDays(n);
                day.ExecuteNonQuery();
            }
            transaction.Commit();
        }
        return bills;

        SqliteCommand Prepare(string sql, int parameters)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            for (var n = 1; n <= parameters; n++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"@{n}" });
            return command;
        }
    }
}
