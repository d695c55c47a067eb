using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Facturation.Core;

namespace Facturation.Api.V1;

/// <summary>
/// A report in CSV (RFC 4180). The columns are the members of the JSON rows, numbers plain. A text that a spreadsheet would take for a
/// formula begins with an apostrophe, and so does one that begins with an apostrophe: an import takes one away.
/// </summary>
internal sealed class CsvReport(IBufferWriter<byte> output, Grouping grouping, bool isForExcel) : ReportWriter
{
    /// <summary>The columns of a report split by all: what the import command reads.</summary>
    public static readonly string[] Columns =
        ["from", "to", "produitId", "nomProduit", "sequence", "libelle", "identifiant", "dossier", "dateDossier", "units"];

    /// <summary>What a spreadsheet may take for the beginning of a formula, and what this writer puts before it.</summary>
    public const string Formulas = "=+-@\t\r\n'";

    private readonly byte separator = (byte)(isForExcel ? ';' : ',');
    private readonly SearchValues<char> quoted = SearchValues.Create(isForExcel ? "\"\r\n;" : "\"\r\n,");
    private ConsumptionGroup? group;
    private byte[] groupCells = []; // Rows come by group: the cells that they repeat are escaped once.

    public override void Begin()
    {
        if (isForExcel)
            output.Write("\uFEFF"u8);
        string[] header =
        [
            .. Columns[..2], .. Of(Grouping.Produit, 2, 4), .. Of(Grouping.Compteur, 4, 6), .. Of(Grouping.Identifiant, 6, 7),
            .. Of(Grouping.Dossier, 7, 9), Columns[9],
        ];
        output.Write(Encoding.ASCII.GetBytes(string.Join((char)separator, header) + "\r\n"));

        string[] Of(Grouping one, int from, int to) => grouping.HasFlag(one) ? Columns[from..to] : [];
    }

    public override void Write(in ConsumptionRow row)
    {
        WriteDay(row.First);
        WriteDay(row.Last);
        if (!ReferenceEquals(row.Group, group))
            (group, groupCells) = (row.Group, CellsOf(row.Group));
        output.Write(groupCells);
        if (grouping.HasFlag(Grouping.Dossier))
        {
            WriteText(output, row.Dossier);
            WriteDate(row.DateDossier);
        }
        WriteNumber(output, row.Units, "\r\n"u8);
    }

    public override void End()
    {
    }

    private byte[] CellsOf(ConsumptionGroup group)
    {
        var cells = new ArrayBufferWriter<byte>();
        if (grouping.HasFlag(Grouping.Produit))
        {
            WriteNumber(cells, group.ProduitId!.Value, [separator]);
            WriteText(cells, group.NomProduit);
        }
        if (grouping.HasFlag(Grouping.Compteur))
        {
            WriteNumber(cells, group.Sequence!.Value, [separator]);
            WriteText(cells, group.Libelle);
        }
        if (grouping.HasFlag(Grouping.Identifiant))
            WriteText(cells, group.Identifiant);
        return cells.WrittenSpan.ToArray();
    }

    private void WriteText(IBufferWriter<byte> cells, string? text)
    {
        if (text is { Length: > 0 } && Formulas.Contains(text[0], StringComparison.Ordinal))
            text = "'" + text;
        if (text.AsSpan().ContainsAny(quoted))
            text = $"\"{text!.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        Encoding.UTF8.GetBytes(text, cells);
        cells.Write([separator]);
    }

    private void WriteDay(DateOnly day)
    {
        var span = output.GetSpan(11);
        day.TryFormat(span, out var length, "O", CultureInfo.InvariantCulture);
        span[length] = separator;
        output.Advance(length + 1);
    }

    private void WriteDate(DateTime date)
    {
        var span = output.GetSpan(30);
        // The format with decimals is slow, and few dates have any.
        date.TryFormat(span, out var length, date.Ticks % TimeSpan.TicksPerSecond == 0 ? "s" : "yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
        span[length] = separator;
        output.Advance(length + 1);
    }

    private static void WriteNumber(IBufferWriter<byte> cells, long number, ReadOnlySpan<byte> end)
    {
        var span = cells.GetSpan(22);
        Utf8Formatter.TryFormat(number, span, out var length);
        end.CopyTo(span[length..]);
        cells.Advance(length + end.Length);
    }
}
