using Facturation.Core;
using Facturation.WebApi2.Streaming;

namespace Facturation.Api.Streaming;

/// <summary>The answers in XML: elements in ordinal order of their names, the details before the sums.</summary>
internal sealed class ConsommationXml(XmlOutput output, Ordre ordre, ConsommationOptions options) : ConsommationWriter
{
    private readonly bool isV2 = ordre == Ordre.ParIdentifiant;
    private bool isEmpty;

    public override void Begin(bool hasGroupes)
    {
        isEmpty = !hasGroupes;
        output.Write(isV2 ? "<ArrayOfReponseV2Model"u8 : "<ArrayOfReponseModel"u8);
        output.Write(" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\""u8);
        output.Write(" xmlns=\"http://schemas.datacontract.org/2004/07/Facturation.Api.Models\""u8);
        output.Write(isEmpty ? " />"u8 : ">"u8);
    }

    public override void End()
    {
        if (!isEmpty)
            output.Write(isV2 ? "</ArrayOfReponseV2Model>"u8 : "</ArrayOfReponseModel>"u8);
    }

    protected override void BeginGroupe() =>
        output.Write(isV2 ? "<ReponseV2Model><ConsommationsDetails"u8 : "<ReponseModel><ConsommationsDetails"u8);

    protected override void BeginDossier(in LigneDetail ligne, bool isFirst)
    {
        if (isFirst)
            output.Write(">"u8);
        output.Write(isV2 ? "<ConsoV2Model><Compteur>"u8 : "<ConsoModel><Compteur>"u8);
    }

    protected override void WriteCompteur(in Somme somme, long quantite, bool isFirst)
    {
        output.Write("<CompteurModel>"u8);
        output.WriteElement("Libelle"u8, somme.Libelle);
        output.WriteElement("Quantite"u8, quantite);
        output.WriteElement("Sequence"u8, somme.Sequence);
        output.Write("</CompteurModel>"u8);
    }

    protected override void EndDossier(in LigneDetail ligne)
    {
        output.Write("</Compteur>"u8);
        output.WriteElement("DateDossier"u8, options.ToWire(ligne.DateDossier));
        output.WriteElement("Dossier"u8, ligne.Dossier);
        if (isV2)
            output.WriteElement("Identifiant"u8, ligne.Identifiant);
        output.Write(isV2 ? "</ConsoV2Model>"u8 : "</ConsoModel>"u8);
    }

    protected override void EndGroupe(bool hasDetails)
    {
        output.Write(hasDetails ? "</ConsommationsDetails>"u8 : " />"u8);
        WriteSommes();
        if (isV2)
            output.WriteElement("Identifiant"u8, Groupe.Identifiant);
        output.WriteElement("NomProduit"u8, Groupe.NomProduit);
        output.WriteElement("ProduitId"u8, Groupe.ProduitId);
        output.Write(isV2 ? "</ReponseV2Model>"u8 : "</ReponseModel>"u8);
    }

    private void WriteSommes()
    {
        if (Groupe.Sommes.Count == 0)
        {
            output.Write("<ConsommationsSomme />"u8);
            return;
        }
        output.Write("<ConsommationsSomme>"u8);
        for (var i = 0; i < Groupe.Sommes.Count; i++)
            WriteCompteur(Groupe.Sommes[i], Groupe.Sommes[i].Quantite, i == 0);
        output.Write("</ConsommationsSomme>"u8);
    }
}
