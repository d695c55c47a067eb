using System.Net.Mime;
using System.Reflection;
using Facturation.Core;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Facturation.Api.V1;

/// <summary>An attribute that declares the errors of an action: of a parameter, or of the rules.</summary>
internal interface IRefuses
{
    /// <summary>The errors it may cause.</summary>
    IEnumerable<V1Error> Errors { get; }
}

/// <summary>Declares the refusals of the rules for an action. Errors of reading a request are declared by the parameters.</summary>
/// <param name="codes">Constants of <see cref="Core.RefusalCodes"/>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class RefusesAttribute(params string[] codes) : Attribute, IRefuses
{
    /// <summary>The type of their <c>data</c>; null for none.</summary>
    public Type? Data { get; init; }

    public IEnumerable<V1Error> Errors => codes.Select(V1Error.Of);
}

/// <summary>An error status of an operation, with its error codes.</summary>
internal sealed class V1Refusal : ApiResponseType
{
    /// <summary>By code.</summary>
    public required IReadOnlyList<V1Error> Errors { get; init; }

    /// <summary>What it is, in the words of the contract where it has any.</summary>
    public string Title => StatusCode switch
    {
        400 => Has(V1Error.InvalidBody.Code) ? "Corps invalide" : "Paramètre invalide",
        401 => "Non authentifié",
        403 => "Non autorisé",
        404 => Has(RefusalCodes.MeterNotFound) ? "Compteur introuvable"
            : Has(RefusalCodes.BillNotFound) ? "Facture introuvable" : "Compteur de produit introuvable",
        408 => "Corps incomplet",
        409 => "Conflit",
        413 => "Corps trop long",
        415 => "Type de corps refusé",
        429 => "Trop de requêtes",
        503 => "Service indisponible",
        _ => "Échec du service",
    };

    private bool Has(string code) => Errors.Any(error => error.Code == code);
}

/// <summary>
/// Completes the descriptions of the v1 actions in ApiExplorer: JSON only, and every error (<see cref="V1Refusal"/>) that their
/// attributes declare.
/// </summary>
internal sealed class V1Descriptions : IApiDescriptionProvider
{
    private static readonly V1Error[] AnyRequest =
        [V1Error.Unauthenticated, V1Error.Forbidden, V1Error.TooManyRequests, V1Error.Internal, V1Error.Unavailable];

    /// <summary>Runs right after MVC's own provider.</summary>
    public int Order => -900;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
        // HEAD is GET without the body: no operation of its own.
        foreach (var head in context.Results.Where(api => api.HttpMethod == HttpMethods.Head && ActionOf(api) is not null).ToList())
            context.Results.Remove(head);
        foreach (var api in context.Results)
        {
            if (ActionOf(api) is not { } action)
                continue;
            api.SupportedRequestFormats.Clear();
            if (action.Parameters.Any(parameter => parameter.BindingInfo?.BindingSource == BindingSource.Body))
                api.SupportedRequestFormats.Add(new ApiRequestFormat { MediaType = MediaTypeNames.Application.Json });
            // Only a report has other formats, and says so.
            var formats = action.MethodInfo.GetCustomAttribute<ProducesAttribute>()?.ContentTypes.ToArray() ?? [MediaTypeNames.Application.Json];
            foreach (var success in api.SupportedResponseTypes)
                success.ApiResponseFormats = [.. formats.Select(format => new ApiResponseFormat { MediaType = format })];
            foreach (var refusal in RefusalsOf(action))
            {
                refusal.ApiResponseFormats = [new ApiResponseFormat { MediaType = MediaTypeNames.Application.Json }];
                api.SupportedResponseTypes.Add(refusal);
            }
        }
    }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
    }

    /// <summary>The action of an operation of v1; null for any other.</summary>
    private static ControllerActionDescriptor? ActionOf(ApiDescription api) =>
        api.ActionDescriptor is ControllerActionDescriptor action && action.ControllerTypeInfo.IsSubclassOf(typeof(V1Controller)) ? action : null;

    private static IEnumerable<V1Refusal> RefusalsOf(ControllerActionDescriptor action)
    {
        var rules = action.MethodInfo.GetCustomAttributes(false).OfType<RefusesAttribute>().ToArray();
        var parameters = action.MethodInfo.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes(false)).OfType<IRefuses>();
        return rules.Concat(parameters).SelectMany(refuses => refuses.Errors).Concat(AnyRequest).Distinct()
            .GroupBy(error => error.Status).OrderBy(status => status.Key)
            .Select(status => new V1Refusal
            {
                StatusCode = status.Key,
                Errors = [.. status.OrderBy(error => error.Code, StringComparer.Ordinal)],
                Type = rules.Where(rule => rule.Data is not null && rule.Errors.Any(error => error.Status == status.Key))
                    .Select(rule => typeof(ErrorModel<>).MakeGenericType(rule.Data!)).SingleOrDefault(typeof(ErrorModel)),
            });
    }
}
