using Facturation.WebApi2.Formats;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Facturation.WebApi2.Hosting;

/// <summary>Runs around the actions of a Web API 2 controller: it refuses what could not be read and answers as Web API 2 did.</summary>
internal sealed class WebApi2Filter : IResourceFilter, IActionFilter, IAlwaysRunResultFilter, IOrderedFilter
{
    private const string InvalidMessage = "The request is invalid.";

    /// <summary>Runs before [ApiController]'s own filter, which would answer invalid model state in another shape.</summary>
    public int Order => -3000;

    /// <summary>Otherwise MVC would read a form for simple parameters and consume the body.</summary>
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        context.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
        context.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
        context.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }

    public void OnActionExecuting(ActionExecutingContext context)
    {
        var exchange = WebApi2Exchange.Of(context.HttpContext);
        exchange.ActionReached = true;
        CopyErrors(exchange.Errors, context.ModelState);
        if (exchange.Warning is { } warning)
            context.HttpContext.Response.Headers.Append("Warning", XmlWarning.ToHeader(warning));
        if (exchange.Refusal is { } refusal)
            context.Result = refusal;
        else if (!context.ModelState.IsValid && Options(context).RefuseInvalidModelState)
            context.Result = Invalid(context, StatusCodes.Status400BadRequest);
    }

    /// <summary>Runs before exception filters, which in Web API 2 did not see this exception either.</summary>
    public void OnActionExecuted(ActionExecutedContext context)
    {
        if (context.Exception is not HttpResponseException { Response: var response })
            return;
        context.Result = new ResponseMessageResult(response);
        context.ExceptionHandled = true;
    }

    public void OnResultExecuting(ResultExecutingContext context) => context.Result = context.Result switch
    {
        BadRequestObjectResult { Value: SerializableError or ModelStateDictionary } result => Invalid(context, result.StatusCode!.Value),
        BadRequestObjectResult { Value: string message } result => new HttpErrorResult(result.StatusCode!.Value, message),
        ObjectResult { Value: HttpResponseMessage message } => new ResponseMessageResult(message),
        ObjectResult result => Answer(context, result),
        JsonResult { SerializerSettings: null } result => new AnswerResult(
            result.StatusCode ?? StatusCodes.Status200OK, result.Value?.GetType() ?? typeof(object), result.Value, IsJson: true),
        EmptyResult => new StatusCodeResult(StatusCodes.Status204NoContent),
        var other => other,
    };

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }

    private static AnswerResult Answer(ResultExecutingContext context, ObjectResult result)
    {
        result.OnFormatting(context); // Sets the Location of what was created.
        return new AnswerResult(
            result.StatusCode ?? StatusCodes.Status200OK, result.DeclaredType ?? AnswerType.Of(context.ActionDescriptor, result), result.Value);
    }

    /// <summary>
    /// Copies the errors to MVC's model state, without its limit of 200, because an action may look there. An error whose key it does not keep only
    /// marks the parameter as invalid.
    /// </summary>
    private static void CopyErrors(ReadErrors errors, ModelStateDictionary modelState)
    {
        modelState.MaxAllowedErrors = int.MaxValue;
        foreach (var (key, messages) in errors.Entries)
        {
            foreach (var message in messages)
                modelState.AddModelError(IsNotKept(key) ? key[..key.AsSpan().IndexOfAny('.', '[')] : key, message);
        }
    }

    private static HttpErrorResult Invalid(ActionContext context, int statusCode) =>
        new(statusCode, ErrorOf(context.HttpContext, context.ModelState));

    /// <summary>Orders errors as in WIRE.md E1: those found while reading, in that order, then those of the action.</summary>
    public static HttpError ErrorOf(HttpContext context, ModelStateDictionary modelState)
    {
        var entries = new HttpError();
        foreach (var (key, messages) in WebApi2Exchange.Of(context).Errors.Entries)
        {
            if (IsNotKept(key))
                entries[key] = messages.ToArray();
            else if (modelState[key] is { Errors.Count: > 0 } entry)
                entries[key] = MessagesOf(entry);
        }
        if (!entries.Keys.Any(IsNotKept))
        {
            foreach (var (key, entry) in modelState.Where(entry => entry.Value is { Errors.Count: > 0 }))
                entries.TryAdd(key, MessagesOf(entry!));
        }
        return new HttpError(InvalidMessage) { ["ModelState"] = entries };
    }

    /// <summary>Whether MVC's model state has no entry of its own for a key: it is too deep, or its last member has no name.</summary>
    private static bool IsNotKept(string key) => key.EndsWith('.') || key.AsSpan().Count('.') + key.AsSpan().Count('[') > 30;

    private static string[] MessagesOf(ModelStateEntry entry) =>
        [.. entry.Errors.Select(error => string.IsNullOrEmpty(error.ErrorMessage) ? ReadErrors.ErrorOccurred : error.ErrorMessage)];

    private static WebApi2Options Options(ActionContext context) =>
        context.HttpContext.RequestServices.GetRequiredService<IOptions<WebApi2Options>>().Value;

    /// <summary>
    /// Refuses a call whose argument is missing. It is the innermost filter, because the filters of the application may answer the errors
    /// of the model state first.
    /// </summary>
    public sealed class Innermost : IActionFilter, IOrderedFilter
    {
        public int Order => int.MaxValue;

        public void OnActionExecuting(ActionExecutingContext context)
        {
            if (WebApi2Exchange.Of(context.HttpContext).LacksArgument)
                context.Result = new HttpErrorResult(StatusCodes.Status400BadRequest, InvalidMessage);
        }

        public void OnActionExecuted(ActionExecutedContext context)
        {
        }
    }

    /// <summary>Writes an action's value in the negotiated format, unless the action requires JSON.</summary>
    private sealed record AnswerResult(int StatusCode, Type Type, object? Value, bool IsJson = false) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context) => context.HttpContext.RequestServices
            .GetRequiredService<AnswerWriter>().WriteAsync(context.HttpContext, StatusCode, Type, Value, IsJson);
    }
}
