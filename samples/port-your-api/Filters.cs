using System.Net;
#if WEBAPI2
using System.Net.Http;
using System.Web.Http.Controllers;
using System.Web.Http.Filters;
#else
using Facturation.WebApi2;
using Microsoft.AspNetCore.Mvc.Filters;
#endif

namespace Orders;

/// <summary>A rule of the business is broken.</summary>
public class RuleException(string message) : Exception(message);

/// <summary>Answers a broken rule with 409.</summary>
public sealed class RuleFilter : ExceptionFilterAttribute
{
#if WEBAPI2
    public override void OnException(HttpActionExecutedContext context)
    {
        if (context.Exception is RuleException rule)
            context.Response = context.Request.CreateErrorResponse(HttpStatusCode.Conflict, rule.Message);
    }
#else
    public override void OnException(ExceptionContext context)
    {
        if (context.Exception is RuleException rule)
            context.Result = new ResponseMessageResult(context.HttpContext.Request.CreateErrorResponse(HttpStatusCode.Conflict, rule.Message));
    }
#endif
}

/// <summary>Refuses what cannot be read.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class ValidateModelAttribute : ActionFilterAttribute
{
#if WEBAPI2
    public override void OnActionExecuting(HttpActionContext context)
    {
        if (!context.ModelState.IsValid)
            context.Response = context.Request.CreateErrorResponse(HttpStatusCode.BadRequest, context.ModelState);
    }
#else
    public override void OnActionExecuting(ActionExecutingContext context)
    {
        if (!context.ModelState.IsValid)
            context.Result = new ResponseMessageResult(context.HttpContext.Request.CreateErrorResponse(HttpStatusCode.BadRequest, context.ModelState));
    }
#endif
}

/// <summary>Marks answers, before and after the action.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class StampAttribute : ActionFilterAttribute
{
#if WEBAPI2
    public override void OnActionExecuted(HttpActionExecutedContext context) => context.Response?.Headers.Add("X-Stamp", "orders");
#else
    public override void OnActionExecuted(ActionExecutedContext context)
    {
        if (context.Exception is null)
            context.HttpContext.Response.Headers["X-Stamp"] = "orders";
    }
#endif
}
