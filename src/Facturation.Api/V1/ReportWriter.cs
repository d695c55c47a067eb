using System.Buffers;
using System.Text;
using Facturation.Core;

namespace Facturation.Api.V1;

/// <summary>
/// Writes the rows of a report: begin; then each row; then end. The parts of a row are kept, as rows that follow each other mostly share all
/// but their units.
/// </summary>
internal abstract class ReportWriter(ArrayBufferWriter<byte> output, Grouping grouping)
{
    private const int MaxGroups = 1000;

    private readonly Dictionary<ConsumptionGroup, byte[]> groups = new(ReferenceEqualityComparer.Instance);
    private readonly ArrayBufferWriter<byte> days = new(), dossier = new();
    private ConsumptionRow last;
    private bool hasRow;

    protected ArrayBufferWriter<byte> Output => output;

    public abstract void Begin();

    public void Write(in ConsumptionRow row)
    {
        if (hasRow)
            WriteSeparator();
        if (!hasRow || row.First != last.First || row.Last != last.Last)
        {
            days.ResetWrittenCount();
            WriteDays(days, row.First, row.Last);
        }
        Append(days.WrittenSpan);
        if (grouping != Grouping.None)
            Append(PartOf(row.Group));
        if (grouping.HasFlag(Grouping.Dossier))
        {
            if (!ReferenceEquals(row.Dossier, last.Dossier) || row.DateDossier != last.DateDossier)
            {
                dossier.ResetWrittenCount();
                WriteDossier(dossier, row.Dossier!, row.DateDossier);
            }
            Append(dossier.WrittenSpan);
        }
        WriteUnits(row.Units);
        (last, hasRow) = (row, true);
    }

    public abstract void End();

    protected bool Has(Grouping one) => grouping.HasFlag(one);

    /// <summary>Appends to the output. Faster than BuffersExtensions.Write, which makes three interface calls.</summary>
    protected void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output.GetSpan(bytes.Length));
        output.Advance(bytes.Length);
    }

    /// <summary>Writes what stands between two rows.</summary>
    protected abstract void WriteSeparator();

    protected abstract void WriteDays(ArrayBufferWriter<byte> part, DateOnly first, DateOnly last);

    /// <summary>Writes the members of a group that the report is split by.</summary>
    protected abstract void WriteGroup(ArrayBufferWriter<byte> part, ConsumptionGroup group);

    protected abstract void WriteDossier(ArrayBufferWriter<byte> part, string reference, DateTime date);

    /// <summary>Writes the sum, and ends the row.</summary>
    protected abstract void WriteUnits(long units);

    private byte[] PartOf(ConsumptionGroup group)
    {
        if (groups.TryGetValue(group, out var known))
            return known;
        if (groups.Count == MaxGroups)
            groups.Clear(); // Groups come in order: none comes back but those of a few compteurs.
        var part = new ArrayBufferWriter<byte>();
        WriteGroup(part, group);
        return groups[group] = part.WrittenSpan.ToArray();
    }

    /// <summary>Writes a date and time as JSON does: with decimals only if it has any.</summary>
    protected static void WriteDate(ArrayBufferWriter<byte> part, DateTime date)
    {
        var format = date.Ticks % TimeSpan.TicksPerSecond == 0 ? "s" : "yyyy-MM-ddTHH:mm:ss.FFFFFFF";
        Encoding.ASCII.GetBytes(date.ToString(format, System.Globalization.CultureInfo.InvariantCulture), part);
    }

    protected static void WriteDay(ArrayBufferWriter<byte> part, DateOnly day)
    {
        day.TryFormat(part.GetSpan(10), out var length, "O", System.Globalization.CultureInfo.InvariantCulture);
        part.Advance(length);
    }
}
