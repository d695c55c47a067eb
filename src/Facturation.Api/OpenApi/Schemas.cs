using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Xml.Linq;
using Facturation.Api.Help;
using Facturation.Api.Models;
using Facturation.WebApi2.Formats;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Facturation.Api.OpenApi;

/// <summary>Makes the schemas those of the wire, and tells what each is.</summary>
internal sealed class Schemas(XmlComments comments, ConsommationOptions options) : IOpenApiSchemaTransformer
{
    /// <summary>A date and hour without offset, in OpenAPI's registry of formats: generators that do not know it see a text.</summary>
    private const string Hour = "date-time-local";

    /// <summary>Legacy models keep their members' names; numbers are numbers.</summary>
    public static void Configure(JsonSerializerOptions json)
    {
        json.NumberHandling = JsonNumberHandling.Strict;
        json.TypeInfoResolver = (json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(type =>
        {
            if (!IsLegacy(type.Type))
                return;
            foreach (var member in type.Properties)
                member.Name = TypeShape.NameOf((PropertyInfo)member.AttributeProvider!);
        });
    }

    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = TypeShape.Unwrap(context.JsonTypeInfo.Type);
        if (TypeShape.IsModel(type))
            Describe(schema, type);
        else if (context.JsonPropertyInfo?.AttributeProvider is PropertyInfo member)
            DescribeMember(schema, member);
        else if (TypeShape.ElementOf(type) is { } element && IsLegacy(element))
            schema.Xml = Xml(XmlContract.Of(type).Root, isWrapped: true);
        return Task.CompletedTask;
    }

    private static bool IsLegacy(Type type) => type.Namespace == typeof(ParamModel).Namespace;

    private void Describe(OpenApiSchema schema, Type type)
    {
        schema.Description = comments.SummaryOf(type);
        if (IsLegacy(type))
        {
            var contract = XmlContract.Of(type);
            schema.Xml = Xml(contract.Root);
            // DataContractSerializer reads elements in this order only.
            var members = schema.Properties!;
            schema.Properties = contract.Members.ToDictionary(member => member.Name.LocalName, member => members[member.Name.LocalName]);
        }
        foreach (var member in TypeShape.MembersOf(type))
        {
            var isOptional = RequestRules.Of(member) is { IsRequired: false }
                || member.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.WhenWritingNull;
            if (isOptional)
                schema.Required?.Remove(RequestRules.NameOf(member));
        }
    }

    private void DescribeMember(OpenApiSchema schema, PropertyInfo member)
    {
        var (type, example) = (TypeShape.Unwrap(member.PropertyType), comments.ExampleOf(member));
        schema.Description = comments.SummaryOf(member);
        if (member.GetCustomAttribute<JsonNumberHandlingAttribute>() is not null)
            WriteAsDigits(schema, isNullable: type != member.PropertyType);
        if (type == typeof(DateTime))
            // A day where a day is asked for; elsewhere what the service writes, which has an offset only if it is set to.
            schema.Format = example?.Length == 10 ? "date"
                : IsLegacy(member.DeclaringType!) && options.DateDossierKind != DateTimeKind.Unspecified ? "date-time"
                : Hour;
#pragma warning disable CS0618 // Examples are OpenAPI 3.1's.
        if (example is not null)
            schema.Example = type == typeof(int) ? int.Parse(example, CultureInfo.InvariantCulture) : JsonValue.Create(example);
#pragma warning restore CS0618
        if (IsLegacy(member.DeclaringType!))
        {
            var name = XName.Get(TypeShape.NameOf(member), XmlContract.Of(member.DeclaringType!).Root.NamespaceName);
            schema.Xml = Xml(name, isWrapped: TypeShape.ElementOf(type) is not null);
        }
        RequestRules.Of(member)?.Bound(schema);
    }

    /// <summary>A 64-bit number does not fit in JavaScript's: it is written as a text.</summary>
    private static void WriteAsDigits(OpenApiSchema schema, bool isNullable)
    {
        schema.Type = isNullable ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        (schema.AnyOf, schema.OneOf, schema.Format, schema.Pattern) = (null, null, null, "^[0-9]+$");
    }

    private static OpenApiXml Xml(XName name, bool isWrapped = false) =>
        new() { Name = name.LocalName, Namespace = new Uri(name.NamespaceName), Wrapped = isWrapped };
}
