using Facturation.Core;
using Facturation.WebApi2;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Facturation.Api.Help;

/// <summary>One operation of the API, as MVC describes it.</summary>
internal sealed class Operation
{
    private readonly ApiDescription api;

    /// <param name="api">The description.</param>
    /// <param name="namesQuery">Whether its id and title contain the keys of the query, as on Web API 2's pages.</param>
    public Operation(ApiDescription api, bool namesQuery = true)
    {
        this.api = api;
        Action = (ControllerActionDescriptor)api.ActionDescriptor;
        Parameters = [.. api.ParameterDescriptions.Where(parameter => parameter.Source != BindingSource.Body)];
        Body = api.ParameterDescriptions.FirstOrDefault(parameter => parameter.Source == BindingSource.Body);
        Summary = XmlComments.SummaryOf(Action.MethodInfo);

        string[] keys = namesQuery
            ? [.. Parameters.Where(parameter => parameter.Source != BindingSource.Path).Select(parameter => parameter.Name)]
            : [];
        Title = $"{Method} {Path}{(keys.Length == 0 ? "" : "?" + string.Join('&', keys.Select(key => $"{key}={{{key}}}")))}";
        Id = $"{Method}-{Path.Replace('/', '-').Replace("{", "").Replace("}", "")}"
            + string.Concat(keys.Select(key => "_" + key.Replace('.', '-')));
    }

    /// <summary>Its name in the address of its page: <c>POST-api-ConsommationV2</c>.</summary>
    public string Id { get; }

    /// <summary><c>POST api/ConsommationV2</c>.</summary>
    public string Title { get; }

    public string Method => api.HttpMethod ?? "GET";

    public string Path => api.RelativePath ?? "";

    public ControllerActionDescriptor Action { get; }

    public string? Summary { get; }

    /// <summary>The parameters of the address.</summary>
    public IReadOnlyList<ApiParameterDescription> Parameters { get; }

    /// <summary>The parameter that is read from the body.</summary>
    public ApiParameterDescription? Body { get; }

    /// <summary>The type of a successful answer; null for none.</summary>
    public Type? Answer => api.SupportedResponseTypes.FirstOrDefault(response => response.StatusCode is >= 200 and < 300)?.Type is { } type
        && type != typeof(void) ? type : null;

    /// <summary>The declared types of its body and answer.</summary>
    public IEnumerable<Type> ContractTypes => new[] { Body?.Type, Answer }.OfType<Type>();

    /// <summary>The scopes that a key needs.</summary>
    public IEnumerable<string> Scopes => Core.Scopes.Narrow(
        [.. Action.EndpointMetadata.OfType<AuthorizeAttribute>().Select(authorize => authorize.Policy).OfType<string>()]);
}

/// <summary>The documented operations and models of Web API 2 controllers, collected for the first page that is requested.</summary>
internal sealed class Catalog
{
    private readonly WebApi2Samples samples;
    private readonly DateTime now;
    private readonly Dictionary<string, Type> models = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Type, string> names = [];

    public Catalog(IApiDescriptionGroupCollectionProvider apis, WebApi2Samples samples, TimeProvider clock)
    {
        this.samples = samples;
        now = DateTime.SpecifyKind(Paris.Hour(clock.GetUtcNow()), DateTimeKind.Local);
        // Only Web API 2's: these pages show samples that its formatters write.
        Operations =
        [
            .. apis.ApiDescriptionGroups.Items.SelectMany(group => group.Items)
                .Where(api => api.ActionDescriptor.EndpointMetadata.OfType<WebApi2Attribute>().Any())
                .Select(api => new Operation(api))
                .OrderBy(operation => operation.Action.ControllerName, StringComparer.Ordinal)
                .ThenBy(operation => operation.Id, StringComparer.Ordinal),
        ];
        foreach (var type in ContractTypes.Concat(Operations.SelectMany(o => o.Parameters).Select(p => p.Type)).SelectMany(TypeShape.ModelsIn).Distinct())
        {
            // Of two types with the same short name, the second has its full name.
            var name = models.ContainsKey(TypeShape.NameOf(type)) ? type.FullName! : TypeShape.NameOf(type);
            names.Add(type, name);
            models.Add(name, type);
        }
    }

    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>The names of the models, in order.</summary>
    public IEnumerable<string> ModelNames => models.Keys.Order(StringComparer.Ordinal);

    /// <summary>The declared types of bodies and answers.</summary>
    public IEnumerable<Type> ContractTypes => Operations.SelectMany(operation => operation.ContractTypes).Distinct();

    /// <summary>Finds an operation by its id, in any case.</summary>
    public Operation? FindOperation(string id) =>
        Operations.FirstOrDefault(operation => operation.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    /// <summary>Finds a model by its name, in any case.</summary>
    public Type? FindModel(string name) => models.GetValueOrDefault(name);

    /// <summary>The name of a model in the address of its page.</summary>
    public string NameOf(Type model) => names[model];

    public IReadOnlyList<WebApi2Sample> RequestSamples(Type type) => samples.OfRequest(type, SampleObject.Of(type, now));

    public IReadOnlyList<WebApi2Sample> ResponseSamples(Type type) => samples.OfResponse(type, SampleObject.Of(type, now));

    /// <summary>A body with the examples in the comments of its members; null if they have none.</summary>
    public RequestExample? ExampleOf(Type body)
    {
        var values = TypeShape.MembersOf(body)
            .Select(member => (Member: member, Text: XmlComments.ExampleOf(member)!))
            .Where(value => value.Text is not null)
            .ToArray();
        return values.Length == 0 ? null : new RequestExample(body, values, samples);
    }
}
