namespace Facturation.Core;

/// <summary>
/// The valid readings of one meter around the instants that an operation touches, and the rules they obey. It makes decisions only; the
/// results (<see cref="Added"/>, <see cref="Changed"/>, <see cref="Units"/>) are then written in one transaction.
/// </summary>
/// <remarks>
/// Every interval between two successive readings either does not fall or is a rollover. Its units count on the day of the later
/// reading, unless that reading is held out (<see cref="Meter.CountBetween"/>). A reading recorded between two others divides the units of their
/// interval and never changes their sum.
/// </remarks>
public sealed class Series
{
    private readonly MeteringOptions options;
    private readonly List<Reading> readings;
    private readonly (Meter Meter, IReadOnlyList<Reading> Readings) loaded;
    private readonly Dictionary<Guid, Reading> added = [], changed = [];
    private Meter meter;

    /// <param name="meter">The meter.</param>
    /// <param name="readings">
    /// Its readings that count, in order of instants, without a gap: those the operation may touch, one after them, and before
    /// them <see cref="MeteringOptions.SuspectHistory"/> + 1, or all there are.
    /// </param>
    /// <param name="options">The configurable limits.</param>
    public Series(Meter meter, IEnumerable<Reading> readings, MeteringOptions options)
    {
        this.meter = meter;
        this.options = options;
        this.readings = [.. readings];
        loaded = (meter, [.. this.readings]);
    }

    /// <summary>The readings to write.</summary>
    public IReadOnlyCollection<Reading> Added => added.Values;

    /// <summary>The readings already written that are now voided or confirmed, or whose <see cref="Reading.IsSuspect"/> changed.</summary>
    public IReadOnlyCollection<Reading> Changed => changed.Values;

    /// <summary>
    /// When a void or a correction removes the only reading that showed a rollover, every later reading has one turn less: this is the
    /// instant of the voided reading. Otherwise null.
    /// </summary>
    public DateTimeOffset? TurnTakenBackAt { get; private set; }

    /// <summary>When the last change was decided; null if nothing changed.</summary>
    public DateTimeOffset? ChangedAt { get; private set; }

    /// <summary>
    /// The units that days gain or lose: what their intervals count now, minus what they counted when they were loaded. Days that stay as they
    /// are are left out.
    /// </summary>
    public IReadOnlyDictionary<DateOnly, long> Units
    {
        get
        {
            var units = new Dictionary<DateOnly, long>();
            // What precedes the first change counts as before. 30 November 2026: a reading takes 4 µs, and took 14 with its history counted too.
            var first = ReferenceEquals(meter, loaded.Meter)
                ? loaded.Readings.Zip(readings).TakeWhile(pair => ReferenceEquals(pair.First, pair.Second)).Count()
                : 0;
            Add(units, loaded.Meter, loaded.Readings, first, -1);
            Add(units, meter, readings, first, 1);
            return units.Where(day => day.Value != 0).ToDictionary();
        }
    }

    /// <summary>Records a reading, or finds that it is already recorded.</summary>
    public Verdict Record(SentReading sent, DateTimeOffset now)
    {
        if (CheckInstant(sent.InstantName, sent.ReadAt, now) is { } refusal)
            return new(null, refusal);
        var i = PlaceOf(sent.ReadAt);
        if (At(i) is { } there && there.ReadAt == sent.ReadAt)
        {
            return there.IndexMilli == sent.IndexMilli ? new(there, null) : new(null, new(RefusalCodes.ReadingConflict,
                $"{sent.IndexName} : {sent.IndexMilli}, mais le relevé {there} est déjà enregistré pour cet instant."));
        }
        if (CheckIndex(i, sent, out var turns, out _) is { } conflict)
            return new(null, conflict);

        ChangedAt = now;
        var reading = NewReading(sent, now, turns);
        readings.Insert(i, reading);
        added.Add(reading.Id, reading);
        Flag(i);
        Flag(i + 1);
        return new(readings[i], null, IsNew: true);
    }

    /// <summary>Voids a reading. Its two intervals become one, whose units count on the day of the next reading.</summary>
    public Refusal? Void(Guid id, Voiding voiding)
    {
        var i = readings.FindIndex(r => r.Id == id);
        var reading = readings[i];
        if (reading.ReadAt == meter.InstalledAt || reading.ReadAt == meter.RemovedAt)
            return new(RefusalCodes.ReadingNotVoidable,
                $"Le relevé {reading} est celui de la pose ou de la dépose du compteur : il se corrige, il ne s'annule pas.");
        ChangedAt = voiding.At;
        var before = readings[i - 1];
        if (At(i + 1) is { } after)
        {
            if (meter.Register.TurnsBetween(before.IndexMilli, after.IndexMilli) is not { } turns)
                return new(RefusalCodes.VoidBreaksSeries,
                    $"Sans ce relevé, {after} suivrait {before}, ce qui n'est pas un passage par zéro : annulez d'abord {after}.");
            if (before.Turns + turns != after.Turns)
                TakeTurnBack(i);
        }
        readings.RemoveAt(i);
        changed[id] = reading with { Void = voiding };
        Flag(i);
        return null;
    }

    /// <summary>
    /// Voids a reading and records another in its place, at the same instant. The first reading of a meter and its last can be corrected
    /// too.
    /// </summary>
    public Verdict Correct(Guid id, SentReading sent, Voiding voiding)
    {
        var i = readings.FindIndex(r => r.Id == id);
        var old = readings[i];
        readings.RemoveAt(i);
        if (CheckIndex(i, sent, out var turns, out var after) is { } refusal)
            return new(null, refusal);

        ChangedAt = voiding.At;
        var reading = NewReading(sent, voiding.At, turns);
        readings.Insert(i, reading);
        added.Add(reading.Id, reading);
        changed[id] = old with { Void = voiding };
        if (after is not null && turns + meter.Register.TurnsBetween(reading.IndexMilli, after.IndexMilli) != after.Turns)
            TakeTurnBack(i);
        Flag(i);
        Flag(i + 1);
        return new(readings[i], null, IsNew: true);
    }

    /// <summary>Confirms a suspect reading: it is no longer suspect, whatever is recorded around it.</summary>
    public Reading Confirm(Guid id, Confirmation confirmation)
    {
        ChangedAt = confirmation.At;
        var i = readings.FindIndex(r => r.Id == id);
        var confirmed = readings[i] = changed[id] = readings[i] with { IsSuspect = false, Confirmed = confirmation };
        Flag(i + 1);
        return confirmed;
    }

    /// <summary>Holds suspect readings out of what counts, or no longer.</summary>
    public void HoldSuspects(bool holds, DateTimeOffset now) => (meter, ChangedAt) = (meter with { HoldsSuspects = holds }, now);

    /// <summary>Records the first reading of a newly installed meter.</summary>
    public Verdict Open(SentReading first, DateTimeOffset now)
    {
        if (CheckInstant(first.InstantName, first.ReadAt, now) is { } refusal)
            return new(null, refusal);
        if (CheckDigits(first) is { } beyond)
            return new(null, beyond);
        readings.Add(NewReading(first, now, turns: 0));
        return new(readings[0], null, IsNew: true);
    }

    /// <summary>Records the last reading of a meter that is removed.</summary>
    public Verdict Close(SentReading last, DateTimeOffset now) =>
        readings[^1].ReadAt > last.ReadAt
            ? new(null, new(RefusalCodes.ReplacementBeforeReading,
                $"Le relevé {readings[^1]} suit l'instant de la dépose, {Instants.Write(last.ReadAt)}."))
            : Record(last, now);

    /// <summary>Returns the indexes that a reading at an instant may have, or why it may have none.</summary>
    public Refusal? Allow(DateTimeOffset readAt, DateTimeOffset now, out AllowedIndexes allowed)
    {
        allowed = default!;
        if (CheckInstant(nameof(readAt), readAt, now) is { } refusal)
            return refusal;
        var i = PlaceOf(readAt);
        if (At(i) is { } there && there.ReadAt == readAt)
        {
            allowed = new(there.IndexMilli, there.IndexMilli, null, At(i - 1), At(i + 1));
            return null;
        }
        var (before, after) = (readings[i - 1], At(i));
        var end = meter.Register.End;
        var last = end - 1;
        allowed = after switch
        {
            null when before.IndexMilli >= end - end / 10 => new(before.IndexMilli, last, end / 10 - 1, before, after),
            null => new(before.IndexMilli, last, null, before, after),
            _ when after.IndexMilli < before.IndexMilli => new(before.IndexMilli, last, after.IndexMilli, before, after),
            _ => new(before.IndexMilli, after.IndexMilli, null, before, after),
        };
        return null;
    }

    private Refusal? CheckInstant(string name, DateTimeOffset readAt, DateTimeOffset now)
    {
        if (readAt < meter.InstalledAt)
            return new(RefusalCodes.ReadAtBeforeInstallation,
                $"{name} : {Instants.Write(readAt)} précède la pose du compteur, {Instants.Write(meter.InstalledAt)}.");
        if (readAt > meter.RemovedAt)
            return new(RefusalCodes.ReadAtAfterRemoval,
                $"{name} : {Instants.Write(readAt)} suit la dépose du compteur, {Instants.Write(meter.RemovedAt.Value)}.");
        if (readAt > now + options.Skew)
            return new(RefusalCodes.ReadAtInFuture, $"{name} : {Instants.Write(readAt)} est dans le futur (il est {Instants.Write(now)}).");
        return null;
    }

    /// <summary>Checks the index of a reading that is to be inserted at a position. The first reading of a meter has none before it.</summary>
    private Refusal? CheckIndex(int i, SentReading sent, out int turns, out Reading? after)
    {
        var index = sent.IndexMilli;
        var before = At(i - 1);
        (turns, after) = (before?.Turns ?? 0, At(i));
        if (CheckDigits(sent) is { } beyond)
            return beyond;
        var first = before is null ? 0 : meter.Register.TurnsBetween(before.IndexMilli, index);
        var second = after is null ? 0 : meter.Register.TurnsBetween(index, after.IndexMilli);
        turns += first ?? 0;
        // Between two readings an index may fall only if they already show a rollover; otherwise it would add a full turn to their units.
        // There are fewer turns only if a correction removes the reading that showed one.
        var addsNoTurn = after is null || turns + second <= after.Turns;
        if (first is null || (second is not null && !addsNoTurn && index < before?.IndexMilli))
            return new(RefusalCodes.IndexBelowPrevious,
                $"{sent.IndexName} : {index} est inférieur au relevé précédent, {before}, et ce n'est pas un passage par zéro.");
        if (!addsNoTurn)
            return new(RefusalCodes.IndexAboveNext,
                $"{sent.IndexName} : {index} est supérieur au relevé suivant, {after}, et ce n'est pas un passage par zéro.");
        return null;
    }

    private Refusal? CheckDigits(SentReading sent) => sent.IndexMilli < meter.Register.End ? null : new(RefusalCodes.IndexBeyondDigits,
        $"{sent.IndexName} : {sent.IndexMilli}, mais un compteur de {meter.Digits} chiffres ne montre pas plus de {meter.Register.End - 1}.");

    private static Reading NewReading(SentReading sent, DateTimeOffset now, int turns) => new()
    {
        Id = Instants.NewUid(now),
        IndexMilli = sent.IndexMilli,
        Turns = turns,
        ReadAt = sent.ReadAt,
        RecordedBy = sent.RecordedBy,
        ProofRef = sent.ProofRef,
        RecordedAt = now,
    };

    /// <summary>Decides again whether a reading is suspect, because the interval before it changed.</summary>
    private void Flag(int i)
    {
        if (i == 0 || At(i) is not { Confirmed: null } reading || IsSuspect(i) == reading.IsSuspect)
            return;
        reading = readings[i] = reading with { IsSuspect = !reading.IsSuspect };
        (added.ContainsKey(reading.Id) ? added : changed)[reading.Id] = reading;
    }

    /// <remarks>
    /// The usual consumption is that of the previous intervals per day, at least 1 unit. An interval shorter than a day is compared with
    /// a whole day. Without a day of history, the meter's range says what is plausible: a hundredth of a turn each day, half a turn at most.
    /// A rollover that only a suspect reading makes is suspect too.
    /// </remarks>
    private bool IsSuspect(int i)
    {
        var (previous, reading) = (readings[i - 1], readings[i]);
        if (reading.Turns > previous.Turns && previous.IsSuspect)
            return true;
        var start = Math.Max(0, i - 1 - options.SuspectHistory);
        var elapsed = (previous.ReadAt - readings[start].ReadAt).Ticks;
        Int128 lasted = Math.Max((reading.ReadAt - previous.ReadAt).Ticks, TimeSpan.TicksPerDay);
        Int128 units = meter.UnitsBetween(previous, reading);
        if (elapsed < TimeSpan.TicksPerDay)
        {
            var turn = meter.Register.UnitsAt(0, 1);
            var plausible = Int128.Max(turn * lasted / 100, options.SuspectFactor * lasted);
            return units * TimeSpan.TicksPerDay > Int128.Min(plausible, turn * TimeSpan.TicksPerDay / 2);
        }
        Int128 past = 0;
        for (var j = start + 1; j < i; j++)
            past += meter.UnitsBetween(readings[j - 1], readings[j]);
        var usual = Int128.Max(past * lasted, elapsed * lasted / TimeSpan.TicksPerDay);
        return units * elapsed > options.SuspectFactor * usual;
    }

    /// <summary>Takes one turn from all readings after one. If a turn is not a whole number of units, their roundings change too.</summary>
    private void TakeTurnBack(int i)
    {
        TurnTakenBackAt = readings[i].ReadAt;
        for (var j = i + 1; j < readings.Count; j++)
            readings[j] = readings[j] with { Turns = readings[j].Turns - 1 };
    }

    /// <summary>Adds what the intervals that end at a reading, or after it, count on their days.</summary>
    private static void Add(Dictionary<DateOnly, long> units, Meter meter, IReadOnlyList<Reading> readings, int first, int sign)
    {
        for (var i = Math.Max(first, 1); i < readings.Count; i++)
        {
            var (before, reading) = (readings[i - 1], readings[i]);
            units[reading.Jour] = checked(units.GetValueOrDefault(reading.Jour) + sign * meter.CountBetween(before, reading));
        }
    }

    private Reading? At(int i) => i >= 0 && i < readings.Count ? readings[i] : null;

    /// <summary>Finds the position of a reading at this instant, or where it would be inserted.</summary>
    private int PlaceOf(DateTimeOffset readAt)
    {
        var (low, high) = (0, readings.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (readings[middle].ReadAt < readAt)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}

/// <summary>The result for a reading that was sent.</summary>
/// <param name="Reading">The recorded reading, new or existing; null if it is refused.</param>
/// <param name="Refusal">Why it is refused, or null.</param>
/// <param name="IsNew">Whether it is new.</param>
public readonly record struct Verdict(Reading? Reading, Refusal? Refusal, bool IsNew = false);

/// <summary>The indexes that a reading at an instant may have, in thousandths, inclusive.</summary>
/// <param name="Min">The lowest without a rollover.</param>
/// <param name="Max">The highest without a rollover.</param>
/// <param name="RolloverMax">After a rollover, from 0 to this; null if no rollover is possible.</param>
/// <param name="Before">The reading before.</param>
/// <param name="After">The reading after, or null.</param>
public sealed record AllowedIndexes(long Min, long Max, long? RolloverMax, Reading? Before, Reading? After);
