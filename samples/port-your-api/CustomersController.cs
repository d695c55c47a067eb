using System.Net;
using System.Text;
#if WEBAPI2
using System.Web.Http;
#else
using Facturation.WebApi2;
using Microsoft.AspNetCore.Mvc;
using IHttpActionResult = Microsoft.AspNetCore.Mvc.IActionResult;
using RoutePrefixAttribute = Microsoft.AspNetCore.Mvc.RouteAttribute;
#endif

namespace Orders;

/// <summary>Found by attributes.</summary>
[RoutePrefix("api/customers"), Stamp]
public class CustomersController : ApiController
{
    [Route("")]
    public List<string> GetCustomers([FromUri] Paging? paging) => Lines(paging);

    [HttpGet, Route("search")]
    public List<string> Search([FromUri(Name = "p")] Paging? paging, [FromUri] string? q = null) => [q ?? "-", .. Lines(paging)];

    [Route("{id:int}", Name = "customer")]
    public HttpResponseMessage GetCustomer(int id) => id == 1
        ? Request.CreateResponse(HttpStatusCode.OK, new Customer { Id = 1, Name = "Zoé", Email = "z@example.com", Note = "n", Tags = ["a", "b"] })
        : Request.CreateErrorResponse(HttpStatusCode.NotFound, "Nobody has the number " + id + ".");

    [Route("{id:int}/card")]
    public HttpResponseMessage GetCard(int id)
    {
        var response = Request.CreateResponse(HttpStatusCode.OK);
        response.Content = new StringContent("BEGIN:VCARD " + id, Encoding.UTF8, "text/vcard");
        response.Headers.ETag = new System.Net.Http.Headers.EntityTagHeaderValue("\"1\"");
        return response;
    }

    [Route("")]
    public HttpResponseMessage PostCustomer(Customer? customer)
    {
        if (!ModelState.IsValid)
            return Request.CreateErrorResponse(HttpStatusCode.BadRequest, ModelState);
        var response = Request.CreateResponse(HttpStatusCode.Created, customer);
        response.Headers.Location = new Uri("http://localhost/api/customers/" + customer?.Id);
        return response;
    }

    [HttpPut, Route("{id:int:max(9)}")]
    public IHttpActionResult Rename(int id, [FromUri] string name) => name.Length > 9
        ? ResponseMessage(Request.CreateErrorResponse(HttpStatusCode.BadRequest, new HttpError("Too long.") { ["Length"] = name.Length }))
        : Ok(new Customer { Id = id, Name = name });

    [HttpDelete, Route("{id:int}")]
    public IHttpActionResult Remove(int id) => id switch
    {
        1 => throw new RuleException("Customer 1 has orders."),
        2 => throw new InvalidOperationException("secret"),
        3 => InternalServerError(),
        4 => InternalServerError(new InvalidOperationException("secret")),
        5 => Conflict(),
        6 => Json(new Customer { Id = 6 }),
        _ => Ok(),
    };

    [Route("~/api/categories")]
    public Category GetCategories()
    {
        var root = new Category { Name = "root" };
        root.Children.Add(new Category { Name = "leaf", Parent = root });
        return root;
    }

    [Route("~/api/employees/{name:alpha?}")]
    public Employee GetEmployees(string name = "Ada")
    {
        var manager = new Employee { Name = name };
        manager.Reports = [new Employee { Name = "Bob", Manager = manager }];
        return manager;
    }

    private static List<string> Lines(Paging? paging) => paging is null
        ? ["nothing"]
        : [$"{paging.Page}", $"{paging.Size}", $"{paging.State}", string.Join('+', paging.Sort ?? ["-"])];
}
