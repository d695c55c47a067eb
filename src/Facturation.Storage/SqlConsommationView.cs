using Facturation.Core;

namespace Facturation.Storage;

/// <summary>An answer by the statements of <see cref="ConsommationSql"/>.</summary>
/// <param name="session">The session, which is disposed with the view.</param>
/// <param name="demande">The query.</param>
internal sealed class SqlConsommationView(ReadSession session, Demande demande) : ConsommationView(demande)
{
    private readonly Statements statements = session.Statements;

    /// <summary>Whether an element is of one identifiant.</summary>
    private readonly bool isOne = demande is not { Ordre: Ordre.ParProduit, Identifiant: null };

    // The texts are those of all elements.
    private string? lignes, meters;

    public override CancellationToken Ended => session.Ended;

    public override ValueTask DisposeAsync() => session.DisposeAsync();

    protected override async Task<DetailRows> OpenMetersAsync(int produit, int? identifiant, string? nom, CancellationToken cancellation)
    {
        meters ??= ConsommationSql.Meters(Demande.Periode, isOne, statements.Dialect.Ordinal);
        var rows = await OpenAsync(meters, produit, identifiant, nom, hasEmptyRows: true);
        if (statements.Dialect.ReadsTwiceAtOnce)
            return rows;
        try
        {
            await rows.ReadAheadAsync(cancellation);
            return rows;
        }
        catch
        {
            await rows.DisposeAsync();
            throw;
        }
    }

    protected override async Task<DetailRows> OpenLignesAsync(int produit, int? identifiant, string? nom, CancellationToken cancellation) => await OpenAsync(
        lignes ??= ConsommationSql.Lignes(Demande.Periode, isOne, statements.Dialect.Ordinal), produit, identifiant, nom, hasEmptyRows: false);

    protected override async Task<List<SommeRow>> ReadSommesAsync(CancellationToken cancellation) => await statements.ListAsync(
        ConsommationSql.Sommes(Demande),
        row => new SommeRow(
            row.GetInt32(0), row.GetInt32(1), row.GetText(2),
            new(row.GetInt32(3), row.GetText(4), checked(row.GetInt64(5) + row.GetInt64(6))),
            isOne ? row.GetInt32(8) : null, isOne ? row.GetKey(9) : null, row.GetBoolean(7)),
        statements.Key(Demande.Client), Demande.Periode.Debut, Demande.Periode.Fin, Demande.ProduitId, statements.Key(Demande.Identifiant));

    private async Task<DetailReader> OpenAsync(string sql, int produit, int? identifiant, string? nom, bool hasEmptyRows) => new(
        await statements.OpenAsync(sql, (int?)produit, Demande.Periode.Debut, Demande.Periode.Fin, identifiant), nom, hasEmptyRows);
}
