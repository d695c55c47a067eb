using System.Net;
using Facturation.WebApi2.Formats;
using Facturation.WebApi2.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.WebApi2;

/// <summary>Creates messages that answer a request, as the extensions of Web API 2's request message did.</summary>
public static class ResponseExtensions
{
    /// <summary>Creates an answer without a body.</summary>
    public static HttpResponseMessage CreateResponse(this HttpRequest request, HttpStatusCode statusCode) => new(statusCode);

    /// <summary>Creates a 200 with a value in the negotiated format.</summary>
    public static HttpResponseMessage CreateResponse<T>(this HttpRequest request, T value) => request.CreateResponse(HttpStatusCode.OK, value);

    /// <summary>Creates an answer with a value in the negotiated format.</summary>
    public static HttpResponseMessage CreateResponse<T>(this HttpRequest request, HttpStatusCode statusCode, T value) =>
        new(statusCode) { Content = request.HttpContext.RequestServices.GetRequiredService<AnswerWriter>().ContentOf(request, typeof(T), value) };

    /// <summary>Creates an error with a message.</summary>
    public static HttpResponseMessage CreateErrorResponse(this HttpRequest request, HttpStatusCode statusCode, string message) =>
        request.CreateErrorResponse(statusCode, new HttpError(message));

    /// <summary>Creates an error for an exception, whose own text is not sent.</summary>
    public static HttpResponseMessage CreateErrorResponse(this HttpRequest request, HttpStatusCode statusCode, Exception exception) =>
        request.CreateErrorResponse(statusCode, new HttpError(ReadErrors.ErrorOccurred));

    /// <summary>Creates an error with the messages of a model state.</summary>
    public static HttpResponseMessage CreateErrorResponse(this HttpRequest request, HttpStatusCode statusCode, ModelStateDictionary modelState) =>
        request.CreateErrorResponse(statusCode, WebApi2Filter.ErrorOf(request.HttpContext, modelState));

    /// <summary>Creates an error.</summary>
    public static HttpResponseMessage CreateErrorResponse(this HttpRequest request, HttpStatusCode statusCode, HttpError error) =>
        request.CreateResponse(statusCode, error);
}
