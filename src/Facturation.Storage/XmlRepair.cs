using Facturation.Core;

namespace Facturation.Storage;

/// <summary>A stored text that XML 1.0 cannot hold; see <see cref="XmlText"/>.</summary>
/// <param name="Client">The code of its client.</param>
/// <param name="Kind">What it names, in French: a produit, a compteur, an identifiant or a dossier.</param>
/// <param name="Id">The id of its row.</param>
/// <param name="Text">The text.</param>
public sealed record ImpossibleText(string Client, string Kind, long Id, string Text);

/// <summary>Finds the texts of answers that XML 1.0 cannot hold, and replaces what it cannot hold. Imports load such texts, as the old service answered them.</summary>
public sealed class XmlRepair
{
    private static readonly (string Kind, string Select, string Rename, bool IsKey)[] Texts =
    [
        ("produit",
            "SELECT c.Code, t.Id, t.Nom FROM Produits t JOIN Clients c ON c.Id = t.ClientId",
            "UPDATE Produits SET Nom = @2 WHERE Id = @1",
            false),
        ("compteur",
            "SELECT c.Code, t.Id, t.Libelle FROM Compteurs t JOIN Produits p ON p.Id = t.ProduitId JOIN Clients c ON c.Id = p.ClientId",
            "UPDATE Compteurs SET Libelle = @2 WHERE Id = @1",
            false),
        ("identifiant",
            "SELECT c.Code, t.Id, t.Nom FROM Identifiants t JOIN Clients c ON c.Id = t.ClientId",
            """
            UPDATE Identifiants SET Nom = @2
            WHERE Id = @1 AND NOT EXISTS (SELECT 1 FROM Identifiants o WHERE o.ClientId = Identifiants.ClientId AND o.Nom = @2)
            """,
            true),
        ("dossier",
            "SELECT c.Code, t.Id, t.Reference FROM Dossiers t JOIN Identifiants i ON i.Id = t.IdentifiantId JOIN Clients c ON c.Id = i.ClientId",
            """
            UPDATE Dossiers SET Reference = @2
            WHERE Id = @1 AND NOT EXISTS (
              SELECT 1 FROM Dossiers o WHERE o.IdentifiantId = Dossiers.IdentifiantId AND o.Date = Dossiers.Date AND o.Reference = @2)
            """,
            true),
    ];

    private readonly Database database;

    internal XmlRepair(Database database) => this.database = database;

    /// <summary>Reads all texts, at one moment.</summary>
    public async Task<IReadOnlyList<ImpossibleText>> FindAsync(CancellationToken cancellation = default)
    {
        var found = new List<ImpossibleText>();
        await using var session = await database.BeginReadAsync(cancellation);
        foreach (var (kind, select, _, isKey) in Texts)
        {
            await using var rows = await session.Statements.OpenAsync(select);
            var row = rows.Row;
            while (await rows.ReadAsync(cancellation))
            {
                var text = isKey ? row.GetKey(2) : row.GetText(2)!;
                if (XmlText.FindProblem(text) is not null)
                    found.Add(new(row.GetKey(0), kind, row.GetInt64(1), text));
            }
        }
        return found;
    }

    /// <summary>Replaces what XML cannot hold by U+FFFD.</summary>
    /// <returns>False if another has that name already: nothing is changed then.</returns>
    public Task<bool> RenameAsync(ImpossibleText text, CancellationToken cancellation = default)
    {
        var (_, _, rename, isKey) = Texts.Single(known => known.Kind == text.Kind);
        var better = XmlText.Replace(text.Text);
        return database.WriteAsync(
            async statements => await statements.ExecuteAsync(rename, text.Id, isKey ? statements.Key(better) : better) == 1, cancellation);
    }
}
