using Facturation.WebApi2.Formats;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Facturation.WebApi2.Hosting;

/// <summary>
/// Corrects MVC's descriptions of Web API 2 actions, which list the host's formatters and every part of the route, even those that
/// an action does not use.
/// </summary>
internal sealed class WebApi2Descriptions(IReadOnlyList<MediaFormat> formats) : IApiDescriptionProvider
{
    /// <summary>Runs right after MVC's own provider.</summary>
    public int Order => -900;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
        foreach (var api in context.Results.Where(api => api.ActionDescriptor.EndpointMetadata.OfType<WebApi2Attribute>().Any()))
        {
            DescribeAddress(api);
            DescribeFormats(api);
        }
    }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
    }

    /// <summary>
    /// Removes the {id?} of the conventional route where the action takes no id. Parameters that are not in the route come from the query.
    /// </summary>
    private static void DescribeAddress(ApiDescription api)
    {
        var unseen = api.ParameterDescriptions
            .Where(parameter => parameter.RouteInfo is { IsOptional: true } && parameter.ParameterDescriptor is null)
            .ToArray();
        foreach (var parameter in unseen)
            api.ParameterDescriptions.Remove(parameter);
        var names = unseen.Select(parameter => $"{{{parameter.Name}}}").ToHashSet();
        api.RelativePath = string.Join('/', (api.RelativePath ?? "").Split('/').Where(segment => !names.Contains(segment)));

        foreach (var parameter in api.ParameterDescriptions.Where(parameter => parameter.Source == BindingSource.ModelBinding))
            parameter.Source = parameter.RouteInfo is null ? BindingSource.Query : BindingSource.Path;
    }

    private void DescribeFormats(ApiDescription api)
    {
        api.SupportedRequestFormats.Clear();
        if (api.ParameterDescriptions.Any(parameter => parameter.Source == BindingSource.Body))
        {
            foreach (var mediaType in formats.SelectMany(format => format.MediaTypes))
                api.SupportedRequestFormats.Add(new ApiRequestFormat { MediaType = mediaType });
        }
        foreach (var response in api.SupportedResponseTypes.Where(response => response.Type is not null))
        {
            response.ApiResponseFormats.Clear();
            foreach (var mediaType in formats.Where(format => format.CanWrite(response.Type!)).SelectMany(format => format.MediaTypes))
                response.ApiResponseFormats.Add(new ApiResponseFormat { MediaType = mediaType });
        }
    }
}
