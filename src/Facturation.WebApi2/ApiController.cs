using System.Net;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.WebApi2;

/// <summary>
/// The base class of ported controllers: MVC's <see cref="ControllerBase"/> with the members of Web API 2's that it lacks. A controller
/// that derives from it needs no <see cref="WebApi2Attribute"/>.
/// </summary>
[WebApi2]
public abstract class ApiController : ControllerBase, IDisposable
{
    /// <summary>Answers 200 with a value of type T, which is the root of its XML even for null.</summary>
    protected virtual OkObjectResult Ok<T>(T content) => new(content) { DeclaredType = typeof(T) };

    /// <summary>Answers 201 with a value of type T and its address.</summary>
    protected virtual CreatedResult Created<T>(string location, T content) => new(location, content) { DeclaredType = typeof(T) };

    /// <inheritdoc cref="Created{T}(string, T)" />
    protected virtual CreatedResult Created<T>(Uri location, T content) => new(location, content) { DeclaredType = typeof(T) };

    /// <summary>
    /// Answers 201 with a value of type T and its address. A name that no attribute route has, such as <c>DefaultApi</c>, stands for the
    /// controller's own route.
    /// </summary>
    protected virtual CreatedResult CreatedAtRoute<T>(string routeName, object routeValues, T content) =>
        new(Url.Link(routeName, routeValues) ?? LinkTo(routeValues), content) { DeclaredType = typeof(T) };

    /// <summary>Answers a status with a value of type T.</summary>
    protected virtual ObjectResult Content<T>(HttpStatusCode statusCode, T value) =>
        new(value) { StatusCode = (int)statusCode, DeclaredType = typeof(T) };

    /// <summary>Answers a status without a body.</summary>
    protected virtual StatusCodeResult StatusCode(HttpStatusCode status) => StatusCode((int)status);

    /// <summary>Answers JSON whatever the client accepts.</summary>
    protected virtual JsonResult Json<T>(T content) => new(content);

    /// <summary>Answers 500 without a body.</summary>
    protected virtual StatusCodeResult InternalServerError() => StatusCode(500);

    /// <summary>Answers 500 with the message that stands for any exception, whose own text is not sent.</summary>
    protected virtual HttpErrorResult InternalServerError(Exception exception) => new(500, "An error has occurred.");

    /// <summary>Answers with a message.</summary>
    protected virtual ResponseMessageResult ResponseMessage(HttpResponseMessage response) => new(response);

    /// <summary>The address of the action with other values, in the letters of the request as far as it goes: Web API 2 kept those.</summary>
    private string? LinkTo(object values)
    {
        var sent = $"{Request.Scheme}://{Request.Host}{Request.PathBase}{Request.Path}";
        var link = Url.ActionLink(values: values);
        return link?.StartsWith(sent, StringComparison.OrdinalIgnoreCase) == true ? sent + link[sent.Length..] : link;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the controller holds, after the request.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
