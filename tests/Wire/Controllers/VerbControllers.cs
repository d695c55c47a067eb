using Facturation.Api.Models;
using Facturation.WebApi2;

namespace Facturation.Wire;

/// <summary>Several verbs: what Allow says of them, and which action an address picks.</summary>
[WebApi2]
public class VerbesController : WireController
{
    public string Get() => "tous";

    public string Get(int id) => FormattableString.Invariant($"un {id}");

    public string Post(ParamModel? param) => "ajout";

    public string Put(int id, ParamModel? param) => FormattableString.Invariant($"remplace {id}");

    public string Delete(int id) => FormattableString.Invariant($"supprime {id}");
}

/// <summary>Verbs by attribute, and names that start with a verb.</summary>
[WebApi2]
public class AttributsController : WireController
{
    [HttpGet]
    public string Lire() => "lu";

    [HttpPut, HttpPatch]
    public string Ecrire() => "écrit";

    [AcceptVerbs("OPTIONS", "PURGE")]
    public string Autre() => "autre";

    [HttpHead]
    public string Tete() => "tête";

    public string DeleteTout() => "supprimé";

    public string Recherche(ParamModel? param) => "cherché";
}
