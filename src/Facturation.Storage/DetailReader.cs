using System.Data.Common;
using System.Runtime.InteropServices;
using Facturation.Core;
using Facturation.Storage.Sqlite;

namespace Facturation.Storage;

/// <summary>The rows of <see cref="ConsommationSql.Lignes"/> or <see cref="ConsommationSql.Meters"/>, as details.</summary>
/// <param name="session">Tells how the database keeps keys.</param>
/// <param name="command">The command, disposed with this.</param>
/// <param name="reader">What it reads.</param>
/// <param name="identifiant">The identifiant of all rows; null when each row tells its own.</param>
/// <param name="hasEmptyRows">Whether some rows may have no quantity.</param>
internal sealed class DetailReader(
    ReadSession session, DbCommand command, DbDataReader reader, string? identifiant, bool hasEmptyRows) : DetailRows
{
    private const int DossierId = 0, Reference = 1, Date = 2, Sequence = 3, Quantite = 4, IdentifiantId = 5, Nom = 6;

    private readonly Dictionary<int, string> noms = []; // As few as a client's identifiants.
    private long dossier = -1;
    private string reference = "", nom = identifiant ?? "";
    private DateTime date;
    private bool isAtEnd;
    private Queue<LigneDetail>? ahead;
    private SqliteDates dates;

    /// <summary>Reads all rows now, so that the connection is free for another query.</summary>
    public async Task ReadAheadAsync(CancellationToken cancellation)
    {
        var rows = new Queue<LigneDetail>();
        await ReadAsync(cancellation);
        while (HasRow)
        {
            rows.Enqueue(Current);
            await ReadAsync(cancellation);
        }
        ahead = rows;
        await reader.DisposeAsync();
    }

    public override async ValueTask ReadAsync(CancellationToken cancellation)
    {
        if (ahead is not null)
        {
            HasRow = ahead.TryDequeue(out var next);
            Current = next;
            return;
        }
        do
            HasRow = await reader.ReadAsync(cancellation);
        while (HasRow && hasEmptyRows && reader.IsDBNull(Quantite));
        isAtEnd = !HasRow;
        if (HasRow)
            Current = ReadRow();
    }

    public override async ValueTask DisposeAsync()
    {
        if (!isAtEnd)
            command.Cancel(); // Otherwise SqlClient reads all remaining rows before it closes.
        await reader.DisposeAsync();
        await command.DisposeAsync();
    }

    private LigneDetail ReadRow()
    {
        if (reader.GetInt64(DossierId) is var id && id != dossier)
        {
            // The compteurs of a dossier follow each other, and share its strings.
            dossier = id;
            reference = session.Dialect.FromKey(reader.GetString(Reference));
            date = session.Dialect.KeepsDatesAsText ? dates.Read(reader, Date) : reader.GetDateTime(Date);
            if (identifiant is null)
            {
                ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(noms, reader.GetInt32(IdentifiantId), out _);
                nom = known ??= session.Dialect.FromKey(reader.GetString(Nom));
            }
        }
        return new LigneDetail(reference, date, nom, reader.GetInt32(Sequence), reader.GetInt64(Quantite));
    }
}
