using System.Diagnostics.CodeAnalysis;
using Facturation.Api.Models;

namespace Facturation.Benchmarks.Contenders.Legacy
{
    /// <summary>The operation on the genuine Web API 2.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "An action is an instance method.")]
    public class ConsommationV2Controller : ApiController
    {
        /// <summary>The models of so many rows.</summary>
        public Task<List<ReponseV2Model>> Post(ParamModel param) => Sample.GatherAsync(param.ProduitId ?? 0);
    }
}

namespace Facturation.Benchmarks.Contenders.Stock
{
    /// <summary>The operation on ASP.NET Core MVC as it comes.</summary>
    [Microsoft.AspNetCore.Mvc.ApiController, Microsoft.AspNetCore.Mvc.Route("api/ConsommationV2")]
    public class ConsommationV2Controller : Microsoft.AspNetCore.Mvc.ControllerBase
    {
        /// <summary>The models of so many rows.</summary>
        [Microsoft.AspNetCore.Mvc.HttpPost]
        public Task<List<ReponseV2Model>> Post(ParamModel param) => Sample.GatherAsync(param.ProduitId ?? 0);
    }
}
