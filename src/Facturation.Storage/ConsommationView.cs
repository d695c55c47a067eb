using System.Data.Common;
using System.Runtime.CompilerServices;
using Facturation.Core;

namespace Facturation.Storage;

/// <summary>
/// One answer, read in one transaction: it sees the database as it was at its first query. Rows are read from the provider's
/// reader itself: EF Core's would cost as much again as the query.
/// </summary>
internal sealed class ConsommationView : IConsommationView
{
    private readonly ReadSession session;
    private readonly Demande demande;
    private readonly LigneDetail[] block = new LigneDetail[128]; // 5 KB.
    private readonly Dictionary<Groupe, (int Produit, int? Identifiant)> keys = new(ReferenceEqualityComparer.Instance);

    private ConsommationView(ReadSession session, Demande demande) => (this.session, this.demande) = (session, demande);

    public IReadOnlyList<Groupe> Groupes { get; private set; } = [];

    /// <summary>Opens the answer in the session, which is disposed with the view.</summary>
    public static async Task<ConsommationView> OpenAsync(ReadSession session, Demande demande, CancellationToken cancellation)
    {
        var view = new ConsommationView(session, demande);
        try
        {
            await view.ReadGroupesAsync(cancellation);
            return view;
        }
        catch
        {
            await view.DisposeAsync();
            throw;
        }
    }

    public async IAsyncEnumerable<ReadOnlyMemory<LigneDetail>> ReadDetailsAsync(
        Groupe groupe, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (produit, identifiant) = keys[groupe];
        var (isOne, nom) = (identifiant is not null, groupe.Identifiant ?? demande.Identifiant);
        await using var meters = await OpenAsync(ConsommationSql.Meters(demande.Periode, isOne, session.Dialect.Ordinal), hasEmptyRows: true);
        if (!session.Dialect.ReadsTwiceAtOnce)
            await meters.ReadAheadAsync(cancellation);
        await using var lignes = await OpenAsync(ConsommationSql.Lignes(demande.Periode, isOne, session.Dialect.Ordinal), hasEmptyRows: false);

        // Both come in answer order. A dossier's compteur may be in both, and several times in the second: meters were replaced.
        await lignes.ReadAsync(cancellation);
        await meters.ReadAsync(cancellation);
        while (lignes.HasRow || meters.HasRow)
        {
            var count = 0;
            while (count < block.Length && (lignes.HasRow || meters.HasRow))
            {
                var next = !meters.HasRow || (lignes.HasRow && Compare(lignes.Current, meters.Current) <= 0) ? lignes : meters;
                var detail = next.Current;
                await next.ReadAsync(cancellation);
                while (meters.HasRow && Compare(detail, meters.Current) == 0)
                {
                    detail = detail with { Quantite = checked(detail.Quantite + meters.Current.Quantite) };
                    await meters.ReadAsync(cancellation);
                }
                block[count++] = detail;
            }
            yield return block.AsMemory(0, count);
        }

        async Task<DetailReader> OpenAsync(string sql, bool hasEmptyRows)
        {
            var command = CreateCommand(sql, ("@produit", produit), ("@identifiant", identifiant));
            return new DetailReader(session, command, await command.ExecuteReaderAsync(cancellation), nom, hasEmptyRows);
        }
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    /// <summary>The order of details: <see cref="Ordre"/>.</summary>
    private static int Compare(in LigneDetail left, in LigneDetail right)
    {
        var order = left.DateDossier.CompareTo(right.DateDossier);
        if (order == 0)
            order = string.CompareOrdinal(left.Dossier, right.Dossier);
        if (order == 0)
            order = string.CompareOrdinal(left.Identifiant, right.Identifiant);
        return order == 0 ? left.Sequence.CompareTo(right.Sequence) : order;
    }

    private async Task ReadGroupesAsync(CancellationToken cancellation)
    {
        var rows = new List<(int Produit, int Numero, string? Nom, Somme Somme, int? Identifiant, string? NomIdentifiant)>();
        await using (var command = CreateCommand(
            ConsommationSql.Sommes(demande),
            ("@client", session.Dialect.ToKey(demande.Client)),
            ("@numero", demande.ProduitId),
            ("@identifiant", demande.Identifiant is { } nom ? session.Dialect.ToKey(nom) : null)))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                var somme = new Somme(reader.GetInt32(3), Text(4), checked(reader.GetInt64(5) + reader.GetInt64(6)));
                var isOne = reader.FieldCount > 7;
                rows.Add((reader.GetInt32(0), reader.GetInt32(1), Text(2), somme, isOne ? reader.GetInt32(7) : null, isOne ? session.Dialect.FromKey(reader.GetString(8)) : null));
            }

            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        }

        Groupes = [.. rows
            .GroupBy(r => (r.Produit, r.Identifiant))
            .OrderBy(g => g.First().Numero).ThenBy(g => g.First().NomIdentifiant, StringComparer.Ordinal)
            .Select(g =>
            {
                var first = g.First();
                var identifiant = demande.Ordre == Ordre.ParIdentifiant ? first.NomIdentifiant : null;
                var groupe = new Groupe(first.Numero, first.Nom, identifiant, [.. g.Select(r => r.Somme).OrderBy(s => s.Sequence)]);
                keys.Add(groupe, g.Key);
                return groupe;
            })];
    }

    /// <summary>A command with the parameters that its text names.</summary>
    private DbCommand CreateCommand(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        (string Name, object? Value)[] all = [.. values, ("@debut", demande.Periode.Debut), ("@fin", demande.Periode.Fin)];
        return session.CreateCommand(sql,
            [.. all.Where(p => p.Value is not null && sql.Contains(p.Name, StringComparison.Ordinal)).Select(p => (p.Name, p.Value!))]);
    }
}
