using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Facturation.Core;

namespace Facturation.Api.V1;

/// <summary>A report in JSON, or in JSON lines. Its rows are of <see cref="ConsumptionModel"/> or <see cref="MeterConsumptionModel"/>, as <see cref="V1Answer"/> would write them.</summary>
/// <param name="output">What is written to, between the rows.</param>
/// <param name="json">Writes the rows to the same output.</param>
/// <param name="grouping">What the report is split by.</param>
/// <param name="isLines">Whether each row is a line of its own, of no list.</param>
internal sealed class JsonReport(IBufferWriter<byte> output, Utf8JsonWriter json, Grouping grouping, bool isLines) : ReportWriter
{
    private static readonly JsonEncodedText
        From = JsonEncodedText.Encode("from"), To = JsonEncodedText.Encode("to"),
        ProduitId = JsonEncodedText.Encode("produitId"), NomProduit = JsonEncodedText.Encode("nomProduit"),
        Sequence = JsonEncodedText.Encode("sequence"), Libelle = JsonEncodedText.Encode("libelle"),
        Identifiant = JsonEncodedText.Encode("identifiant"), Dossier = JsonEncodedText.Encode("dossier"),
        DateDossier = JsonEncodedText.Encode("dateDossier"), Units = JsonEncodedText.Encode("units");

    /// <summary>Readable accents, as in all of v1; each row is a value of its own.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // Rows come by group: what they repeat is escaped once.
    private readonly Dictionary<ConsumptionGroup, (JsonEncodedText? Produit, JsonEncodedText? Libelle, JsonEncodedText? Identifiant)> texts =
        new(ReferenceEqualityComparer.Instance);

    private bool hasRow;

    public override void Begin()
    {
        if (!isLines)
            output.Write("{\"data\":["u8);
    }

    public override void Write(in ConsumptionRow row)
    {
        if (hasRow && !isLines)
            output.Write(","u8);
        hasRow = true;
        json.WriteStartObject();
        WriteDay(From, row.First);
        WriteDay(To, row.Last);
        WriteGroup(row.Group);
        if (grouping.HasFlag(Grouping.Dossier))
        {
            json.WriteString(Dossier, row.Dossier);
            json.WriteString(DateDossier, row.DateDossier);
        }
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(row.Units, digits, out var length);
        json.WriteString(Units, digits[..length]);
        json.WriteEndObject();
        json.Flush();
        json.Reset();
        if (isLines)
            output.Write("\n"u8);
    }

    public override void End()
    {
        if (!isLines)
            output.Write("]}"u8);
    }

    private void WriteGroup(ConsumptionGroup group)
    {
        if (grouping == Grouping.None)
            return;
        if (!texts.TryGetValue(group, out var known))
        {
            if (texts.Count >= 1000)
                texts.Clear(); // Groups come in order; none comes back but those of a few compteurs.
            texts.Add(group, known = (Encode(group.NomProduit), Encode(group.Libelle), Encode(group.Identifiant)));
        }
        if (grouping.HasFlag(Grouping.Produit))
        {
            json.WriteNumber(ProduitId, group.ProduitId!.Value);
            WriteText(NomProduit, known.Produit);
        }
        if (grouping.HasFlag(Grouping.Compteur))
        {
            json.WriteNumber(Sequence, group.Sequence!.Value);
            WriteText(Libelle, known.Libelle);
        }
        if (grouping.HasFlag(Grouping.Identifiant))
            WriteText(Identifiant, known.Identifiant);
    }

    private void WriteDay(JsonEncodedText name, DateOnly day)
    {
        Span<byte> text = stackalloc byte[10];
        day.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        json.WriteString(name, text);
    }

    private void WriteText(JsonEncodedText name, JsonEncodedText? text)
    {
        if (text is { } known)
            json.WriteString(name, known);
        else
            json.WriteNull(name);
    }

    private static JsonEncodedText? Encode(string? text) =>
        text is null ? null : JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
}
