using System.Net;
#if WEBAPI2
using System.Web.Http;
#else
using Facturation.WebApi2;
using Microsoft.AspNetCore.Mvc;
using IHttpActionResult = Microsoft.AspNetCore.Mvc.IActionResult;
#endif

namespace Orders;

/// <summary>Found by convention, its actions by their verbs: api/orders/{id}.</summary>
public class OrdersController : ApiController
{
    public IEnumerable<Order> Get() => Orders.Where(order => order.Id < 3);

    public Order Get(int id) => Orders.FirstOrDefault(order => order.Id == id) ?? throw new HttpResponseException(HttpStatusCode.NotFound);

    public IEnumerable<Order> GetByState(OrderState state) => Orders.Where(order => order.State == state);

    public IHttpActionResult Post(Order? order) => order is { Id: 2 }
        ? CreatedAtRoute("DefaultApi", new { id = order.Id }, order)
        : Ok(order);

    [ValidateModel]
    public IHttpActionResult Put(int id, [FromBody] Order? order)
    {
        if (order is null)
            return BadRequest("An order is needed.");
        if (order.Id != id)
        {
            ModelState.AddModelError("order.Id", "Another number than that of the address.");
            return BadRequest(ModelState);
        }
        return id > 2 ? NotFound() : Ok(order);
    }

    public void Delete(int id)
    {
        if (id > 2)
            throw new HttpResponseException(Request.CreateErrorResponse(HttpStatusCode.NotFound, "No order has the number " + id + "."));
        if (id == 2)
            throw new RuleException("A sent order stays.");
    }

    internal static IEnumerable<Order> Orders =>
    [
        new()
        {
            Id = 1, Discount = 1.50m, PlacedAt = new DateTime(2026, 3, 22, 10, 0, 0), Reference = new Guid("2489e9ad-2ee2-8e00-8ec9-32d5f69181c0"),
            Signature = [1, 2, 255], Quantities = new() { ["a b"] = 1, ["Égal"] = null }, Delivery = new Express { Address = "1 <rue>", Hours = 1.5 },
        },
        new() { Id = 2, State = OrderState.Sent, Comment = "a\nb", Delay = new TimeSpan(1, 2, 3, 4), Delivery = new Delivery() },
        new() { Id = 3, State = OrderState.CalledOff, PlacedAt = new DateTime(2026, 3, 22, 10, 0, 0, DateTimeKind.Utc) },
    ];
}
