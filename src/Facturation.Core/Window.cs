namespace Facturation.Core;

/// <summary>How the days of a report are added up.</summary>
public enum Window
{
    /// <summary>All days of the period together.</summary>
    Period,

    /// <summary>Each day.</summary>
    Day,

    /// <summary>Each month of the calendar.</summary>
    Month,

    /// <summary>Each year of the calendar.</summary>
    Year,
}

/// <summary>The sum of a group, and of a dossier if the report is by dossier, over one window.</summary>
/// <param name="Group">The group.</param>
/// <param name="Dossier">The reference of the dossier, or null.</param>
/// <param name="DateDossier">The dossier's date and time in Paris, Kind Unspecified.</param>
/// <param name="First">The first day that is added up.</param>
/// <param name="Last">The last day.</param>
/// <param name="Units">Whole units.</param>
/// <param name="ChangedAt">The latest <see cref="ConsumptionDay.ChangedAt"/> of its days.</param>
public readonly record struct ConsumptionRow(
    ConsumptionGroup Group, string? Dossier, DateTime DateDossier, DateOnly First, DateOnly Last, long Units, long ChangedAt = 0);

/// <summary>Adds up the days of a <see cref="IConsumptionView"/>, in the order in which it streams them, into the rows of a report.</summary>
/// <param name="window">The windows.</param>
/// <param name="asked">The period that was asked for. It cuts the first and the last window.</param>
/// <param name="counted">The first and the last day with consumption, which stand for what was not asked.</param>
/// <param name="fillsGaps">
/// Whether windows without consumption become rows of 0 units, from the first day to the last. Not for a report by dossier.
/// </param>
public sealed class WindowSums(Window window, Periode asked, Periode counted, bool fillsGaps)
{
    private readonly DateOnly? first = asked.Debut ?? counted.Debut, last = asked.Fin ?? counted.Fin;
    private ConsumptionRow row;
    private bool hasRow;

    /// <summary>The number of windows from the first day to the last: of the rows of each group, if gaps are filled.</summary>
    public long Count => first is not { } from || last is not { } to || from > to ? 0 : window switch
    {
        Window.Day => to.DayNumber - from.DayNumber + 1,
        Window.Month => (to.Year - from.Year) * 12 + to.Month - from.Month + 1,
        Window.Year => to.Year - from.Year + 1,
        _ => 1,
    };

    /// <summary>Adds a day, which may complete rows.</summary>
    public void Add(in ConsumptionDay day, List<ConsumptionRow> rows)
    {
        if (hasRow && ReferenceEquals(row.Group, day.Group) && day.Day <= row.Last && day.DateDossier == row.DateDossier && day.Dossier == row.Dossier)
        {
            row = row with { Units = checked(row.Units + day.Units), ChangedAt = Math.Max(row.ChangedAt, day.ChangedAt) };
            return;
        }
        if (!hasRow || !ReferenceEquals(row.Group, day.Group))
        {
            End(rows);
            if (fillsGaps)
                Fill(day.Group, first!.Value, FirstOf(day.Day), rows);
        }
        else
        {
            rows.Add(row);
            if (fillsGaps)
                Fill(day.Group, row.Last.AddDays(1), FirstOf(day.Day), rows);
        }
        (row, hasRow) = (new(day.Group, day.Dossier, day.DateDossier, FirstOf(day.Day), LastOf(day.Day), day.Units, day.ChangedAt), true);
    }

    /// <summary>Completes the last row of the last group that had a day.</summary>
    public void End(List<ConsumptionRow> rows)
    {
        if (!hasRow)
            return;
        rows.Add(row);
        if (fillsGaps && row.Last < last)
            Fill(row.Group, row.Last.AddDays(1), null, rows);
        hasRow = false;
    }

    /// <summary>Adds the rows of a group that has no day at all; none unless gaps are filled.</summary>
    public void AddEmpty(ConsumptionGroup group, List<ConsumptionRow> rows)
    {
        if (fillsGaps && Count > 0)
            Fill(group, first!.Value, null, rows);
    }

    /// <summary>Adds rows of 0 units from a day up to the window that begins on another, or to the last day.</summary>
    private void Fill(ConsumptionGroup group, DateOnly from, DateOnly? end, List<ConsumptionRow> rows)
    {
        while (end is null ? from <= last : from < end)
        {
            var row = new ConsumptionRow(group, null, default, FirstOf(from), LastOf(from), 0);
            rows.Add(row);
            if (row.Last == DateOnly.MaxValue)
                return;
            from = row.Last.AddDays(1);
        }
    }

    private DateOnly FirstOf(DateOnly day)
    {
        var begin = window switch
        {
            Window.Day => day,
            Window.Month => new DateOnly(day.Year, day.Month, 1),
            Window.Year => new DateOnly(day.Year, 1, 1),
            _ => first ?? day,
        };
        return asked.Debut is { } debut && debut > begin ? debut : begin;
    }

    private DateOnly LastOf(DateOnly day)
    {
        var end = window switch
        {
            Window.Day => day,
            Window.Month => new DateOnly(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month)),
            Window.Year => new DateOnly(day.Year, 12, 31),
            _ => last ?? day,
        };
        return asked.Fin is { } fin && fin < end ? fin : end;
    }
}
