using Facturation.WebApi2.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.WebApi2.Streaming;

/// <summary>
/// An answer too long to be gathered first: it writes itself, piece by piece, in whichever format was negotiated for the declared
/// type, and must write the bytes that the formatters would write of a value of that type.
/// </summary>
/// <remarks>
/// A short one still goes out whole and with its length (<see cref="WebApi2Options.BufferedAnswerBytes"/>); what fails until
/// then is answered 500. After that a failure breaks the connection, so that no client takes half an answer for a whole one.
/// </remarks>
public abstract class StreamedResult : ActionResult
{
    /// <summary>The type that the action would return, were the answer gathered first; it decides on the format.</summary>
    public abstract Type DeclaredType { get; }

    /// <inheritdoc />
    public sealed override Task ExecuteResultAsync(ActionContext context) =>
        context.HttpContext.RequestServices.GetRequiredService<AnswerWriter>().StreamAsync(context.HttpContext, this);

    /// <summary>Writes the answer in JSON. Called once, or <see cref="WriteAsync(XmlOutput, CancellationToken)"/> is.</summary>
    /// <param name="output">
    /// Ask it to flush now and then (<see cref="AnswerOutput.FlushIfFullAsync"/>): it then waits for the client.
    /// </param>
    /// <param name="cancellation">Cancelled when the client has left.</param>
    protected internal abstract Task WriteAsync(JsonOutput output, CancellationToken cancellation);

    /// <summary>Writes the answer in XML. Called once, or <see cref="WriteAsync(JsonOutput, CancellationToken)"/> is.</summary>
    /// <inheritdoc cref="WriteAsync(JsonOutput, CancellationToken)" path="/param" />
    protected internal abstract Task WriteAsync(XmlOutput output, CancellationToken cancellation);
}
