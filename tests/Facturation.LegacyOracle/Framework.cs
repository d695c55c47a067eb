// The shared controllers of tests/Wire, read as Web API 2 controllers.
global using System.Web.Http;
global using IWireResult = System.Web.Http.IHttpActionResult;

namespace Facturation.WebApi2;

/// <summary>On this side a controller has nothing to ask for.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class WebApi2Attribute : Attribute;
