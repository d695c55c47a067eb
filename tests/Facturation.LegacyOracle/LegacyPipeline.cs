using System.Net;
using System.Reflection;
using System.Web.Http.Controllers;
using System.Web.Http.Dispatcher;
using System.Web.Http.Filters;

namespace Facturation.LegacyOracle;

/// <summary>The genuine Web API 2 pipeline with the settings WIRE.md was measured with, behind ASP.NET Core's HttpContext.</summary>
internal sealed class LegacyPipeline : IDisposable
{
    private readonly HttpMessageInvoker _invoker;

    public LegacyPipeline(Action<HttpConfiguration> configure)
    {
        var config = new HttpConfiguration { IncludeErrorDetailPolicy = IncludeErrorDetailPolicy.Never };
        config.Services.Replace(typeof(IAssembliesResolver), new OwnAssembly());
        config.Formatters.XmlFormatter.WriterSettings.NewLineChars = "\r\n";
        configure(config);
        _invoker = new HttpMessageInvoker(new HttpServer(config));
    }

    /// <summary>The controllers of tests/Wire.</summary>
    public static LegacyPipeline OfWire(bool refuseInvalidModelState) => new(config =>
    {
        config.Routes.MapHttpRoute("api", "api/{controller}/{id}", new { id = RouteParameter.Optional });
        if (refuseInvalidModelState)
            config.Filters.Add(new RefuseInvalidModelState());
    });

#if WEBAPI2 // The benchmarks have the pipeline without the sample.
    /// <summary>The sample of docs/porting.md before it was ported.</summary>
    public static LegacyPipeline OfSample(bool useXmlSerializer) => new(config =>
    {
        Orders.WebApiConfig.Register(config);
        config.Formatters.XmlFormatter.UseXmlSerializer = useXmlSerializer;
        config.Formatters.XmlFormatter.WriterSettings.NewLineChars = "\n"; // As JSON's, which are those of this machine.
    });
#endif

    public async Task InvokeAsync(HttpContext context)
    {
        using var request = await LegacyMessage.ReadAsync(context.Request);
        using var response = await _invoker.SendAsync(request, context.RequestAborted);
        try
        {
            await LegacyMessage.WriteAsync(response, context.Response);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            // The legacy host buffered: an answer that could not be written became a 500, itself negotiated.
            context.Response.Clear();
            using var error = request.CreateErrorResponse(HttpStatusCode.InternalServerError, exception);
            await LegacyMessage.WriteAsync(error, context.Response);
        }
    }

    public void Dispose() => _invoker.Dispose();

    private sealed class OwnAssembly : IAssembliesResolver
    {
        public ICollection<Assembly> GetAssemblies() => [typeof(LegacyPipeline).Assembly];
    }

    private sealed class RefuseInvalidModelState : ActionFilterAttribute
    {
        public override void OnActionExecuting(HttpActionContext actionContext)
        {
            if (!actionContext.ModelState.IsValid)
                actionContext.Response = actionContext.Request.CreateErrorResponse(HttpStatusCode.BadRequest, actionContext.ModelState);
        }
    }
}
