using System.Data.Common;
using Facturation.Core;

namespace Facturation.Storage;

/// <summary>
/// An answer by the statements of <see cref="ConsommationSql"/>. Rows are read from the provider's reader itself: EF Core's would cost as
/// much again as the query.
/// </summary>
/// <param name="session">The session, which is disposed with the view.</param>
/// <param name="demande">The query.</param>
internal sealed class SqlConsommationView(ReadSession session, Demande demande) : ConsommationView(demande)
{
    public override CancellationToken Ended => session.Ended;

    public override ValueTask DisposeAsync() => session.DisposeAsync();

    protected override async Task<DetailRows> OpenMetersAsync(int produit, int? identifiant, string? nom, CancellationToken cancellation)
    {
        var sql = ConsommationSql.Meters(Demande.Periode, identifiant is not null, session.Dialect.Ordinal);
        var meters = await OpenAsync(sql, produit, identifiant, nom, hasEmptyRows: true, cancellation);
        if (session.Dialect.ReadsTwiceAtOnce)
            return meters;
        try
        {
            await meters.ReadAheadAsync(cancellation);
            return meters;
        }
        catch
        {
            await meters.DisposeAsync();
            throw;
        }
    }

    protected override async Task<DetailRows> OpenLignesAsync(int produit, int? identifiant, string? nom, CancellationToken cancellation) =>
        await OpenAsync(
            ConsommationSql.Lignes(Demande.Periode, identifiant is not null, session.Dialect.Ordinal), produit, identifiant, nom, hasEmptyRows: false,
            cancellation);

    protected override async Task<List<SommeRow>> ReadSommesAsync(CancellationToken cancellation)
    {
        var rows = new List<SommeRow>();
        await using var command = CreateCommand(
            ConsommationSql.Sommes(Demande),
            ("@client", session.Dialect.ToKey(Demande.Client)),
            ("@numero", Demande.ProduitId),
            ("@identifiant", Demande.Identifiant is { } nom ? session.Dialect.ToKey(nom) : null));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var somme = new Somme(reader.GetInt32(3), Text(4), checked(reader.GetInt64(5) + reader.GetInt64(6)));
            var isOne = reader.FieldCount > 7;
            rows.Add(new(reader.GetInt32(0), reader.GetInt32(1), Text(2), somme, isOne ? reader.GetInt32(7) : null, isOne ? session.Dialect.FromKey(reader.GetString(8)) : null));
        }
        return rows;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    private async Task<DetailReader> OpenAsync(
        string sql, int produit, int? identifiant, string? nom, bool hasEmptyRows, CancellationToken cancellation)
    {
        var command = CreateCommand(sql, ("@produit", produit), ("@identifiant", identifiant));
        return new DetailReader(session, command, await command.ExecuteReaderAsync(cancellation), nom, hasEmptyRows);
    }

    /// <summary>A command with the parameters that its text names.</summary>
    private DbCommand CreateCommand(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        (string Name, object? Value)[] all = [.. values, ("@debut", Demande.Periode.Debut), ("@fin", Demande.Periode.Fin)];
        return session.CreateCommand(sql,
            [.. all.Where(p => p.Value is not null && sql.Contains(p.Name, StringComparison.Ordinal)).Select(p => (p.Name, p.Value!))]);
    }
}
