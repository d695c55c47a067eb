using System.Net;
#if WEBAPI2
using System.Web.Http;
#else
using Facturation.WebApi2;
using Microsoft.AspNetCore.Mvc;
using IHttpActionResult = Microsoft.AspNetCore.Mvc.IActionResult;
#endif

namespace Orders;

/// <summary>Found by convention, its actions by their names: api/rpc/reports/{action}/{id}.</summary>
public class ReportsController : ApiController
{
    [HttpGet]
    public Dictionary<OrderState, int> Totals() => OrdersController.Orders.GroupBy(order => order.State).ToDictionary(group => group.Key, group => group.Count());

    [HttpGet]
    public IHttpActionResult Absent(bool typed = true) => typed ? Ok<Order?>(null) : StatusCode(HttpStatusCode.NoContent);

    [HttpPost]
    public async Task<IHttpActionResult> Import(List<Order>? orders)
    {
        await Task.Yield();
        return Content(HttpStatusCode.Accepted, orders);
    }
}
