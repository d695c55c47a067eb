using System.Buffers;
using Facturation.Api.Operations;
using Facturation.Core;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Api.V1;

/// <summary>
/// A report, streamed from the database to the client: only the current rows are in memory. A failure before the first
/// <see cref="BufferedBytes"/> is answered as any other; a later one breaks the connection, so that no client takes a part for the whole.
/// </summary>
/// <param name="open">Opens what is reported.</param>
/// <param name="query">What was asked.</param>
/// <param name="fillsGaps">Whether windows without consumption are rows too.</param>
/// <param name="format">The format; null for what the client accepts.</param>
internal sealed class ReportResult(
    Func<CancellationToken, Task<IConsumptionView>> open, ConsumptionQuery query, bool fillsGaps, ReportFormat? format) : IActionResult
{
    /// <summary>The maximum number of rows with fill=zero, which depends on the period asked for, not on the data. They are in memory at once.</summary>
    public const int MaxFilledRows = 100_000;

    /// <summary>How much is gathered before it is sent.</summary>
    private const int BufferedBytes = 64 * 1024;

    /// <summary>How much is then sent at a time. Kestrel buffers 64 KB before a write waits; half of that lets reading continue while it sends.</summary>
    private const int SentBytes = 32 * 1024;

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var (http, facts) = (context.HttpContext, RequestFacts.Of(context.HttpContext));
        using var activity = Telemetry.Activities.StartActivity("read rows");
        try
        {
            facts.Rows = 0;
            await WriteAsync(http, facts, http.RequestAborted);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            throw new TimeoutException("The database ended a report that took too long, to keep its journal short.");
        }
        finally
        {
            activity?.SetTag("facturation.rows", facts.Rows);
        }
    }

    private async Task WriteAsync(HttpContext http, RequestFacts facts, CancellationToken cancellation)
    {
        await using var view = await open(cancellation);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, view.Ended);
        cancellation = ending.Token;
        var sums = new WindowSums(query.Window, query.Periode, view.Days, fillsGaps);
        if (fillsGaps && sums.Count * view.Groups.Count > MaxFilledRows)
            throw V1Exception.Parameter("fill", $"{sums.Count} fenêtres de {view.Groups.Count} groupes font plus de {MaxFilledRows} lignes, demandez une période plus courte");

        var output = new ArrayBufferWriter<byte>(BufferedBytes * 2);
        var shape = format ?? ReportFormats.Negotiate(http.Request);
        var writer = shape.WriterOf(output, query.Grouping);
        var rows = new List<ConsumptionRow>();
        writer.Begin();
        await foreach (var days in view.ReadDaysAsync(cancellation))
        {
            foreach (ref readonly var day in days.Span)
                sums.Add(day, rows);
            await SendAsync(isLast: false);
        }
        sums.End(rows);
        if (facts.Rows == 0 && rows.Count == 0 && view.Groups is [var only])
            sums.AddEmpty(only, rows); // A meter is a group even if it counted nothing.
        await SendAsync(isLast: true);

        async ValueTask SendAsync(bool isLast)
        {
            foreach (ref readonly var row in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(rows))
                if (query.Wants(row))
                {
                    writer.Write(row);
                    facts.Rows++;
                }
            rows.Clear();
            if (isLast)
                writer.End();
            else if (output.WrittenCount < (http.Response.HasStarted ? SentBytes : BufferedBytes))
                return;
            var response = http.Response;
            if (!response.HasStarted)
            {
                response.ContentType = shape.ContentTypeOf();
                response.ContentLength = isLast ? output.WrittenCount : null;
                if (shape is ReportFormat.Csv or ReportFormat.Excel)
                    response.Headers.ContentDisposition = "attachment; filename=\"consommation.csv\"";
                // A compressed body may keep the first bytes back: from here on, there is no other answer.
                await response.StartAsync(cancellation);
            }
            await response.Body.WriteAsync(output.WrittenMemory, cancellation);
            output.ResetWrittenCount();
        }
    }
}
