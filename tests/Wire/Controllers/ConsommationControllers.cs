using Facturation.Api.Models;
using Facturation.WebApi2;

namespace Facturation.Wire;

[WebApi2]
public class ConsommationV2Controller : WireController
{
    public List<ReponseV2Model> Post(ParamModel? param) => DelicateConsommation.V2(param);
}

[WebApi2]
public class ConsommationController : WireController
{
    public List<ReponseModel> Post([FromBody] ParamModel? param) => DelicateConsommation.V1(param);
}
