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

    public Operation(ApiDescription api, XmlComments comments)
    {
        this.api = api;
        Action = (ControllerActionDescriptor)api.ActionDescriptor;
        Parameters = [.. api.ParameterDescriptions.Where(parameter => parameter.Source != BindingSource.Body)];
        Body = api.ParameterDescriptions.FirstOrDefault(parameter => parameter.Source == BindingSource.Body);
        Summary = comments.SummaryOf(Action.MethodInfo);

        var keys = Parameters.Where(parameter => parameter.Source != BindingSource.Path).Select(parameter => parameter.Name).ToArray();
        var path = api.RelativePath ?? "";
        Title = $"{Method} {path}{(keys.Length == 0 ? "" : "?" + string.Join('&', keys.Select(key => $"{key}={{{key}}}")))}";
        PathId = $"{Method}-{path.Replace('/', '-').Replace("{", "").Replace("}", "")}";
        Id = PathId + string.Concat(keys.Select(key => "_" + key.Replace('.', '-')));
    }

    /// <summary>As <see cref="Id"/>, without the query's keys: a parameter that is added changes no address.</summary>
    public string PathId { get; }

    /// <summary>What the page's address names it: <c>POST-api-ConsommationV2</c>.</summary>
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

    /// <summary>What a success answers; null for nothing.</summary>
    public Type? Answer => api.SupportedResponseTypes.FirstOrDefault(response => response.StatusCode is >= 200 and < 300)?.Type is { } type
        && type != typeof(void) ? type : null;

    /// <summary>The scopes a key must carry.</summary>
    public IEnumerable<string> Scopes => Core.Scopes.Narrow(
        [.. Action.EndpointMetadata.OfType<AuthorizeAttribute>().Select(authorize => authorize.Policy).OfType<string>()]);
}

/// <summary>All there is to document: found once, when the first page is asked for.</summary>
internal sealed class Catalog
{
    private readonly WebApi2Samples samples;
    private readonly DateTime now;
    private readonly Dictionary<string, Type> models = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Type, string> names = [];

    public Catalog(IApiDescriptionGroupCollectionProvider apis, WebApi2Samples samples, XmlComments comments, TimeProvider clock)
    {
        (this.samples, Comments) = (samples, comments);
        now = DateTime.SpecifyKind(Paris.Hour(clock.GetUtcNow()), DateTimeKind.Local);
        // Samples are Web API 2's: a controller that speaks otherwise needs pages of another kind.
        Operations =
        [
            .. apis.ApiDescriptionGroups.Items.SelectMany(group => group.Items)
                .Where(api => api.ActionDescriptor.EndpointMetadata.OfType<WebApi2Attribute>().Any())
                .Select(api => new Operation(api, comments))
                .OrderBy(operation => operation.Action.ControllerName, StringComparer.Ordinal)
                .ThenBy(operation => operation.Id, StringComparer.Ordinal),
        ];
        foreach (var type in ContractTypes.Concat(Operations.SelectMany(o => o.Parameters).Select(p => p.Type)))
            AddModels(type);
    }

    public XmlComments Comments { get; }

    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>The names of the models, in order.</summary>
    public IEnumerable<string> ModelNames => models.Keys.Order(StringComparer.Ordinal);

    /// <summary>What bodies and answers are declared as.</summary>
    public IEnumerable<Type> ContractTypes =>
        Operations.SelectMany(operation => new[] { operation.Body?.Type, operation.Answer }).OfType<Type>().Distinct();

    /// <summary>The operation an address names, in any case.</summary>
    public Operation? FindOperation(string id) =>
        Operations.FirstOrDefault(operation => operation.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    /// <summary>The model of this name, in any case.</summary>
    public Type? FindModel(string name) => models.GetValueOrDefault(name);

    /// <summary>The name under which a model has its page.</summary>
    public string NameOf(Type model) => names[model];

    public IReadOnlyList<WebApi2Sample> RequestSamples(Type type) => samples.OfRequest(type, SampleObject.Of(type, now));

    public IReadOnlyList<WebApi2Sample> ResponseSamples(Type type) => samples.OfResponse(type, SampleObject.Of(type, now));

    /// <summary>A body made of the examples that the members' comments give; null when they give none.</summary>
    public RequestExample? ExampleOf(Type body)
    {
        var values = TypeShape.MembersOf(body)
            .Select(member => (Member: member, Text: Comments.ExampleOf(member)!))
            .Where(value => value.Text is not null)
            .ToArray();
        return values.Length == 0 ? null : new RequestExample(body, values, samples);
    }

    private void AddModels(Type declared)
    {
        var type = TypeShape.Unwrap(declared);
        if (TypeShape.DictionaryOf(type) is var (key, value))
        {
            AddModels(key);
            AddModels(value);
        }
        else if (TypeShape.ElementOf(type) is { } element)
        {
            AddModels(element);
        }
        else if (TypeShape.IsModel(type) && !names.ContainsKey(type))
        {
            // Two types of one short name: the second is told by its full name.
            var name = models.ContainsKey(TypeShape.NameOf(type)) ? type.FullName! : TypeShape.NameOf(type);
            names.Add(type, name);
            models.Add(name, type);
            foreach (var member in TypeShape.MembersOf(type))
                AddModels(member.PropertyType);
        }
    }
}
