using Facturation.Api.Models;
using Facturation.WebApi2;

namespace Facturation.Wire;

/// <summary>Results both frameworks name alike.</summary>
[WebApi2]
public class StatutController : WireController
{
    public IWireResult Get(string id) => Answer(id, null);

    public IWireResult Post(string id, ParamModel? param) => Answer(id, param);

    private IWireResult Answer(string id, ParamModel? param)
    {
        switch (id)
        {
            case "ok": return Ok();
            case "ok-modele": return Ok(param ?? new ParamModel { ProduitId = 7 });
            case "ok-liste": return Ok(Delicate.List("imbrique"));
            case "absent": return NotFound();
            case "mauvais": return BadRequest();
            case "mauvais-texte": return BadRequest("Période \"invalide\" <fin>");
            // In the order MVC keeps; another order is a known difference (ADR 0003).
            case "mauvais-etat":
                ModelState.AddModelError("", "sans clé");
                ModelState.AddModelError("a b[0]:x", "clé <étrange>");
                ModelState.AddModelError("param.Debut", "Début après fin");
                ModelState.AddModelError("param.Debut", "deux fois");
                return BadRequest(ModelState);
            case "mauvais-ordre":
                ModelState.AddModelError("param.Debut", "d'abord");
                ModelState.AddModelError("param.Fin", "ensuite");
                return BadRequest(ModelState);
            case "conflit": return Conflict();
            case "cree": return Created("http://localhost/api/statut/1", param ?? new ParamModel());
            case "teapot": return StatusCode(418);
            case "vide": return StatusCode(204);
            case "accepte": return StatusCode(202);
            case "erreur": return StatusCode(500);
            case "interdit": return StatusCode(403);
            case "redirige": return Redirect("http://localhost/api/ailleurs");
            default: throw new InvalidOperationException("Cas inconnu : " + id);
        }
    }
}

[WebApi2]
public class PanneController : WireController
{
    public List<DelicateModel> Get() => throw new InvalidOperationException("secret");

    public async Task<int> Post(ParamModel? param)
    {
        await Task.Yield();
        throw new InvalidOperationException("secret" + param?.ProduitId);
    }

    /// <summary>Fails while the answer is written, not before.</summary>
    public IEnumerable<DelicateModel> Put() =>
        Delicate.List("imbrique")!.Select(DelicateModel (_) => throw new InvalidOperationException("secret"));

    public ThrowingModel Delete() => new();
}

public class ThrowingModel
{
    public string? Avant { get; set; } = "avant";

    public string? Panne
    {
        get => throw new InvalidOperationException("secret");
        set => _ = value;
    }
}

[WebApi2]
public class RienController : WireController
{
    public void Get()
    {
    }

    public async Task Post(ParamModel? param) => await Task.Yield();

    public Task<ParamModel?> Put() => Task.FromResult<ParamModel?>(null);
}

[WebApi2, Authorize]
public class ProtegeController : WireController
{
    public string Get() => "secret";

    public ParamModel? Post(ParamModel? param) => param;
}
