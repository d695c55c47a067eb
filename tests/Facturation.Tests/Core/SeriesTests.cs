using Facturation.Core;

namespace Facturation.Tests.Core;

[Parallelizable(ParallelScope.All)]
public sealed class SeriesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Now = Start.AddDays(300);

    internal static readonly Meter Meter = new()
    {
        Id = Guid.NewGuid(),
        Serial = "S",
        Digits = 3,
        Register = new(1_000, Register.NoMultiplier),
        Unit = "kWh",
        Identifiant = "U",
        Dossier = "D",
        DateDossier = new DateTime(2026, 1, 1),
        ProduitId = 1,
        Sequence = 1,
        InstalledAt = Start,
    };

    [TestCase(0, 0, ExpectedResult = 0L)]
    [TestCase(1_999, 2_000, ExpectedResult = 1L, TestName = "TurnsBetween_OneThousandthThatPassesAUnit_IsOne")]
    [TestCase(1_000, 1_999, ExpectedResult = 0L)]
    [TestCase(999_999, 0, ExpectedResult = 1L, TestName = "TurnsBetween_LastToFirst_IsOne")]
    [TestCase(900_000, 99_999, ExpectedResult = 199L, TestName = "TurnsBetween_TopTenthToBottomTenth_IsARollover")]
    [TestCase(899_999, 99_999, ExpectedResult = null, TestName = "TurnsBetween_BelowTheTopTenth_IsNone")]
    [TestCase(900_000, 100_000, ExpectedResult = null, TestName = "TurnsBetween_AboveTheBottomTenth_IsNone")]
    [TestCase(2_000, 1_999, ExpectedResult = null)]
    public long? UnitsBetween(long earlier, long later) => Meter.Register.TurnsBetween(earlier, later) is { } turns
        ? (long)(Meter.Register.UnitsAt(later, turns) - Meter.Register.UnitsAt(earlier, 0))
        : null;

    [TestCase(1, 10)]
    [TestCase(15, 1_000_000_000_000_000)]
    public void RolloverOf_Digits_IsTenToTheirPower(int digits, long rollover) => Assert.That(Register.RolloverOf(digits), Is.EqualTo(rollover));

    /// <summary>A pulse counter of 16 bits (home-assistant/core#28855).</summary>
    [Test]
    public void Record_PulseCounterThatStartsAgainAt65536_CountsThePulses()
    {
        var meter = Meter with { Digits = 5, Register = new(65_536, Register.NoMultiplier) };
        var series = NewSeries(meter, (0, 65_000_000));
        var verdict = series.Record(Sent(1, 120_000), Now);

        Assert.That((verdict.IsNew, verdict.Reading?.Turns), Is.EqualTo((true, (int?)1)), verdict.Refusal?.Message);
        Assert.That(series.Units, Is.EquivalentTo(new Dictionary<DateOnly, long> { [Jour(1)] = 656 }));
    }

    /// <summary>0.3 units for one of the index: the units of the parts add up to those of the whole, whatever the parts.</summary>
    [Test]
    public void Record_WithAMultiplier_RoundsTheMultipliedIndexDown()
    {
        var series = NewSeries(Meter with { Register = new(1_000, 300_000) }, (0, 1_000));
        foreach (var day in Enumerable.Range(1, 10))
            Assert.That(series.Record(Sent(day, 1_000 + day * 1_000), Now).IsNew, Is.True);

        Assert.That(series.Units.Values.Sum(), Is.EqualTo(3), "0.3 × 11 − 0.3 × 1, each rounded down");
        Assert.That(series.Units.Values, Has.All.InRange(0, 1));
    }

    /// <summary>A turn of 3.3 units: the interval after the reading that is voided is rounded anew.</summary>
    [Test]
    public void Void_OfARolloverWhoseTurnIsNoWholeNumberOfUnits_RoundsTheLaterIntervalsAnew()
    {
        var meter = Meter with { Digits = 2, Register = new(11, 300_000) };
        var series = NewSeries(meter, (0, 10_500), (1, 500), (2, 10_600), (3, 10_900));
        var id = series.Record(Sent(1, 500), Now).Reading!.Id;

        Assert.That(series.Void(id, new Voiding(Now, Guid.NewGuid(), "typo")), Is.Null);
        Assert.That(series.TurnTakenBackAt, Is.EqualTo(Start.AddDays(1)));
        Assert.That(series.Units, Is.EquivalentTo(new Dictionary<DateOnly, long> { [Jour(2)] = -3 }));
    }

    [Test]
    public void Record_BetweenNeighbours_SharesOutTheirInterval()
    {
        var series = NewSeries((0, 100_900), (10, 120_100));
        var verdict = series.Record(Sent(4, 107_500), Now);

        Assert.That((verdict.Refusal, verdict.IsNew), Is.EqualTo(((Refusal?)null, true)));
        Assert.That(series.Units, Is.EquivalentTo(new Dictionary<DateOnly, long> { [Jour(4)] = 7, [Jour(10)] = -7 }));
    }

    [TestCase(4, 99_000, RefusalCodes.IndexBelowPrevious, TestName = "Record_BelowThePrevious_IsRefused")]
    [TestCase(4, 121_000, RefusalCodes.IndexAboveNext, TestName = "Record_AboveTheNext_IsRefused")]
    [TestCase(4, 999_000, RefusalCodes.IndexAboveNext, TestName = "Record_TopTenthBetweenTwoThatRise_IsRefused")]
    [TestCase(4, 1_000_000, RefusalCodes.IndexBeyondDigits, TestName = "Record_MoreThanTheDigits_IsRefused")]
    [TestCase(10, 120_101, RefusalCodes.ReadingConflict, TestName = "Record_AnotherIndexAtTheInstant_IsRefused")]
    [TestCase(-1, 100_000, RefusalCodes.ReadAtBeforeInstallation, TestName = "Record_BeforeInstallation_IsRefused")]
    [TestCase(301, 130_000, RefusalCodes.ReadAtInFuture, TestName = "Record_InTheFuture_IsRefused")]
    [TestCase(11, 120_000, RefusalCodes.IndexBelowPrevious, TestName = "Record_BelowTheLast_IsRefused")]
    public void Record_AgainstTheRules(int day, long index, string code)
    {
        var series = NewSeries((0, 100_900), (10, 120_100));
        var verdict = series.Record(Sent(day, index), Now);

        Assert.That((verdict.Reading, verdict.Refusal?.Code), Is.EqualTo(((Reading?)null, code)));
        Assert.That(series.Units, Is.Empty);
        Assert.That(series.Added, Is.Empty);
    }

    [Test]
    public void Record_Fall_ShowsBothReadings() => Assert.That(
        NewSeries((0, 100_900)).Record(Sent(1, 99_000), Now).Refusal!.Message,
        Does.Contain("99000").And.Contain("100900").And.Contain("2026-01-01T00:00:00Z"));

    [Test]
    public void Record_SkewTolerated_IsRecorded()
    {
        Assert.That(NewSeries((0, 0)).Record(Sent(0, 0) with { ReadAt = Now.AddMinutes(5) }, Now).IsNew, Is.True);
        Assert.That(NewSeries((0, 0)).Record(Sent(0, 0) with { ReadAt = Now.AddMinutes(5).AddTicks(1) }, Now).IsNew, Is.False);
    }

    [Test]
    public void Record_TheSameAgain_IsTheFirst()
    {
        var series = NewSeries((0, 0), (5, 5_000));
        var verdict = series.Record(Sent(5, 5_000) with { RecordedBy = Guid.NewGuid(), ProofRef = "other" }, Now);

        Assert.That((verdict.IsNew, verdict.Reading!.ReadAt), Is.EqualTo((false, Start.AddDays(5))));
        Assert.That(series.Added, Is.Empty);
    }

    [TestCase(97_000, ExpectedResult = RefusalCodes.IndexAboveNext)]
    [TestCase(950_000, ExpectedResult = RefusalCodes.IndexBelowPrevious)]
    [TestCase(500_000, ExpectedResult = RefusalCodes.IndexBelowPrevious)]
    [TestCase(5_000, ExpectedResult = null)]
    [TestCase(990_000, ExpectedResult = null)]
    public string? Record_WithinARollover(long index)
    {
        var series = NewSeries((0, 960_000), (10, 6_000));
        var verdict = series.Record(Sent(4, index), Now);
        Assert.That(series.Units.Values.Sum(), Is.Zero);
        return verdict.Refusal?.Code;
    }

    [Test]
    public void Record_BottomTenthBetweenTwoOfTheTop_IsRefused() => Assert.That(
        NewSeries((0, 950_000), (10, 970_000)).Record(Sent(4, 5_000), Now).Refusal?.Code, Is.EqualTo(RefusalCodes.IndexBelowPrevious));

    [Test]
    public void Void_OfALateReading_GivesTheIntervalBack()
    {
        var series = NewSeries((0, 100_900), (4, 107_500), (10, 120_100));
        var id = series.Record(Sent(4, 107_500), Now).Reading!.Id;

        Assert.That(series.Void(id, new Voiding(Now, Guid.NewGuid(), "typo")), Is.Null);
        Assert.That(series.Units, Is.EquivalentTo(new Dictionary<DateOnly, long> { [Jour(4)] = -7, [Jour(10)] = 7 }));
        Assert.That(series.Changed.Single().Void!.Reason, Is.EqualTo("typo"));
    }

    [Test]
    public void Void_OfTheOnlyProofOfARollover_IsRefused()
    {
        var series = NewSeries((0, 600_000), (4, 950_000), (10, 5_000));
        var id = series.Record(Sent(4, 950_000), Now).Reading!.Id;
        Assert.That(series.Void(id, new Voiding(Now, Guid.NewGuid(), "typo"))!.Code, Is.EqualTo(RefusalCodes.VoidBreaksSeries));
    }

    [Test]
    public void Void_OfTheFirstReading_IsRefused()
    {
        var series = NewSeries((0, 1_000), (4, 2_000));
        var id = series.Record(Sent(0, 1_000), Now).Reading!.Id;
        Assert.That(series.Void(id, new Voiding(Now, Guid.NewGuid(), "typo"))!.Code, Is.EqualTo(RefusalCodes.ReadingNotVoidable));
    }

    // The meter turns at 1000 units: 10 a day are plausible, and 500 at most.
    [TestCase(1, 110_999, false)]
    [TestCase(1, 111_000, true, TestName = "Record_FirstThatCountsMoreThanItsRangeMakesPlausible_IsSuspect")]
    [TestCase(20, 300_000, false)]
    [TestCase(20, 301_000, true)]
    [TestCase(290, 600_000, false)]
    [TestCase(290, 601_000, true, TestName = "Record_FirstThatCountsMoreThanHalfATurn_IsSuspect")]
    public void Record_FirstAfterTheInstallation(int day, long index, bool suspect) =>
        Assert.That(NewSeries((0, 100_000)).Record(Sent(day, index), Now).Reading!.IsSuspect, Is.EqualTo(suspect));

    [Test]
    public void Record_AfterAnOutlier_IsSuspectUntilTheOutlierIsConfirmed()
    {
        var series = NewSeries((0, 100_000), (5, 110_000));
        var outlier = series.Record(Sent(6, 999_000), Now).Reading!;
        var next = series.Record(Sent(7, 1_000), Now).Reading!;
        Assert.That((outlier.IsSuspect, next.Turns, next.IsSuspect), Is.EqualTo((true, 1, true)), "a rollover that only the outlier makes");

        series.Confirm(outlier.Id, new(Now, outlier.Id));
        Assert.That(series.Added.Single(r => r.Id == next.Id).IsSuspect, Is.False);
    }

    // 10 units in 5 days are 2 a day: more than 20 a day is suspect.
    [TestCase(6, 130_000, false, TestName = "Record_TenTimesTheUsual_IsPlausible")]
    [TestCase(6, 131_000, true, TestName = "Record_MoreThanTenTimesTheUsual_IsSuspect")]
    [TestCase(9, 190_000, false, TestName = "Record_TenTimesTheUsualOverDays_IsPlausible")]
    [TestCase(9, 191_000, true, TestName = "Record_MoreThanTenTimesTheUsualOverDays_IsSuspect")]
    public void Record_Jump(int day, long index, bool suspect) => Assert.That(
        NewSeries((0, 100_000), (5, 110_000)).Record(Sent(day, index), Now).Reading!.IsSuspect, Is.EqualTo(suspect));

    [Test]
    public void Record_JumpWithinTheDay_IsHeldAgainstAWholeDay() => Assert.That(
        NewSeries((0, 100_000), (5, 110_000)).Record(Sent(5, 130_000) with { ReadAt = Start.AddDays(5).AddMinutes(1) }, Now).Reading!.IsSuspect,
        Is.False);

    [Test]
    public void Record_LateReadingThatExplainsAJump_ClearsIt()
    {
        var series = NewSeries((0, 100_000), (5, 110_000));
        var jump = series.Record(Sent(6, 140_000), Now).Reading!;
        Assert.That(jump.IsSuspect, Is.True);
        series.Record(Sent(5, 125_000) with { ReadAt = Start.AddDays(5).AddHours(12) }, Now);
        Assert.That(series.Added.Single(r => r.Id == jump.Id).IsSuspect, Is.False);
    }

    [Test]
    public void Record_SuspectThatIsHeldOut_CountsFromItsIndexAndItselfOnceConfirmed()
    {
        var series = NewSeries(Holding, (0, 100_000), (5, 110_000));
        var jump = series.Record(Sent(6, 140_000), Now).Reading!;
        series.Record(Sent(7, 142_000), Now);
        Assert.That(series.Units, Is.EquivalentTo(new Dictionary<DateOnly, long> { [Jour(7)] = 2 }));

        series.Confirm(jump.Id, new(Now.AddDays(1), jump.Id));
        Assert.That(series.Units, Is.EquivalentTo(new Dictionary<DateOnly, long> { [Jour(6)] = 30, [Jour(7)] = 2 }));
        Assert.That(series.ChangedAt, Is.EqualTo(Now.AddDays(1)));
    }

    [Test]
    public void Record_LateReadingThatExplainsAHeldJump_CountsTheWholeJump()
    {
        var series = NewSeries(Holding, (0, 100_000), (5, 110_000));
        series.Record(Sent(6, 140_000), Now);
        series.Record(Sent(5, 125_000) with { ReadAt = Start.AddDays(5).AddHours(12) }, Now);
        Assert.That(series.Units, Is.EquivalentTo(new Dictionary<DateOnly, long> { [Jour(5)] = 15, [Jour(6)] = 15 }));
    }

    /// <summary>The interval of the next reading becomes the whole leap, which is suspect in its turn.</summary>
    [Test]
    public void Void_OfAHeldReading_HoldsTheNextInItsPlace()
    {
        var series = Loaded(Holding, out var jump, (0, 100_000), (5, 110_000), (6, 240_000), (7, 242_000));

        Assert.That(series.Void(jump, new Voiding(Now, jump, "typo")), Is.Null);
        Assert.That(series.Changed.Where(r => r.Void is null).Select(r => (r.IndexMilli, r.IsSuspect)), Is.EqualTo(new[] { (242_000L, true) }));
        Assert.That(series.Units, Is.EquivalentTo(new Dictionary<DateOnly, long> { [Jour(7)] = -2 }));
    }

    [Test]
    public void Correct_AHeldReadingToAPlausibleIndex_CountsIt()
    {
        var series = Loaded(Holding, out var jump, (0, 100_000), (5, 110_000), (6, 140_000), (7, 142_000));

        Assert.That(series.Correct(jump, Sent(6, 125_000), new Voiding(Now, jump, "typo")).Refusal, Is.Null);
        Assert.That(series.Units, Is.EquivalentTo(new Dictionary<DateOnly, long> { [Jour(6)] = 15, [Jour(7)] = 15 }));
    }

    [Test]
    public void HoldSuspects_OnAndOff_TakesTheirUnitsAndGivesThemBack([Values] bool holds)
    {
        var series = Loaded(holds ? Meter : Holding, out _, (0, 100_000), (5, 110_000), (6, 140_000), (7, 142_000));

        series.HoldSuspects(holds, Now);
        Assert.That(series.Units, Is.EquivalentTo(new Dictionary<DateOnly, long> { [Jour(6)] = holds ? -30 : 30 }));
        series.HoldSuspects(!holds, Now);
        Assert.That(series.Units, Is.Empty);
        Assert.That(series.Changed, Is.Empty);
    }

    [Test]
    public void Allow_Anywhere_IsWhatRecordAccepts([Values(0, 1, 2)] int which)
    {
        (int, long)[][] histories = [[(0, 100_000), (10, 120_000)], [(0, 960_000), (10, 6_000)], [(0, 950_000)]];
        Assert.That(NewSeries(histories[which]).Allow(Start.AddDays(4), Now, out var allowed), Is.Null);
        for (var index = 0L; index < Meter.Register.End; index += 1_000)
        {
            var isAllowed = (index >= allowed.Min && index <= allowed.Max) || index <= allowed.RolloverMax;
            Assert.That(NewSeries(histories[which]).Record(Sent(4, index), Now).IsNew, Is.EqualTo(isAllowed), $"{index}");
        }
    }

    private static readonly Meter Holding = Meter with { HoldsSuspects = true };

    /// <summary>Recorded readings, as another series loads them.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="suspect">The id of the suspect one.</param>
    /// <param name="readings">The readings: two, and those to record.</param>
    private static Series Loaded(Meter meter, out Guid suspect, params (int Day, long Index)[] readings)
    {
        var recording = NewSeries(meter, readings[..2]);
        foreach (var (day, index) in readings[2..])
            recording.Record(Sent(day, index), Now);
        suspect = recording.Added.Single(r => r.IsSuspect).Id;
        return new(meter, [.. NewReadings(readings[..2]), .. recording.Added], new MeteringOptions());
    }

    private static Series NewSeries(params (int Day, long Index)[] readings) => NewSeries(Meter, readings);

    private static Series NewSeries(Meter meter, params (int Day, long Index)[] readings) => new(meter, NewReadings(readings), new MeteringOptions());

    private static IEnumerable<Reading> NewReadings((int Day, long Index)[] readings) => readings.Select((r, i) => new Reading
    {
        Id = Guid.NewGuid(),
        IndexMilli = r.Index,
        Turns = readings[..i].Zip(readings[1..]).Count(pair => pair.Second.Index < pair.First.Index),
        ReadAt = Start.AddDays(r.Day),
        RecordedBy = null,
        RecordedAt = Start,
    });

    private static SentReading Sent(int day, long index) => new(index, Start.AddDays(day), Guid.Empty, null);

    private static DateOnly Jour(int day) => new DateOnly(2026, 1, 1).AddDays(day);
}
