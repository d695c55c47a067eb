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
        else if (exchange.LacksArgument)
            context.Result = new HttpErrorResult(StatusCodes.Status400BadRequest, InvalidMessage);
    }

    public void OnActionExecuted(ActionExecutedContext context)
    {
    }

    public void OnResultExecuting(ResultExecutingContext context) => context.Result = context.Result switch
    {
        BadRequestObjectResult { Value: SerializableError or ModelStateDictionary } result => Invalid(context, result.StatusCode!.Value),
        BadRequestObjectResult { Value: string message } result => new HttpErrorResult(result.StatusCode!.Value, message),
        ObjectResult result => new AnswerResult(
            result.StatusCode ?? StatusCodes.Status200OK, result.DeclaredType ?? AnswerType.Of(context.ActionDescriptor, result), result.Value),
        JsonResult { SerializerSettings: null } result => new AnswerResult(
            result.StatusCode ?? StatusCodes.Status200OK, result.Value?.GetType() ?? typeof(object), result.Value, IsJson: true),
        EmptyResult => new StatusCodeResult(StatusCodes.Status204NoContent),
        var other => other,
    };

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }

    /// <summary>
    /// Copies the errors to MVC's model state, without its limit of 200, because an action may look there. Its depth limit remains:
    /// a deeper error only marks the parameter as invalid.
    /// </summary>
    private static void CopyErrors(ReadErrors errors, ModelStateDictionary modelState)
    {
        modelState.MaxAllowedErrors = int.MaxValue;
        foreach (var (key, messages) in errors.Entries)
        {
            foreach (var message in messages)
                modelState.AddModelError(IsTooDeep(key) ? key[..key.AsSpan().IndexOfAny('.', '[')] : key, message);
        }
    }

    /// <summary>Orders errors as in WIRE.md E1: those found while reading, in that order, then those of the action.</summary>
    private static HttpErrorResult Invalid(ActionContext context, int statusCode)
    {
        var entries = new HttpError();
        foreach (var (key, messages) in WebApi2Exchange.Of(context.HttpContext).Errors.Entries)
        {
            if (IsTooDeep(key))
                entries[key] = messages.ToArray();
            else if (context.ModelState[key] is { Errors.Count: > 0 } entry)
                entries[key] = MessagesOf(entry);
        }
        if (!entries.Keys.Any(IsTooDeep))
        {
            foreach (var (key, entry) in context.ModelState.Where(entry => entry.Value is { Errors.Count: > 0 }))
                entries.TryAdd(key, MessagesOf(entry!));
        }
        return new HttpErrorResult(statusCode, new HttpError(InvalidMessage) { ["ModelState"] = entries });
    }

    private static bool IsTooDeep(string key) => key.AsSpan().Count('.') + key.AsSpan().Count('[') > 30;

    private static string[] MessagesOf(ModelStateEntry entry) =>
        [.. entry.Errors.Select(error => string.IsNullOrEmpty(error.ErrorMessage) ? ReadErrors.ErrorOccurred : error.ErrorMessage)];

    private static WebApi2Options Options(ActionContext context) =>
        context.HttpContext.RequestServices.GetRequiredService<IOptions<WebApi2Options>>().Value;

    /// <summary>Writes an action's value in the negotiated format, unless the action requires JSON.</summary>
    private sealed record AnswerResult(int StatusCode, Type Type, object? Value, bool IsJson = false) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context) => context.HttpContext.RequestServices
            .GetRequiredService<AnswerWriter>().WriteAsync(context.HttpContext, StatusCode, Type, Value, IsJson);
    }
}
