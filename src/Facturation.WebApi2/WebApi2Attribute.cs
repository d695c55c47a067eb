namespace Facturation.WebApi2;

/// <summary>
/// Makes a controller read and answer as it did on ASP.NET Web API 2. Controllers without it are untouched.
/// </summary>
/// <remarks>
/// Without its own route, the controller is reached at <c>{prefix}/{controller}/{id?}</c>. An action without a verb attribute
/// takes the verb that its name starts with (<c>Post</c>, <c>GetAll</c>), or else POST.
/// </remarks>
[AttributeUsage(AttributeTargets.Class)]
public sealed class WebApi2Attribute : Attribute;
