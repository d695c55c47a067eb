using Facturation.Api.Models;
using Facturation.WebApi2;

namespace Facturation.Wire;

/// <summary>Says what was read, member by member.</summary>
[WebApi2]
public class RapportController : WireController
{
    public ReportModel Post(ParamModel? param) => ReportModel.Of(param, ModelState.IsValid, ErrorLines());
}

/// <summary>Answers what was read.</summary>
[WebApi2]
public class EchoController : WireController
{
    public ParamModel? Post([FromBody] ParamModel? param) => param;

    public ParamModel? Put(ParamModel? modele) => modele;
}

[WebApi2]
public class EchoRicheController : WireController
{
    public RichModel? Post(RichModel? modele) => modele;
}

/// <summary>A body that is itself a collection.</summary>
[WebApi2]
public class EchoListeController : WireController
{
    public List<NestedModel>? Post([FromBody] List<NestedModel>? modeles) => modeles;

    public NestedModel[]? Put([FromBody] NestedModel[]? modeles) => modeles;
}

/// <summary>A simple body: only [FromBody] can ask for one.</summary>
[WebApi2]
public class EchoTexteController : WireController
{
    public string? Post([FromBody] string? texte) => texte;

    public int Put([FromBody] int nombre) => nombre;

    public DateTime? Patch([FromBody] DateTime? date) => date;
}

/// <summary>Simple parameters come from the address, the complex one from the body.</summary>
[WebApi2]
public class EchoAdresseController : WireController
{
    public List<string> Post(int id, ParamModel? param, string? nom = "sans nom") => [.. Lines(id, nom, param), .. ErrorLines().Order(StringComparer.Ordinal)];

    public List<string> Put(int? id, [FromBody] ParamModel? param) => [.. Lines(id, null, param), .. ErrorLines().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(int? id, string? nom, ParamModel? param) =>
        [FormattableString.Invariant($"{id}"), nom ?? "(nul)", FormattableString.Invariant($"{param?.ProduitId}")];
}
