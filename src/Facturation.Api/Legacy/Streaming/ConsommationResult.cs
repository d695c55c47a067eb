using Facturation.Api.Models;
using Facturation.Api.Operations;
using Facturation.Core;
using Facturation.WebApi2.Streaming;

namespace Facturation.Api.Legacy.Streaming;

/// <summary>
/// An answer of either operation, streamed from the store to the client's socket: only the current rows are
/// in memory. Its bytes are those of a <c>List&lt;ReponseModel&gt;</c>, or <c>List&lt;ReponseV2Model&gt;</c>.
/// </summary>
internal sealed class ConsommationResult(IConsommationStore store, Demande demande, ConsommationOptions options, RequestFacts facts)
    : StreamedResult
{
    public override Type DeclaredType => demande.Ordre == Ordre.ParIdentifiant ? typeof(List<ReponseV2Model>) : typeof(List<ReponseModel>);

    protected override Task WriteAsync(JsonOutput output, CancellationToken cancellation) =>
        WriteAsync(output, new ConsommationJson(output, demande.Ordre, options), cancellation);

    protected override Task WriteAsync(XmlOutput output, CancellationToken cancellation) =>
        WriteAsync(output, new ConsommationXml(output, demande.Ordre, options), cancellation);

    private async Task WriteAsync(AnswerOutput output, ConsommationWriter writer, CancellationToken cancellation)
    {
        using var activity = Telemetry.Activities.StartActivity("read rows");
        var rows = 0L;
        try
        {
            await using var view = await store.OpenAsync(demande, cancellation);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, view.Ended);
            var stop = ending.Token;
            writer.Begin(isEmpty: view.Groupes.Count == 0);
            foreach (var groupe in view.Groupes)
            {
                writer.BeginGroupe(groupe);
                await foreach (var lignes in view.ReadDetailsAsync(groupe, stop))
                {
                    writer.Write(lignes.Span);
                    rows += lignes.Length;
                    await output.FlushIfFullAsync(stop);
                }
                writer.EndGroupe();
                await output.FlushIfFullAsync(stop);
            }
            writer.End();
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            facts.HasFailed = true;
            // Only the database cancels anything else. It may end many at once, so the log does without the stack of the cancellation.
            if (e is OperationCanceledException)
                throw new TimeoutException("The database ended an answer that took too long, to keep its journal short.");
            throw;
        }
        finally
        {
            facts.Rows = rows;
            activity?.SetTag("facturation.rows", rows);
        }
    }
}
