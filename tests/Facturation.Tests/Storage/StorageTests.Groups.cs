using Facturation.Core;

namespace Facturation.Tests.Storage;

/// <summary>Works that wait for their turn together, and are perhaps committed together.</summary>
public abstract partial class StorageTests
{
    [Test]
    public async Task WriteAsync_ManyAtOnce_FailOrSucceedEachAlone()
    {
        await ImportAsync(Line());
        var meter = await CreateMeterAsync(6, 0);
        var works = await WhileBusyAsync(Enumerable.Range(1, 20).Select(hour => TellAsync(async t =>
        {
            var (reading, _) = await metering.RecordAsync(t, Caller, meter.Id, new(hour * 1_000L, Installed.AddHours(hour), null, null));
            return hour % 3 == 0 ? throw new InvalidOperationException($"{hour}") : reading.Id;
        })));

        Assert.That(works.Select((w, i) => w.Error is InvalidOperationException e && e.Message == $"{i + 1}"), Is.EqualTo(
            Enumerable.Range(1, 20).Select(hour => hour % 3 == 0)));
        var kept = await Meters.ListReadingsAsync(meter.Id, null, null, null, new(null, 100));
        Assert.That(kept.Items.Select(r => r.IndexMilli), Is.EqualTo(
            Enumerable.Range(0, 21).Where(hour => hour == 0 || hour % 3 != 0).Select(hour => hour * 1_000L).Reverse()));
        Assert.That((await ReadAsync(produit: 5)).Sum(l => l.Quantite), Is.EqualTo(20));
    }

    [Test]
    public async Task WriteAsync_ManyAtOnceOnOneMeter_SeeEachOtherInOrder()
    {
        if (!WritesInTurn)
            Assert.Ignore("Works meet on the rows they hold here, in any order.");
        await ImportAsync(Line());
        var meter = await CreateMeterAsync(6, 0);
        var works = await WhileBusyAsync(new (long Index, int Hour)[] { (5_000, 1), (4_000, 2), (5_000, 1), (6_000, 1), (7_000, 3) }.Select(
            sent => TellAsync(async t => (await metering.RecordAsync(
                t, Caller, meter.Id, new(sent.Index, Installed.AddHours(sent.Hour), null, null))).Reading.Id)));

        Assert.That(works.Select(w => (w.Error as RefusalException)?.Refusal.Code), Is.EqualTo(new[]
        {
            null, RefusalCodes.IndexBelowPrevious, null, RefusalCodes.ReadingConflict, null,
        }));
        Assert.That(works[2].Result, Is.EqualTo(works[0].Result), "the same reading");
    }

    [Test]
    public async Task WriteAsync_CancelledBeforeItsTurn_IsNotRun()
    {
        if (!WritesInTurn)
            Assert.Ignore("Works meet on the rows they hold here, in any order.");
        await ImportAsync(Line());
        using var leaves = new CancellationTokenSource();
        var ran = false;
        var works = await WhileBusyAsync(
            new[] { leaves.Token, default }.Select((token, i) => TellAsync(_ => Task.FromResult(i > 0 || (ran = true)), token)),
            leaves.Cancel);

        Assert.That(works.Select(w => w.Error), Is.EqualTo(new object?[] { works[0].Error, null }));
        Assert.That(works[0].Error, Is.InstanceOf<OperationCanceledException>());
        Assert.That(ran, Is.False);
    }

    [Test]
    public async Task WriteAsync_ItsContext_IsTheCallers()
    {
        await ImportAsync(Line());
        using var activity = new System.Diagnostics.Activity("caller").Start();

        Assert.That(await WriteAsync(_ => Task.FromResult(System.Diagnostics.Activity.Current?.TraceId)), Is.EqualTo(activity.TraceId));
    }

    /// <summary>A compteur counts in the unit of its first meter: of two that are created at once, each must see the other.</summary>
    [Test]
    public async Task CreateAsync_MetersOfTwoUnitsAtOnce_OneUnitIsKept()
    {
        await ImportAsync(Line(produit: 5));
        string[] units = ["kWh", "m3"];

        var works = await WhileBusyAsync(Enumerable.Range(0, 8).Select(i => Task.Run(() => TellAsync(t => metering.CreateAsync(
            t, Caller, NewMeter(6) with { Dossier = $"D{i}", Unit = units[i % 2] }, new(0, Installed, null, null))))));

        Assert.That(works.Select(w => w.Error).OfType<RefusalException>().Select(e => e.Refusal.Code), Is.EqualTo(Enumerable.Repeat(RefusalCodes.UnitMismatch, 4)));
        Assert.That(works.Where(w => w.Error is null).Select(w => w.Result!.Unit).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task WriteAsync_BesideReaders_NobodyMeetsALock()
    {
        const int each = 32, readings = 12;
        await ImportAsync(Line(quantite: 3, produit: 5, dossier: "importé"));
        var meters = new List<Meter>();
        for (var i = 0; i < each; i++)
            meters.Add(await WriteAsync(t => metering.CreateAsync(
                t, Caller, NewMeter(6) with { Dossier = $"D{i}" }, new(0, Installed, null, null))));
        var isWriting = true;
        var readers = Enumerable.Range(0, each).Select(i => Task.Run(async () =>
        {
            var ordre = i % 2 == 0 ? Ordre.ParIdentifiant : Ordre.ParProduit;
            IConsommationStore store = i < each / 2 ? Store : Streaming;
            do
            {
                // Sums and details are of one moment, whatever is written between them.
                await using var view = await store.OpenAsync(new Demande("C", null, default, 5, ordre));
                var groupe = view.Groupes.Single();
                Assert.That((await view.ListDetailsAsync(groupe)).Sum(l => l.Quantite), Is.EqualTo(groupe.Sommes.Single().Quantite));
                await Task.Yield(); // SQLite never waits here: without it readers would keep all threads from the writers.
            }
            while (Volatile.Read(ref isWriting));
        })).ToList();
        await Task.WhenAll(meters.Select(meter => Task.Run(async () =>
        {
            for (var hour = 1; hour <= readings; hour++)
                await WriteAsync(t => metering.RecordAsync(t, Caller, meter.Id, new(hour * 1_000L, Installed.AddHours(hour), null, null)));
        })));
        Volatile.Write(ref isWriting, false);
        await Task.WhenAll(readers);

        Assert.That((await ReadAsync(produit: 5)).Sum(l => l.Quantite), Is.EqualTo(3 + each * readings));
    }

    /// <summary>Runs works that are all sent, as they are enumerated, while another is at work.</summary>
    private async Task<List<(T? Result, Exception? Error)>> WhileBusyAsync<T>(
        IEnumerable<Task<(T? Result, Exception? Error)>> works, Action? meanwhile = null)
    {
        var (isIn, mayGo) = (new TaskCompletionSource(), new TaskCompletionSource());
        var busy = WriteAsync(async _ =>
        {
            isIn.TrySetResult();
            await mayGo.Task;
            return true;
        });
        await isIn.Task;
        var sent = works.ToList();
        meanwhile?.Invoke();
        mayGo.SetResult();
        await busy;
        return [.. await Task.WhenAll(sent)];
    }

    private async Task<(T? Result, Exception? Error)> TellAsync<T>(
        Func<IMeterTransaction, Task<T>> work, CancellationToken cancellation = default)
    {
        try
        {
            return (await Meters.WriteAsync(work, cancellation), null);
        }
        catch (Exception e)
        {
            return (default, e);
        }
    }
}
