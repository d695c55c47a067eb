using Facturation.WebApi2.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.WebApi2;

/// <summary>Answers an error in Web API 2's shape, in the format the client negotiated (WIRE.md N9).</summary>
/// <param name="StatusCode">The HTTP status, 400 to 599.</param>
/// <param name="Error">The body.</param>
public sealed record HttpErrorResult(int StatusCode, HttpError Error) : IActionResult
{
    /// <summary>Creates an error with a single message.</summary>
    public HttpErrorResult(int statusCode, string message)
        : this(statusCode, new HttpError(message))
    {
    }

    /// <inheritdoc />
    public Task ExecuteResultAsync(ActionContext context) => ExecuteAsync(context.HttpContext);

    /// <summary>Writes the answer from outside MVC, for example from middleware or an authentication handler.</summary>
    public Task ExecuteAsync(HttpContext context) =>
        context.RequestServices.GetRequiredService<AnswerWriter>().WriteAsync(context, StatusCode, typeof(HttpError), Error);
}
