using Facturation.Wire;

namespace Facturation.WireHost;

/// <summary>A controller of the new kind in the same host: it must answer as if Web API 2 had never existed.</summary>
[ApiController, Route("v1/plain")]
public class PlainController : ControllerBase
{
    [HttpGet]
    public NestedModel Get() => new() { Numero = 1, Nom = "é<&>" };

    [HttpPost]
    public NestedModel Post(NestedModel model) => model;

    [HttpGet("nothing")]
    public NestedModel? GetNothing() => null;
}
