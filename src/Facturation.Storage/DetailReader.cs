using System.Runtime.InteropServices;
using Facturation.Core;

namespace Facturation.Storage;

/// <summary>The rows of <see cref="ConsommationSql.Lignes"/> or <see cref="ConsommationSql.Meters"/>, as details.</summary>
/// <param name="rows">The rows, disposed with this.</param>
/// <param name="identifiant">The identifiant of all rows; null when each row tells its own.</param>
/// <param name="hasEmptyRows">Whether some rows may have no quantity.</param>
internal sealed class DetailReader(RowReader rows, string? identifiant, bool hasEmptyRows) : DetailRows
{
    private const int DossierId = 0, Reference = 1, Date = 2, Sequence = 3, Quantite = 4, IdentifiantId = 5, Nom = 6;

    private readonly Row row = rows.Row;
    private readonly Dictionary<int, string> noms = []; // As few as a client's identifiants.
    private long dossier = -1;
    private string reference = "", nom = identifiant ?? "";
    private DateTime date;
    private Queue<LigneDetail>? ahead;

    /// <summary>Reads all rows now, so that the connection is free for another query.</summary>
    public async Task ReadAheadAsync(CancellationToken cancellation)
    {
        var read = new Queue<LigneDetail>();
        await ReadAsync(cancellation);
        while (HasRow)
        {
            read.Enqueue(Current);
            await ReadAsync(cancellation);
        }
        ahead = read;
        await rows.DisposeAsync();
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
            HasRow = await rows.ReadAsync(cancellation);
        while (HasRow && hasEmptyRows && row.IsNull(Quantite));
        if (HasRow)
            Current = ReadRow();
    }

    public override ValueTask DisposeAsync() => rows.DisposeAsync();

    private LigneDetail ReadRow()
    {
        if (row.GetInt64(DossierId) is var id && id != dossier)
        {
            // The compteurs of a dossier follow each other, and share its strings.
            dossier = id;
            reference = row.GetKey(Reference);
            date = row.GetDate(Date);
            if (identifiant is null)
            {
                ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(noms, row.GetInt32(IdentifiantId), out _);
                nom = known ??= row.GetKey(Nom);
            }
        }
        return new LigneDetail(reference, date, nom, row.GetInt32(Sequence), row.GetInt64(Quantite));
    }
}
