using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Facturation.WebApi2;

/// <summary>Thrown by an action of a Web API 2 controller, or by one of its filters, to answer at once. Exception filters do not see it.</summary>
[SuppressMessage("Design", "CA1032", Justification = "It carries an answer, not a text.")]
public sealed class HttpResponseException : Exception
{
    /// <summary>Answers a status without a body.</summary>
    public HttpResponseException(HttpStatusCode statusCode)
        : this(new HttpResponseMessage(statusCode))
    {
    }

    /// <summary>Answers with a message.</summary>
    public HttpResponseException(HttpResponseMessage response)
        : base($"The request is answered with {(int)response.StatusCode}.") => Response = response;

    /// <summary>The answer.</summary>
    public HttpResponseMessage Response { get; }
}
