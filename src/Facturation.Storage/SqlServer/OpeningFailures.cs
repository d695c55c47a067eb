using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Facturation.Storage.SqlServer;

/// <summary>
/// Marks each failure to open a connection. It is an outage whatever its number, since a server that starts, stops, is restored or has too
/// much to do refuses connections by many.
/// </summary>
internal sealed class OpeningFailures : DbConnectionInterceptor
{
    private const string Key = "Facturation.Opening";

    /// <summary>Whether the exception, as it was thrown, is of a connection that did not open.</summary>
    public static bool Include(Exception exception) => exception.Data.Contains(Key);

    public static void Mark(Exception exception) => exception.Data[Key] = true;

    /// <summary>Opens a connection that is none of EF Core's.</summary>
    public static async Task OpenAsync(DbConnection connection, CancellationToken cancellation)
    {
        try
        {
            await connection.OpenAsync(cancellation);
        }
        catch (Exception e) when (!e.IsStorageCancelled())
        {
            Mark(e);
            throw;
        }
    }

    public override void ConnectionFailed(DbConnection connection, ConnectionErrorEventData eventData) => Mark(eventData.Exception);

    public override Task ConnectionFailedAsync(
        DbConnection connection, ConnectionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Mark(eventData.Exception);
        return Task.CompletedTask;
    }
}
