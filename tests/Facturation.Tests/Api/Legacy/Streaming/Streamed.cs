using System.Text;
using Facturation.Api.Legacy;
using Facturation.Api.Legacy.Streaming;
using Facturation.Api.Models;
using Facturation.Core;
using Facturation.WebApi2;
using Facturation.WebApi2.Formats;
using Facturation.WebApi2.Time;
using Microsoft.AspNetCore.Http;

namespace Facturation.Tests.Api.Legacy.Streaming;

/// <summary>An answer as it is streamed, and the same answer as the formatters write it.</summary>
internal sealed class Streamed(int bufferedBytes)
{
    private static readonly LegacyTimeZone Paris = new(new WebApi2Options().TimeZone, TimeProvider.System);

    private readonly MediaFormat[] formats = Formats(new WebApi2Options { BufferedAnswerBytes = bufferedBytes });

    /// <summary>Every format in every encoding, by name.</summary>
    public IEnumerable<(string Name, Func<ConsommationResult, Task<byte[]>> Stream, Func<object, byte[]> Format)> Writers =>
        from format in formats
        from encoding in MediaFormat.Encodings
        select (
            $"{format.MediaTypes[0]} {encoding.WebName}",
            (Func<ConsommationResult, Task<byte[]>>)(result => StreamAsync(format, encoding, result)),
            (Func<object, byte[]>)(value => Format(format, encoding, value)));

    /// <summary>The models of an answer, gathered from its view as the old service gathered them.</summary>
    public static async Task<object> GatherAsync(IConsommationStore store, Demande demande, ConsommationOptions options)
    {
        await using var view = await store.OpenAsync(demande);
        var reponses = new List<ReponseV2Model>();
        foreach (var groupe in view.Groupes)
        {
            var lignes = await view.ListDetailsAsync(groupe);
            reponses.Add(new ReponseV2Model
            {
                ProduitId = groupe.ProduitId,
                NomProduit = groupe.NomProduit,
                Identifiant = groupe.Identifiant,
                ConsommationsSomme = [.. groupe.Sommes.Select(s => Compteur(s.Sequence, s.Quantite))],
                ConsommationsDetails = [.. lignes
                    .GroupBy(l => (l.Dossier, l.DateDossier, l.Identifiant))
                    .Select(d => new ConsoV2Model
                    {
                        Dossier = d.Key.Dossier,
                        DateDossier = options.ToWire(d.Key.DateDossier),
                        Identifiant = d.Key.Identifiant,
                        Compteur = [.. d.Select(l => Compteur(l.Sequence, l.Quantite))],
                    })],
            });

            CompteurModel Compteur(int sequence, long quantite) => new()
            {
                Sequence = sequence,
                Libelle = groupe.Sommes.Single(s => s.Sequence == sequence).Libelle,
                Quantite = quantite,
            };
        }
        return demande.Ordre == Ordre.ParIdentifiant ? reponses : reponses.ConvertAll(ToV1);
    }

    private static ReponseModel ToV1(ReponseV2Model reponse) => new()
    {
        ProduitId = reponse.ProduitId,
        NomProduit = reponse.NomProduit,
        ConsommationsSomme = reponse.ConsommationsSomme,
        ConsommationsDetails = reponse.ConsommationsDetails!.ConvertAll(
            detail => new ConsoModel { Dossier = detail.Dossier, DateDossier = detail.DateDossier, Compteur = detail.Compteur }),
    };

    private static MediaFormat[] Formats(WebApi2Options options) => [new JsonFormat(Paris, options), new XmlFormat(Paris, options)];

    private static async Task<byte[]> StreamAsync(MediaFormat format, Encoding encoding, ConsommationResult result)
    {
        var body = new MemoryStream();
        using var output = format.WriteTo(new DefaultHttpContext { Response = { Body = body } }.Response, encoding);
        await output.WriteAsync(result, default);
        await output.EndAsync(default);
        return body.ToArray();
    }

    private static byte[] Format(MediaFormat format, Encoding encoding, object value)
    {
        var body = new MemoryStream();
        format.Write(value.GetType(), value, body, encoding);
        return body.ToArray();
    }
}
