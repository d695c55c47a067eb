using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Facturation.Core;

namespace Facturation.Api.V1;

/// <summary>
/// A report in JSON, or in JSON lines. Its rows are of <see cref="ConsumptionModel"/> or <see cref="MeterConsumptionModel"/>. A member that
/// groupBy asks for is always written, null if it has no value.
/// </summary>
internal sealed class JsonReport(ArrayBufferWriter<byte> output, Grouping grouping, bool isLines) : ReportWriter(output, grouping)
{
    public override void Begin()
    {
        if (!isLines)
            Append("{\"data\":["u8);
    }

    public override void End()
    {
        if (!isLines)
            Append("]}"u8);
    }

    protected override void WriteSeparator()
    {
        if (!isLines)
            Append(","u8);
    }

    protected override void WriteDays(ArrayBufferWriter<byte> part, DateOnly first, DateOnly last)
    {
        part.Write("{\"from\":\""u8);
        WriteDay(part, first);
        part.Write("\",\"to\":\""u8);
        WriteDay(part, last);
        part.Write("\""u8);
    }

    protected override void WriteGroup(ArrayBufferWriter<byte> part, ConsumptionGroup group)
    {
        if (Has(Grouping.Produit))
        {
            WriteMember(part, ",\"produitId\":"u8, group.ProduitId!.Value);
            WriteMember(part, ",\"nomProduit\":"u8, group.NomProduit);
        }
        if (Has(Grouping.Compteur))
        {
            WriteMember(part, ",\"sequence\":"u8, group.Sequence!.Value);
            WriteMember(part, ",\"libelle\":"u8, group.Libelle);
        }
        if (Has(Grouping.Identifiant))
            WriteMember(part, ",\"identifiant\":"u8, group.Identifiant);
    }

    protected override void WriteDossier(ArrayBufferWriter<byte> part, string reference, DateTime date)
    {
        WriteMember(part, ",\"dossier\":"u8, reference);
        part.Write(",\"dateDossier\":\""u8);
        WriteDate(part, date);
        part.Write("\""u8);
    }

    protected override void WriteUnits(long units)
    {
        Append(",\"units\":\""u8);
        Utf8Formatter.TryFormat(units, Output.GetSpan(20), out var length);
        Output.Advance(length);
        Append(isLines ? "\"}\n"u8 : "\"}"u8);
    }

    private static void WriteMember(ArrayBufferWriter<byte> part, ReadOnlySpan<byte> name, int number)
    {
        part.Write(name);
        Utf8Formatter.TryFormat(number, part.GetSpan(11), out var length);
        part.Advance(length);
    }

    private static void WriteMember(ArrayBufferWriter<byte> part, ReadOnlySpan<byte> name, string? text)
    {
        part.Write(name);
        if (text is null)
        {
            part.Write("null"u8);
            return;
        }
        part.Write("\""u8);
        // Readable accents, as in all of v1.
        part.Write(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        part.Write("\""u8);
    }
}
