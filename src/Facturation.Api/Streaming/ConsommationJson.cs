using Facturation.Core;
using Facturation.WebApi2.Streaming;

namespace Facturation.Api.Streaming;

/// <summary>The answers in JSON: members in the order of the models, the sums before the details.</summary>
internal sealed class ConsommationJson(JsonOutput output, Ordre ordre, ConsommationOptions options) : ConsommationWriter
{
    private readonly bool isV2 = ordre == Ordre.ParIdentifiant;
    private bool isFirstGroupe = true;

    public override void Begin(bool hasGroupes) => output.Write("["u8);

    public override void End() => output.Write("]"u8);

    protected override void BeginGroupe()
    {
        output.Write(isFirstGroupe ? "{\"ProduitId\":"u8 : ",{\"ProduitId\":"u8);
        isFirstGroupe = false;
        output.WriteNumber(Groupe.ProduitId);
        output.Write(",\"NomProduit\":"u8);
        output.WriteString(Groupe.NomProduit);
        if (isV2)
        {
            output.Write(",\"Identifiant\":"u8);
            output.WriteString(Groupe.Identifiant);
        }
        output.Write(",\"ConsommationsSomme\":["u8);
        for (var i = 0; i < Groupe.Sommes.Count; i++)
            WriteCompteur(Groupe.Sommes[i], Groupe.Sommes[i].Quantite, i == 0);
        output.Write("],\"ConsommationsDetails\":["u8);
    }

    protected override void BeginDossier(in LigneDetail ligne, bool isFirst)
    {
        output.Write(isFirst ? "{\"Dossier\":\""u8 : ",{\"Dossier\":\""u8);
        output.WriteText(ligne.Dossier);
        output.Write("\",\"DateDossier\":\""u8);
        output.WriteDate(options.ToWire(ligne.DateDossier));
        if (isV2)
        {
            output.Write("\",\"Identifiant\":\""u8);
            output.WriteText(ligne.Identifiant);
        }
        output.Write("\",\"Compteur\":["u8);
    }

    protected override void WriteCompteur(in Somme somme, long quantite, bool isFirst)
    {
        output.Write(isFirst ? "{\"Sequence\":"u8 : ",{\"Sequence\":"u8);
        output.WriteNumber(somme.Sequence);
        output.Write(",\"Libelle\":"u8);
        output.WriteString(somme.Libelle);
        output.Write(",\"Quantite\":"u8);
        output.WriteNumber(quantite);
        output.Write("}"u8);
    }

    protected override void EndDossier(in LigneDetail ligne) => output.Write("]}"u8);

    protected override void EndGroupe(bool hasDetails) => output.Write("]}"u8);
}
