using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Facturation.Core;

namespace Facturation.Api.V1;

/// <summary>
/// A report in CSV (RFC 4180). The columns are the members of the JSON rows, numbers plain. A text that a spreadsheet would take for a
/// formula begins with an apostrophe, and so does one that begins with an apostrophe: an import takes one away.
/// </summary>
internal sealed class CsvReport(ArrayBufferWriter<byte> output, Grouping grouping, bool isForExcel) : ReportWriter(output, grouping)
{
    /// <summary>The columns of a report split by all: what the import command reads.</summary>
    public static readonly string[] Columns =
        ["from", "to", "produitId", "nomProduit", "sequence", "libelle", "identifiant", "dossier", "dateDossier", "units"];

    /// <summary>What a spreadsheet may take for the beginning of a formula, and what this writer puts before it.</summary>
    public const string Formulas = "=+-@\t\r\n'";

    private readonly byte[] separator = [(byte)(isForExcel ? ';' : ',')];
    private readonly SearchValues<char> quoted = SearchValues.Create(isForExcel ? "\"\r\n;" : "\"\r\n,");

    public override void Begin()
    {
        if (isForExcel)
            Output.Write("\uFEFF"u8);
        string[] header =
        [
            .. Columns[..2], .. Of(Grouping.Produit, 2, 4), .. Of(Grouping.Compteur, 4, 6), .. Of(Grouping.Identifiant, 6, 7),
            .. Of(Grouping.Dossier, 7, 9), Columns[9],
        ];
        Output.Write(Encoding.ASCII.GetBytes(string.Join((char)separator[0], header) + "\r\n"));

        string[] Of(Grouping one, int from, int to) => Has(one) ? Columns[from..to] : [];
    }

    public override void End()
    {
    }

    protected override void WriteSeparator()
    {
    }

    protected override void WriteDays(ArrayBufferWriter<byte> part, DateOnly first, DateOnly last)
    {
        WriteDay(part, first);
        part.Write(separator);
        WriteDay(part, last);
        part.Write(separator);
    }

    protected override void WriteGroup(ArrayBufferWriter<byte> part, ConsumptionGroup group)
    {
        if (Has(Grouping.Produit))
        {
            WriteNumber(part, group.ProduitId!.Value, separator);
            WriteText(part, group.NomProduit);
        }
        if (Has(Grouping.Compteur))
        {
            WriteNumber(part, group.Sequence!.Value, separator);
            WriteText(part, group.Libelle);
        }
        if (Has(Grouping.Identifiant))
            WriteText(part, group.Identifiant);
    }

    protected override void WriteDossier(ArrayBufferWriter<byte> part, string reference, DateTime date)
    {
        WriteText(part, reference);
        WriteDate(part, date);
        part.Write(separator);
    }

    protected override void WriteUnits(long units) => WriteNumber(Output, units, "\r\n"u8);

    private void WriteText(ArrayBufferWriter<byte> part, string? text)
    {
        if (text is { Length: > 0 } && Formulas.Contains(text[0], StringComparison.Ordinal))
            text = "'" + text;
        if (text.AsSpan().ContainsAny(quoted))
            text = $"\"{text!.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        Encoding.UTF8.GetBytes(text, part);
        part.Write(separator);
    }

    private static void WriteNumber(ArrayBufferWriter<byte> part, long number, ReadOnlySpan<byte> end)
    {
        Utf8Formatter.TryFormat(number, part.GetSpan(20), out var length);
        part.Advance(length);
        part.Write(end);
    }
}
