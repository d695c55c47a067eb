using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml.Linq;
using Facturation.Api.Help;
using Facturation.Api.Legacy;
using Facturation.Api.Models;
using Facturation.Api.V1;
using Facturation.Core;
using Facturation.WebApi2.Formats;
using NJsonSchema;
using NJsonSchema.Generation;
using NJsonSchema.Generation.TypeMappers;
using Newtonsoft.Json.Linq;

namespace Facturation.Api.OpenApi;

/// <summary>Adapts the schemas to what is sent, and adds descriptions.</summary>
internal sealed class Schemas(ConsommationOptions options) : ISchemaProcessor
{
    /// <summary>A date and time without offset, a format of OpenAPI's registry. Generators that do not know it use a string.</summary>
    private const string LocalDateTime = "date-time-local";

    /// <summary>The settings for NSwag: types as v1 serializes them. Legacy models are adapted afterwards.</summary>
    public static JsonSchemaGeneratorSettings Settings(Schemas schemas) => new SystemTextJsonSchemaGeneratorSettings
    {
        SchemaType = SchemaType.OpenApi3,
        SerializerOptions = new JsonSerializerOptions(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.Strict },
        DefaultReferenceTypeNullHandling = ReferenceTypeNullHandling.NotNull,
        FlattenInheritanceHierarchy = true,
        AlwaysAllowAdditionalObjectProperties = true, // Answers may gain members.
        UseXmlDocumentation = false, // XmlComments is used instead, as in the help pages.
        TypeMappers =
        {
            new PrimitiveTypeMapper(typeof(Guid), schema => (schema.Type, schema.Format) = (JsonObjectType.String, "uuid")),
            new PrimitiveTypeMapper(typeof(Cursor), schema => schema.Type = JsonObjectType.String),
            new PrimitiveTypeMapper(typeof(Window), schema => schema.Type = JsonObjectType.String),
            new PrimitiveTypeMapper(typeof(Grouping), schema => schema.Type = JsonObjectType.String),
            new PrimitiveTypeMapper(typeof(ReportFormat), schema => schema.Type = JsonObjectType.String),
        },
        SchemaProcessors = { schemas },
    };

    public void Process(SchemaProcessorContext context)
    {
        var (schema, type) = (context.Schema, TypeShape.Unwrap(context.ContextualType.OriginalType));
        if (schema.Properties.Count == 0 || !TypeShape.IsModel(type))
            return;
        schema.Description = XmlComments.SummaryOf(type);
        var members = TypeShape.MembersOf(type).ToArray();
        foreach (var derived in schema.Properties.Keys.Except(members.Select(RequestRules.NameOf)).ToArray())
            schema.Properties.Remove(derived);
        foreach (var member in members)
        {
            var property = schema.Properties[RequestRules.NameOf(member)];
            DescribeMember(property, member);
            property.IsRequired = !IsLegacy(type) && RequestRules.Of(member) is not { IsRequired: false }
                && member.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition != JsonIgnoreCondition.WhenWritingNull;
        }
        if (IsLegacy(type))
            MakeLegacy(schema, type);
    }

    /// <summary>Sets the XML element of a value. NJsonSchema has a property for it, with an internal setter.</summary>
    public static void WriteXml(JsonSchema schema, XName name, bool isWrapped)
    {
        var xml = new JObject { ["name"] = name.LocalName };
        if (name.NamespaceName.Length > 0)
            xml["namespace"] = name.NamespaceName;
        if (isWrapped)
            xml["wrapped"] = true;
        (schema.ExtensionData ??= new Dictionary<string, object?>())["xml"] = xml;
    }

    private static bool IsLegacy(Type type) => type.Namespace == typeof(ParamModel).Namespace;

    /// <summary>Whether a number is what corrections take away from. An index, a price or a range is not.</summary>
    private static bool MayBeNegative(MemberInfo member) => member.Name is nameof(ConsumptionModel.Units) or nameof(BillModel.AmountCents);

    /// <summary>Gives the properties the names and the order of the data contract.</summary>
    private static void MakeLegacy(JsonSchema schema, Type type)
    {
        var contract = XmlContract.Of(type);
        WriteXml(schema, contract.Root, isWrapped: false);
        var members = TypeShape.MembersOf(type)
            .ToDictionary(member => TypeShape.NameOf(member), member => schema.Properties[RequestRules.NameOf(member)]);
        schema.Properties.Clear();
        foreach (var name in contract.Members.Select(member => member.Name.LocalName))
            schema.Properties[name] = members[name];
    }

    private void DescribeMember(JsonSchemaProperty schema, PropertyInfo member)
    {
        if (schema.Reference is not null)
            return; // OpenAPI 3.0 allows no other keyword next to $ref.
        var (type, example) = (TypeShape.Unwrap(member.PropertyType), XmlComments.ExampleOf(member));
        schema.Description = XmlComments.SummaryOf(member);
        if (schema.Item is { OneOf.Count: > 0 } item)
            schema.Item = new JsonSchema { Reference = item.OneOf.Single().Reference }; // Elements cannot be null.
        if (schema.OneOf.Count > 0)
        {
            // Null or a model, in the form that linters and generators support.
            schema.IsNullableRaw = null;
            schema.OneOf.Add(new JsonSchema { Type = JsonObjectType.Object, IsNullableRaw = true, Enumeration = { null } });
            return;
        }
        if (member.GetCustomAttribute<JsonNumberHandlingAttribute>() is not null) // A 64-bit number does not fit in a JavaScript number.
            (schema.Type, schema.Format, schema.Pattern) = (JsonObjectType.String, null, MayBeNegative(member) ? "^-?[0-9]+$" : "^[0-9]+$");
        if (type == typeof(DateTime))
            // A date where a day is requested. Otherwise what the service writes: with an offset only if configured.
            schema.Format = example?.Length == 10 ? "date"
                : IsLegacy(member.DeclaringType!) && options.DateDossierKind != DateTimeKind.Unspecified ? "date-time"
                : LocalDateTime;
        if (example is not null)
            schema.Example = type == typeof(int) ? int.Parse(example, CultureInfo.InvariantCulture) : example;
        if (IsLegacy(member.DeclaringType!))
            // Every property has the namespace, because OpenAPI does not inherit it.
            WriteXml(schema, XName.Get(TypeShape.NameOf(member), XmlContract.Of(member.DeclaringType!).Root.NamespaceName),
                isWrapped: TypeShape.ElementOf(type) is not null);
        RequestRules.Of(member)?.Bound(schema);
        if (member.GetCustomAttribute<WordsAttribute>() is { } answered)
            schema.AddWords(answered.Words);
    }
}
