using Facturation.Core;
using Facturation.WebApi2.Streaming;

namespace Facturation.Api.Legacy.Streaming;

/// <summary>The answers in XML: elements in ordinal order of their names, the details before the sums.</summary>
internal sealed class ConsommationXml(XmlOutput output, Ordre ordre, ConsommationOptions options) : ConsommationWriter(output)
{
    private readonly bool isV2 = ordre == Ordre.ParIdentifiant;
    private bool isEmpty;
    private byte[] afterDossier = [];

    protected override int SeparatorLength => 0;

    public override void Begin(bool isEmpty)
    {
        this.isEmpty = isEmpty;
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

    protected override void BeginGroupe()
    {
        output.Write(isV2 ? "<ReponseV2Model><ConsommationsDetails"u8 : "<ReponseModel><ConsommationsDetails"u8);
        afterDossier = Keep(() =>
        {
            output.Write("</Dossier>"u8);
            WriteIdentifiant();
            output.Write(isV2 ? "</ConsoV2Model>"u8 : "</ConsoModel>"u8);
        });
    }

    protected override void BeginDossier(in LigneDetail ligne, bool isFirst)
    {
        if (isFirst)
            output.Write(">"u8);
        output.Write(isV2 ? "<ConsoV2Model><Compteur>"u8 : "<ConsoModel><Compteur>"u8);
    }

    protected override void BeginCompteur(in Somme somme)
    {
        output.Write("<CompteurModel>"u8);
        output.WriteElement("Libelle"u8, somme.Libelle);
        output.Write("<Quantite>"u8);
    }

    protected override void EndCompteur(in Somme somme)
    {
        output.Write("</Quantite>"u8);
        output.WriteElement("Sequence"u8, somme.Sequence);
        output.Write("</CompteurModel>"u8);
    }

    protected override void EndDossier(in LigneDetail ligne)
    {
        output.Write("</Compteur><DateDossier>"u8);
        output.WriteDate(options.ToWire(ligne.DateDossier));
        output.Write("</DateDossier><Dossier>"u8);
        output.WriteText(ligne.Dossier);
        output.Write(afterDossier);
    }

    protected override void EndDetails(bool isEmpty)
    {
        output.Write(isEmpty ? " />"u8 : "</ConsommationsDetails>"u8);
        output.Write("<ConsommationsSomme"u8);
        if (Groupe.Sommes.Count == 0)
        {
            output.Write(" />"u8);
        }
        else
        {
            output.Write(">"u8);
            WriteSommes();
            output.Write("</ConsommationsSomme>"u8);
        }
        WriteIdentifiant();
        output.WriteElement("NomProduit"u8, Groupe.NomProduit);
        output.WriteElement("ProduitId"u8, Groupe.ProduitId);
        output.Write(isV2 ? "</ReponseV2Model>"u8 : "</ReponseModel>"u8);
    }

    private void WriteIdentifiant()
    {
        if (isV2)
            output.WriteElement("Identifiant"u8, Groupe.Identifiant);
    }
}
