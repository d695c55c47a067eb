using Newtonsoft.Json.Converters;
using Newtonsoft.Json.Serialization;
#if WEBAPI2
using System.Web.Http;
#else
using Facturation.WebApi2;
using Microsoft.AspNetCore.Mvc;
#endif

namespace Orders;

public static class WebApiConfig
{
#if WEBAPI2
    public static void Register(HttpConfiguration config)
    {
        config.MapHttpAttributeRoutes();
        config.Routes.MapHttpRoute("DefaultApi", "api/{controller}/{id}", new { id = RouteParameter.Optional });
        config.Routes.MapHttpRoute("RpcApi", "api/rpc/{controller}/{action}/{id}", new { id = RouteParameter.Optional });
        config.Filters.Add(new RuleFilter());

        var json = config.Formatters.JsonFormatter;
        json.SerializerSettings.ContractResolver = new CamelCasePropertyNamesContractResolver();
        json.SerializerSettings.Converters.Add(new StringEnumConverter());
        json.Indent = true;
        config.Formatters.XmlFormatter.Indent = true;
    }
#else
    public static void Register(WebApi2Options options)
    {
        options.TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
        options.RefuseInvalidModelState = false;
        options.Routes.Add("rpc/{controller}/{action}/{id?}");

        options.Formatters.JsonSettings.ContractResolver = new CamelCasePropertyNamesContractResolver();
        options.Formatters.JsonSettings.Converters.Add(new StringEnumConverter());
        options.Formatters.JsonSettings.Formatting = Newtonsoft.Json.Formatting.Indented;
        options.Formatters.IndentXml = true;
    }

    public static void Register(MvcOptions mvc) => mvc.Filters.Add(new RuleFilter());
#endif
}
