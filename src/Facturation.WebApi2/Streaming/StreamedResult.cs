using Facturation.WebApi2.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.WebApi2.Streaming;

/// <summary>
/// An answer that may be too long to be buffered. It writes itself piece by piece in the format that was negotiated for the declared
/// type, and must write the bytes that the formatters would write for a value of that type.
/// </summary>
/// <remarks>
/// A short answer is still sent with its Content-Length (<see cref="WebApi2Options.BufferedAnswerBytes"/>), and a failure up to that
/// size is answered 500. A later failure aborts the connection, so that no client mistakes a partial answer for a complete one.
/// </remarks>
public abstract class StreamedResult : ActionResult
{
    /// <summary>The type that the action would return without streaming. It determines the format.</summary>
    public abstract Type DeclaredType { get; }

    /// <inheritdoc />
    public sealed override Task ExecuteResultAsync(ActionContext context) =>
        context.HttpContext.RequestServices.GetRequiredService<AnswerWriter>().StreamAsync(context.HttpContext, this);

    /// <summary>Writes the answer in JSON. Either this or <see cref="WriteAsync(XmlOutput, CancellationToken)"/> is called, once.</summary>
    /// <param name="output">
    /// Call <see cref="AnswerOutput.FlushIfFullAsync"/> regularly; it waits for the client.
    /// </param>
    /// <param name="cancellation">Cancelled when the client disconnects.</param>
    protected internal abstract Task WriteAsync(JsonOutput output, CancellationToken cancellation);

    /// <summary>Writes the answer in XML. Either this or <see cref="WriteAsync(JsonOutput, CancellationToken)"/> is called, once.</summary>
    /// <inheritdoc cref="WriteAsync(JsonOutput, CancellationToken)" path="/param" />
    protected internal abstract Task WriteAsync(XmlOutput output, CancellationToken cancellation);
}
