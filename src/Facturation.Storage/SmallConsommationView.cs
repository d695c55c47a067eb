using System.Buffers;
using System.Runtime.CompilerServices;
using Facturation.Core;

namespace Facturation.Storage;

/// <summary>
/// An answer of few lines, as most are: read whole, by three statements that sort and sum nothing, since memory does that faster than a
/// database. Its connection is free before the first byte is written.
/// </summary>
internal sealed class SmallConsommationView : IConsommationView
{
    private readonly Dictionary<Groupe, ReadOnlyMemory<LigneDetail>> details = new(ReferenceEqualityComparer.Instance);
    private readonly List<Groupe> groupes = [];
    private LigneDetail[]? rows; // Rented.

    private SmallConsommationView()
    {
    }

    public IReadOnlyList<Groupe> Groupes => groupes;

    /// <summary>Reads an answer.</summary>
    /// <param name="statements">Of one moment of the database.</param>
    /// <param name="demande">The query.</param>
    /// <param name="max">The most lines, meters and compteurs that are read.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Null if there are more.</returns>
    public static async ValueTask<SmallConsommationView?> ReadAsync(Statements statements, Demande demande, int max, CancellationToken cancellation)
    {
        var catalogue = new Catalogue();
        if (await ReadAsync(ConsommationSql.Compteurs(demande, statements.Dialect.Limit(max + 1)), catalogue.Add) > max)
            return null;
        var lignes = ArrayPool<Ligne>.Shared.Rent(2 * (max + 1)); // Of lines and of meters, one too many each.
        var reader = new Reader(catalogue, lignes);
        var limit = statements.Dialect.LimitAny(max + 1);
        try
        {
            if (catalogue.Compteurs.Count > 0
                && (await ReadAsync(ConsommationSql.FewLignes(demande, limit), reader.Add) > max
                    || await ReadAsync(ConsommationSql.FewMeters(demande, limit), reader.AddMeter) > max))
                return null;
            var view = new SmallConsommationView();
            view.Add(lignes.AsSpan(0, reader.Count), demande.Ordre);
            return view;
        }
        finally
        {
            lignes.AsSpan(0, reader.Count).Clear();
            ArrayPool<Ligne>.Shared.Return(lignes);
        }

        async ValueTask<int> ReadAsync(string sql, Action<Row> add)
        {
            var count = 0;
            await using var rows = await statements.OpenAsync(
                sql, statements.Key(demande.Client), demande.Periode.Debut, demande.Periode.Fin, demande.ProduitId, statements.Key(demande.Identifiant));
            for (; count <= max && await rows.ReadAsync(cancellation); count++)
                add(rows.Row);
            return count;
        }
    }

    public async IAsyncEnumerable<ReadOnlyMemory<LigneDetail>> ReadDetailsAsync(
        Groupe groupe, [EnumeratorCancellation] CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        yield return details[groupe];
    }

    public ValueTask DisposeAsync()
    {
        if (rows is not null)
            ArrayPool<LigneDetail>.Shared.Return(rows, clearArray: true);
        rows = null;
        return ValueTask.CompletedTask;
    }

    private void Add(Span<Ligne> lignes, Ordre ordre)
    {
        Sort(lignes, ordre == Ordre.ParIdentifiant ? CompareByIdentifiant : CompareByProduit);
        rows = ArrayPool<LigneDetail>.Shared.Rent(lignes.Length);
        var (begin, end) = (0, 0);
        for (var i = 0; i < lignes.Length; i++)
        {
            var (compteur, detail) = lignes[i];
            compteur.Somme = checked((compteur.Somme ?? 0) + detail.Quantite);
            // Meters that replaced each other, or an imported line.
            if (end > begin && ConsommationView.Compare(rows[end - 1], detail) == 0)
                rows[end - 1] = detail with { Quantite = checked(rows[end - 1].Quantite + detail.Quantite) };
            else
                rows[end++] = detail;
            if (i + 1 < lignes.Length && lignes[i + 1] is var next && next.Compteur.Produit == compteur.Produit
                && (ordre == Ordre.ParProduit || next.Detail.Identifiant == detail.Identifiant))
                continue;
            var groupe = new Groupe(compteur.Produit.Numero, compteur.Produit.Nom, ordre == Ordre.ParIdentifiant ? detail.Identifiant : null, compteur.Produit.TakeSommes());
            groupes.Add(groupe);
            details.Add(groupe, rows.AsMemory(begin..end));
            begin = end;
        }
    }

    /// <summary>Sorts, unless the lines were imported by date, as they mostly are: then SQLite returns them in answer order.</summary>
    private static void Sort(Span<Ligne> lignes, Comparison<Ligne> compare)
    {
        for (var i = 1; i < lignes.Length; i++)
        {
            if (compare(lignes[i - 1], lignes[i]) > 0)
            {
                lignes.Sort(compare);
                return;
            }
        }
    }

    private static int CompareByProduit(Ligne left, Ligne right) => left.Compteur.Produit == right.Compteur.Produit
        ? ConsommationView.Compare(left.Detail, right.Detail)
        : left.Compteur.Produit.Numero.CompareTo(right.Compteur.Produit.Numero);

    private static int CompareByIdentifiant(Ligne left, Ligne right) =>
        left.Compteur.Produit == right.Compteur.Produit && string.CompareOrdinal(left.Detail.Identifiant, right.Detail.Identifiant) is not 0 and var order
            ? order
            : CompareByProduit(left, right);

    /// <summary>A row of the details, and what counted it.</summary>
    private readonly record struct Ligne(Compteur Compteur, LigneDetail Detail);

    private sealed class Compteur(Produit produit, int sequence, string? libelle)
    {
        public Produit Produit => produit;

        public int Sequence => sequence;

        public string? Libelle => libelle;

        /// <summary>The sum of the element whose lines are added; null if it has none.</summary>
        public long? Somme { get; set; }
    }

    private sealed class Produit(int numero, string? nom)
    {
        public int Numero => numero;

        public string? Nom => nom;

        /// <summary>By sequence.</summary>
        public List<Compteur> Compteurs { get; } = [];

        /// <summary>The sums of an element, and makes room for the next.</summary>
        public List<Somme> TakeSommes()
        {
            var sommes = new List<Somme>();
            foreach (var compteur in Compteurs)
            {
                if (compteur.Somme is { } somme)
                    sommes.Add(new(compteur.Sequence, compteur.Libelle, somme));
                compteur.Somme = null;
            }
            return sommes;
        }
    }

    /// <summary>The compteurs of the client, from <see cref="ConsommationSql.Compteurs"/>.</summary>
    private sealed class Catalogue
    {
        private Produit? produit;

        /// <summary>By their keys.</summary>
        public Dictionary<int, Compteur> Compteurs { get; } = [];

        public void Add(Row row)
        {
            if (row.GetInt32(3) is var numero && numero != produit?.Numero)
                produit = new(numero, row.GetText(4));
            var compteur = new Compteur(produit!, row.GetInt32(1), row.GetText(2));
            produit!.Compteurs.Add(compteur);
            Compteurs.Add(row.GetInt32(0), compteur);
        }
    }

    /// <summary>Reads <see cref="ConsommationSql.FewLignes"/> and <see cref="ConsommationSql.FewMeters"/>.</summary>
    private sealed class Reader(Catalogue catalogue, Ligne[] lignes)
    {
        private const int CompteurId = 0, Quantite = 1, DossierId = 2, Reference = 3, Date = 4, IdentifiantId = 5, Nom = 6;

        private long dossier = -1, identifiant = -1;
        private string reference = "", nom = "";
        private DateTime date;

        /// <summary>How many were read.</summary>
        public int Count { get; private set; }

        public void Add(Row row)
        {
            if (catalogue.Compteurs.TryGetValue(row.GetInt32(CompteurId), out var compteur)) // A meter may be of another produit.
                Add(row, compteur);
        }

        /// <summary>Adds what a meter counted, unless that is nothing.</summary>
        public void AddMeter(Row row)
        {
            if (!row.IsNull(Quantite))
                Add(row);
        }

        private void Add(Row row, Compteur compteur)
        {
            if (row.GetInt64(DossierId) is var id && id != dossier)
            {
                (dossier, reference, date) = (id, row.GetKey(Reference), row.GetDate(Date));
                if (row.GetInt64(IdentifiantId) is var key && key != identifiant)
                    (identifiant, nom) = (key, row.GetKey(Nom));
            }
            lignes[Count++] = new(compteur, new(reference, date, nom, compteur.Sequence, row.GetInt64(Quantite)));
        }
    }
}
