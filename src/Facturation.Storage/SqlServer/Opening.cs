using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Facturation.Storage.SqlServer;

/// <summary>
/// Opens connections, EF Core's too, and marks each failure to. It is an outage whatever its number, since a server that starts, stops, is
/// restored or has too much to do refuses connections by many.
/// </summary>
internal sealed class Opening : DbConnectionInterceptor
{
    private const string Key = "Facturation.Opening";

    /// <summary>Whether the exception, or one that it wraps, is of a connection that did not open.</summary>
    public static bool Failed(Exception exception) =>
        exception.Data.Contains(Key) || (exception.InnerException is { } cause && Failed(cause));

    public static void Mark(Exception exception) => exception.Data[Key] = true;

    /// <summary>
    /// Opens a connection, or fails once its timeout is over. SqlClient tries one after another: where the server takes connections and says
    /// nothing, each would wait as long as all before it. Nor does it try again, which takes it 10 s.
    /// </summary>
    public static async Task OpenAsync(SqlConnection connection, CancellationToken cancellation)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (connection.ConnectionTimeout > 0)
            waiting.CancelAfter(TimeSpan.FromSeconds(connection.ConnectionTimeout + 1)); // SqlClient knows better why, if it is in time.
        try
        {
            await connection.OpenAsync(SqlConnectionOverrides.OpenWithoutRetry, waiting.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var failure = new TimeoutException($"No connection within {connection.ConnectionTimeout} s."); // The log tells the innermost.
            Mark(failure);
            throw failure;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            Mark(e);
            throw;
        }
    }

    public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        await OpenAsync((SqlConnection)connection, cancellationToken);
        return InterceptionResult.Suppress();
    }
}
