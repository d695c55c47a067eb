using Facturation.Core;
using Facturation.WebApi2.Streaming;

namespace Facturation.Api.Legacy.Streaming;

/// <summary>The answers in JSON: members in the order of the models, the sums before the details.</summary>
internal sealed class ConsommationJson(JsonOutput output, Ordre ordre, ConsommationOptions options) : ConsommationWriter(output)
{
    private readonly bool isV2 = ordre == Ordre.ParIdentifiant;
    private bool hasGroupes;
    private byte[] afterDate = [];

    protected override int SeparatorLength => 1;

    public override void Begin(bool isEmpty) => output.Write("["u8);

    public override void End() => output.Write("]"u8);

    protected override void BeginGroupe()
    {
        output.Write(hasGroupes ? ",{\"ProduitId\":"u8 : "{\"ProduitId\":"u8);
        hasGroupes = true;
        output.WriteNumber(Groupe.ProduitId);
        output.Write(",\"NomProduit\":"u8);
        output.WriteString(Groupe.NomProduit);
        WriteIdentifiant();
        output.Write(",\"ConsommationsSomme\":["u8);
        WriteSommes();
        output.Write("],\"ConsommationsDetails\":["u8);
        afterDate = Keep(() =>
        {
            output.Write("\""u8);
            WriteIdentifiant();
            output.Write(",\"Compteur\":["u8);
        });
    }

    protected override void BeginDossier(in LigneDetail ligne, bool isFirst)
    {
        output.Write(isFirst ? "{\"Dossier\":\""u8 : ",{\"Dossier\":\""u8);
        output.WriteText(ligne.Dossier);
        output.Write("\",\"DateDossier\":\""u8);
        output.WriteDate(options.ToWire(ligne.DateDossier));
        output.Write(afterDate);
    }

    protected override void BeginCompteur(in Somme somme)
    {
        output.Write(",{\"Sequence\":"u8);
        output.WriteNumber(somme.Sequence);
        output.Write(",\"Libelle\":"u8);
        output.WriteString(somme.Libelle);
        output.Write(",\"Quantite\":"u8);
    }

    protected override void EndCompteur(in Somme somme) => output.Write("}"u8);

    protected override void EndDossier(in LigneDetail ligne) => output.Write("]}"u8);

    protected override void EndDetails(bool isEmpty) => output.Write("]}"u8);

    private void WriteIdentifiant()
    {
        if (!isV2)
            return;
        output.Write(",\"Identifiant\":"u8);
        output.WriteString(Groupe.Identifiant);
    }
}
