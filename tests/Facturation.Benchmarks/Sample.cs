using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Facturation.Api.Legacy;
using Facturation.Api.Legacy.Streaming;
using Facturation.Api.Models;
using Facturation.Api.Operations;
using Facturation.Core;
using Facturation.WebApi2;
using Facturation.WebApi2.Formats;
using Facturation.WebApi2.Time;

namespace Facturation.Benchmarks;

/// <summary>
/// The answer that every contender gives: one element with as many rows as are asked for, two compteurs a dossier. Its text is
/// plain French, so that all writers agree on its bytes.
/// </summary>
internal static class Sample
{
    public const string Identifiant = "mairie.tréville";

    private const int Dossiers = 4096;

    private static readonly string[] References =
        [.. Enumerable.Range(0, Dossiers).Select(i => string.Create(CultureInfo.InvariantCulture, $"HDV/2026/{i:D6} régie"))];

    private static readonly LegacyTimeZone Paris = new(new WebApi2Options().TimeZone, TimeProvider.System);

    private static readonly MediaFormat Json = new JsonFormat(Paris, new WebApi2Options()), Xml = new XmlFormat(Paris, new WebApi2Options());

    private static readonly DateTime Start = new(2026, 1, 1);

    private static readonly string[] Libelles = ["Eau froide (m³)", "Eau chaude (m³)"];

    /// <summary>The element of so many rows; a number of rows stands for a produit.</summary>
    public static Groupe Groupe(int rows) => new(rows, "Eau potable", Identifiant,
        [.. Libelles.Select((libelle, i) => new Somme(i + 1, libelle, Enumerable.Range(0, rows).Where(row => row % 2 == i).Sum(row => Row(row).Quantite)))]);

    /// <summary>A row, made of what is there already: it costs nothing but its copy.</summary>
    public static LigneDetail Row(int index) => new(
        References[(index >> 1) & (Dossiers - 1)], Start.AddTicks((index >> 1) * TimeSpan.TicksPerMinute), Identifiant, 1 + (index & 1), (index * 7919L) & 0x1FFFF);

    /// <summary>The same rows gathered into models, as the old service gathered them for each answer.</summary>
    public static async Task<List<ReponseV2Model>> GatherAsync(int rows)
    {
        await using var view = await new MemoryStore().OpenAsync(new Demande("", null, default, rows, Ordre.ParIdentifiant));
        var groupe = view.Groupes[0];
        var dossiers = new List<ConsoV2Model>();
        await foreach (var lignes in view.ReadDetailsAsync(groupe))
        {
            foreach (ref readonly var ligne in lignes.Span)
            {
                if (dossiers.Count == 0 || dossiers[^1].DateDossier != ligne.DateDossier || dossiers[^1].Dossier != ligne.Dossier)
                    dossiers.Add(new() { Dossier = ligne.Dossier, DateDossier = ligne.DateDossier, Identifiant = ligne.Identifiant, Compteur = [] });
                dossiers[^1].Compteur!.Add(Compteur(ligne.Sequence, ligne.Quantite));
            }
        }
        return
        [
            new()
            {
                ProduitId = groupe.ProduitId,
                NomProduit = groupe.NomProduit,
                Identifiant = groupe.Identifiant,
                ConsommationsSomme = [.. groupe.Sommes.Select(s => Compteur(s.Sequence, s.Quantite))],
                ConsommationsDetails = dossiers,
            },
        ];
    }

    /// <summary>How many rows make an answer of about this size.</summary>
    public static int RowsFor(int bytes, bool isXml)
    {
        const int few = 100;
        var perRow = (double)(Bytes(2 * few, isXml).Length - Bytes(few, isXml).Length) / few;
        return Math.Max(2, (int)(bytes / perRow) / 2 * 2);
    }

    /// <summary>The answer as our writers make it.</summary>
    public static byte[] Bytes(int rows, bool isXml)
    {
        var body = new MemoryStream();
        WriteTo(new DefaultHttpContext { Response = { Body = body } }.Response, rows, isXml).GetAwaiter().GetResult();
        return body.ToArray();
    }

    /// <summary>Streams the answer to a response, without a server.</summary>
    public static async Task WriteTo(HttpResponse response, int rows, bool isXml)
    {
        using var output = Format(isXml).WriteTo(response, MediaFormat.Encodings[0]);
        var demande = new Demande("", null, default, rows, Ordre.ParIdentifiant);
        await output.WriteAsync(new ConsommationResult(new MemoryStore(), demande, new ConsommationOptions(), new RequestFacts()), default);
        await output.EndAsync(default);
    }

    /// <summary>The library's format.</summary>
    public static MediaFormat Format(bool isXml) => isXml ? Xml : Json;

    private static CompteurModel Compteur(int sequence, long quantite) =>
        new() { Sequence = sequence, Libelle = Libelles[sequence - 1], Quantite = quantite };
}

/// <summary>The sample as a store, with one key: the service without its database.</summary>
internal sealed class MemoryStore : IConsommationStore, IApiKeyStore
{
    /// <summary>The key that opens the sample.</summary>
    public const string Key = "fct_bench000_benchbenchbenchbenchbenchbenchbe";

    private static readonly ConcurrentDictionary<int, Groupe> Groupes = new();

    private static readonly ApiKey Known = new("bench000", ApiKey.HashOf(Key), "BANC", null, [Scopes.ConsommationRead], DateTimeOffset.UtcNow);

    public Task<IConsommationView> OpenAsync(Demande demande, CancellationToken cancellation = default) =>
        Task.FromResult<IConsommationView>(new View(Groupes.GetOrAdd(demande.ProduitId ?? 0, Sample.Groupe)));

    public Task<ApiKey?> FindAsync(string prefix, CancellationToken cancellation = default) => Task.FromResult<ApiKey?>(Known);

    public IAsyncEnumerable<LigneConsommation> ReadAsync(Demande demande, CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<IConsumptionView> OpenConsumptionAsync(ConsumptionQuery query, CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> ListClientsAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task AddAsync(ApiKey key, bool isNewClient = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<(ApiKey Old, ApiKey New)> RotateAsync(
        string prefix, string secret, DateTimeOffset now, TimeSpan overlap, DateTimeOffset? expiresAt, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task<bool> RevokeAsync(string prefix, DateTimeOffset at, CancellationToken cancellation = default) => throw new NotSupportedException();

    private sealed class View(Groupe groupe) : IConsommationView
    {
        public IReadOnlyList<Groupe> Groupes { get; } = [groupe];

        public async IAsyncEnumerable<ReadOnlyMemory<LigneDetail>> ReadDetailsAsync(
            Groupe groupe, [EnumeratorCancellation] CancellationToken cancellation = default)
        {
            await Task.CompletedTask;
            var block = new LigneDetail[Math.Min(128, groupe.ProduitId)];
            for (var i = 0; i < groupe.ProduitId; i += block.Length)
            {
                var count = Math.Min(block.Length, groupe.ProduitId - i);
                for (var j = 0; j < count; j++)
                    block[j] = Sample.Row(i + j);
                yield return block.AsMemory(0, count);
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
