using Facturation.Core;
using Microsoft.Data.Sqlite;

namespace Facturation.Storage.Sqlite;

/// <summary>
/// The lines that an import has written, and their places. They are kept in a temporary file, because a file to import may have any length,
/// and its lines are needed until its end. Memory is that of a few pages.
/// </summary>
internal sealed class SeenLines : IDisposable
{
    private const string Create = """
        CREATE TABLE Seen (
            Identifiant TEXT, Date INTEGER, Reference TEXT, CompteurId INTEGER, Ligne INTEGER, Colonne INTEGER,
            PRIMARY KEY (Identifiant, Date, Reference, CompteurId)) WITHOUT ROWID
        """;

    private const string Line = "Identifiant = @1 AND Date = @2 AND Reference = @3 AND CompteurId = @4";
    private const string Keep = "INSERT OR IGNORE INTO Seen (Identifiant, Date, Reference, CompteurId, Ligne, Colonne) VALUES (@1, @2, @3, @4, @5, @6)";
    private const string Find = $"SELECT Ligne, Colonne FROM Seen WHERE {Line}";
    private const string Forget = $"DELETE FROM Seen WHERE {Line}";

    // A database without a name is a file of its own, which is gone when the connection closes.
    private readonly SqliteConnection connection = new("Data Source=;Pooling=False");
    private readonly SqliteStatements statements;

    public SeenLines()
    {
        connection.Open();
        statements = new(connection);
        foreach (var sql in new[] { "PRAGMA journal_mode = OFF", Create, "BEGIN" }) // Nothing is ever rolled back or committed.
            statements.Execute(sql);
    }

    /// <summary>Adds a line, unless the import has it already.</summary>
    /// <param name="compteur">The key of the line's compteur, which tells its client and produit.</param>
    /// <param name="ligne">The line.</param>
    /// <param name="lieu">Its place.</param>
    /// <returns>The place of the line that is there; null if this one was added.</returns>
    public Lieu? Add(int compteur, LigneConsommation ligne, Lieu lieu) =>
        statements.Execute(Keep, ligne.Identifiant, ligne.DateDossier.Ticks, ligne.Dossier, compteur, lieu.Ligne, lieu.Colonne) == 0
            ? statements.List(
                Find, row => new Lieu(row.GetInt32(0), row.GetInt32(1)), ligne.Identifiant, ligne.DateDossier.Ticks, ligne.Dossier, compteur).Single()
            : null;

    /// <summary>Removes a line that was added, because it is refused.</summary>
    public void Remove(int compteur, LigneConsommation ligne) =>
        statements.Execute(Forget, ligne.Identifiant, ligne.DateDossier.Ticks, ligne.Dossier, compteur);

    public void Dispose()
    {
        statements.Dispose();
        connection.Dispose();
    }
}
