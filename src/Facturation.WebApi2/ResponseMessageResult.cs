using Facturation.WebApi2.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.WebApi2;

/// <summary>
/// Answers with a message of System.Net.Http: its status, headers and content. An action of a Web API 2 controller may also return the
/// message itself; filters set this result.
/// </summary>
/// <param name="Response">The message, which is disposed once it is sent.</param>
public sealed record ResponseMessageResult(HttpResponseMessage Response) : IActionResult
{
    /// <inheritdoc />
    public Task ExecuteResultAsync(ActionContext context) =>
        context.HttpContext.RequestServices.GetRequiredService<AnswerWriter>().WriteAsync(context.HttpContext, Response);
}
