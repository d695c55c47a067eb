using System.Text;
using System.Xml;
using Facturation.Core;
using Newtonsoft.Json;

namespace Facturation.Api.Import;

/// <summary>A line of a file, or, if <paramref name="Erreur"/> is set, the reason in French why there is no valid line.</summary>
internal readonly record struct LigneLue(Lieu Lieu, LigneImport Ligne, string? Erreur = null);

/// <summary>Reads lines from a file in any of the formats, which is detected from its content.</summary>
internal static class ImportFile
{
    // Replaces bytes that are invalid in the file's encoding: noncharacters, which no real text contains in this order.
    private const string Unreadable = "\uFDD0\uFDEF\uFDD0";

    /// <summary>Streams the lines of a file, good and bad. Of a saved answer, one element at a time is held in memory.</summary>
    /// <param name="stream">The file, at its start; it must be seekable, and stays open.</param>
    /// <param name="client">The code of the client, or null when each line names its own.</param>
    public static IEnumerable<LigneLue> Read(Stream stream, string? client)
    {
        var encoding = Sniff(stream, out var start);
        if (start is ['<', ..])
            return Guard(XmlAnswer.Read(stream, client));
        var reader = new StreamReader(stream, encoding, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        return Guard(start is ['[' or '{', ..] ? JsonAnswer.Read(reader, client)
            : ReportLines.DelimiterOf(start) is { } delimiter ? ReportLines.Read(reader, delimiter, client)
            : CsvLines.Read(reader, client));
    }

    /// <summary>Ends with a bad line where the file is malformed, and refuses texts that could not be decoded.</summary>
    private static IEnumerable<LigneLue> Guard(IEnumerable<LigneLue> lignes)
    {
        using var enumerator = lignes.GetEnumerator();
        while (true)
        {
            LigneLue? broken = null;
            try
            {
                if (!enumerator.MoveNext())
                    yield break;
            }
            catch (XmlException e)
            {
                broken = new LigneLue(new Lieu(e.LineNumber, e.LinePosition), default, $"le XML est rompu : {e.Message}");
            }
            catch (JsonReaderException e)
            {
                broken = new LigneLue(new Lieu(e.LineNumber, e.LinePosition), default, $"le JSON est rompu : {e.Message}");
            }
            if (broken is { } end)
            {
                yield return end;
                yield break;
            }
            var ligne = enumerator.Current;
            yield return ligne.Erreur is null && IsUnreadable(ligne.Ligne)
                ? ligne with { Erreur = "des octets ne sont pas du texte UTF-8 ; enregistrez le fichier en UTF-8" }
                : ligne;
        }
    }

    private static bool IsUnreadable(in LigneImport import) => IsUnreadable(import.Client) || IsUnreadable(import.Ligne.Identifiant)
        || IsUnreadable(import.Ligne.Dossier) || IsUnreadable(import.Ligne.NomProduit) || IsUnreadable(import.Ligne.Libelle);

    private static bool IsUnreadable(string? text) => text?.Contains(Unreadable, StringComparison.Ordinal) == true;

    /// <summary>Detects the encoding from the byte order mark, by default UTF-8, and the beginning of the text, without white space before it.</summary>
    private static Encoding Sniff(Stream stream, out string start)
    {
        Span<byte> bytes = stackalloc byte[512];
        bytes = bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        var name = bytes switch
        {
            [0xFF, 0xFE, ..] => "utf-16",
            [0xFE, 0xFF, ..] => "utf-16BE",
            _ => "utf-8",
        };
        var encoding = Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, new DecoderReplacementFallback(Unreadable));
        start = encoding.GetString(bytes).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return encoding;
    }
}
