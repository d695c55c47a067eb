using System.Buffers;
using System.Net.Mime;
using Facturation.Core;
using Microsoft.Net.Http.Headers;

namespace Facturation.Api.V1;

/// <summary>The formats of a report.</summary>
public enum ReportFormat
{
    /// <summary>One JSON object, with the rows in <c>data</c>.</summary>
    Json,

    /// <summary>A JSON object for each row, on a line of its own.</summary>
    JsonLines,

    /// <summary>CSV of RFC 4180.</summary>
    Csv,

    /// <summary>CSV as the Excel of most of Europe opens it by itself: semicolons, and a byte order mark.</summary>
    Excel,
}

internal static class ReportFormats
{
    public const string JsonLines = "application/x-ndjson", Csv = MediaTypeNames.Text.Csv;

    /// <summary>The format that an Accept header prefers; JSON, as all of v1 answers, where it accepts none of them.</summary>
    public static ReportFormat Negotiate(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
            return ReportFormat.Json;
        // The sort is stable: of types with equal quality, the first in the header wins.
        foreach (var range in accepted.OrderByDescending(range => range.Quality ?? 1))
        {
            if (range.Quality == 0)
                continue;
            if (range.MediaType.Equals(Csv, StringComparison.OrdinalIgnoreCase))
                return ReportFormat.Csv;
            if (range.MediaType.Equals(JsonLines, StringComparison.OrdinalIgnoreCase))
                return ReportFormat.JsonLines;
            if (range.MatchesAllTypes || range.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase))
                return ReportFormat.Json;
        }
        return ReportFormat.Json;
    }

    public static string ContentTypeOf(this ReportFormat format) => format switch
    {
        ReportFormat.Json => "application/json; charset=utf-8",
        ReportFormat.JsonLines => JsonLines + "; charset=utf-8",
        _ => Csv + "; charset=utf-8; header=present",
    };

    public static ReportWriter WriterOf(this ReportFormat format, ArrayBufferWriter<byte> output, Grouping grouping) => format switch
    {
        ReportFormat.Csv => new CsvReport(output, grouping, isForExcel: false),
        ReportFormat.Excel => new CsvReport(output, grouping, isForExcel: true),
        _ => new JsonReport(output, grouping, isLines: format == ReportFormat.JsonLines),
    };
}
