using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Facturation.Api.Help;
using Facturation.Api.Models;
using Facturation.WebApi2.Formats;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Facturation.Api.OpenApi;

/// <summary>Makes the schemas those of the wire: names, XML, what numbers and dates are written as; and tells what each is.</summary>
internal sealed class Schemas(XmlComments comments) : IOpenApiSchemaTransformer
{
    /// <summary>Legacy models keep their members' names; numbers are numbers.</summary>
    public static void Configure(JsonSerializerOptions json)
    {
        json.NumberHandling = JsonNumberHandling.Strict;
        json.TypeInfoResolver = (json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(type =>
        {
            if (IsLegacy(type.Type))
                foreach (var member in type.Properties)
                    member.Name = ((System.Reflection.MemberInfo)member.AttributeProvider!).Name;
        });
    }

    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = context.JsonTypeInfo.Type;
        if (context.JsonPropertyInfo is { AttributeProvider: System.Reflection.PropertyInfo member })
            DescribeMember(schema, member);
        else if (context.ParameterDescription is null)
            Describe(schema, type);
        return Task.CompletedTask;
    }

    private static bool IsLegacy(Type type) => type.Namespace == typeof(ParamModel).Namespace;

    private void Describe(OpenApiSchema schema, Type type)
    {
        schema.Description = comments.SummaryOf(type);
        if (!IsLegacy(type))
            return;
        var contract = XmlContract.Of(type);
        schema.Xml = Xml(contract.Root);
        // DataContractSerializer reads elements in this order only.
        var members = schema.Properties!;
        schema.Properties = contract.Members.ToDictionary(member => member.Name.LocalName, member => members[member.Name.LocalName]);
    }

    private void DescribeMember(OpenApiSchema schema, System.Reflection.PropertyInfo member)
    {
        schema.Description = comments.SummaryOf(member);
    }

    private static OpenApiXml Xml(System.Xml.Linq.XName name) =>
        new() { Name = name.LocalName, Namespace = new Uri(name.NamespaceName) };
}
