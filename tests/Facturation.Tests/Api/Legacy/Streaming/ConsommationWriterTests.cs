using System.Text;
using Facturation.Api.Legacy;
using Facturation.Api.Legacy.Streaming;
using Facturation.Api.Operations;
using Facturation.Core;
using Facturation.Wire;

namespace Facturation.Tests.Api.Legacy.Streaming;

/// <summary>
/// Streamed answers against those that the formatters write of the models, which the oracle has judged: the same bytes, wherever
/// blocks end.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class ConsommationWriterTests
{
    private static readonly string[] Pieces =
    [
        "", "a", " ", "  ", "é", "m³", "°", "\u0080", "\u0084", "\u0085", "\u0086", "\u00a0", "\u2027", "\u2028", "\u2029", "\u202a",
        "\ud7ff", "\ue000", "\ufeff", "\ufffd", "\ufffe", "\uffff", "😀", "\U00010000", "\U0010ffff", "\"", "'", "\\", "/", "&", "<", ">",
        "]]>", "&gt;", "&amp;", "<![CDATA[", "\r", "\n", "\r\n", "\n\r", "\t", "\0", "\u0001", "\b", "\f", "\v", "\u001b", "\u001f", "\u007f",
        "</Dossier>", "un peu de texte sans rien de particulier, plus long que tous les vecteurs du processeur", "ÀÉÎÕÜ œuvre",
    ];

    [Test]
    public async Task Stream_OfRandomAnswers_IsWhatTheFormattersWrite([Values] Ordre ordre, [Values] DateTimeKind kind, [Range(1, 25)] int seed)
    {
        var random = new Random(seed);
        var options = new ConsommationOptions { DateDossierKind = kind };
        var store = RandomAnswer(random, ordre);
        var demande = new Demande("C", null, default, null, ordre);
        var expected = await Streamed.GatherAsync(store, demande, options);
        foreach (var (name, stream, format) in new Streamed(1 << random.Next(16)).Writers)
        {
            var actual = await stream(new ConsommationResult(store, demande, options, new RequestFacts()));
            Assert.That(Convert.ToHexString(actual), Is.EqualTo(Convert.ToHexString(format(expected))), $"{name}: {Encoding.UTF8.GetString(actual)}");
        }
    }

    [Test]
    public async Task Stream_OfHalfACharacter_FailsInEveryFormat(
        [Values("demi-haut", "demi-bas", "demi-inverse", "demi-fin")] string half, [Values("libelle", "dossier", "nom")] string place)
    {
        var text = DelicateText.ByName[half];
        var groupe = new Groupe(1, place == "nom" ? text : "", "U", [new(1, place == "libelle" ? text : null, 1)]);
        var store = new GivenStore([groupe], _ => [new(place == "dossier" ? text! : "D", default, "U", 1, 1)]);
        var demande = new Demande("C", null, default, null, Ordre.ParIdentifiant);
        var options = new ConsommationOptions();
        var models = await Streamed.GatherAsync(store, demande, options);
        foreach (var (name, stream, format) in new Streamed(1 << 16).Writers)
        {
            Assert.That(async () => await stream(new ConsommationResult(store, demande, options, new RequestFacts())), Throws.InstanceOf<EncoderFallbackException>(), name);
            Assert.That(() => format(models), Throws.Exception, name);
        }
    }

    private static GivenStore RandomAnswer(Random random, Ordre ordre)
    {
        var groupes = Enumerable.Range(0, random.Next(4)).Select(_ => new Groupe(
            random.Next() * random.Next(-1, 2), TextOrNull(random), ordre == Ordre.ParIdentifiant ? Text(random) : null,
            [.. Enumerable.Range(random.Next(-1, 2), random.Next(5)).Select(sequence => new Somme(sequence, TextOrNull(random), Quantite(random)))])).ToList();
        return new GivenStore(groupes, groupe => groupe.Sommes.Count == 0 ? [] : RandomDetails(new Random(groupe.ProduitId), groupe));
    }

    private static IEnumerable<LigneDetail> RandomDetails(Random random, Groupe groupe) =>
        from number in Enumerable.Range(0, random.Next(6))
        let dossier = new LigneDetail(number + Text(random), Date(random), groupe.Identifiant ?? Text(random), 0, 0)
        from somme in groupe.Sommes.Where((_, i) => i == 0 || random.Next(2) == 0).ToList()
        select dossier with { Sequence = somme.Sequence, Quantite = Quantite(random) };

    private static string? TextOrNull(Random random) => random.Next(5) == 0 ? null : Text(random);

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(random.Next(40) == 0 ? 4000 : 6)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static long Quantite(Random random) => random.Next(4) switch
    {
        0 => long.MinValue + random.Next(2),
        1 => long.MaxValue,
        _ => random.Next(-1000, 1000),
    };

    private static DateTime Date(Random random) => random.Next(8) switch
    {
        0 => DateTime.MinValue,
        1 => DateTime.MaxValue,
        2 => new DateTime(random.NextInt64(DateTime.MaxValue.Ticks)),
        3 => new DateTime(2026, 10, 25, 2, random.Next(60), 0),
        4 => new DateTime(2026, 3, 29, 2, 30, 0).AddTicks(random.Next(10_000_000)),
        5 => new DateTime(2026, 7, 1).AddMilliseconds(random.Next(1_000_000)),
        6 => new DateTime(1905, 2, 3, 4, 5, 6), // Paris was 9 minutes and 21 seconds ahead.
        _ => new DateTime(2026, 1, 1).AddSeconds(random.Next(1_000_000)),
    };
}
