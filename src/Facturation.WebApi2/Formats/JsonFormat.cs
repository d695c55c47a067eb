using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
using Facturation.WebApi2.Streaming;
using Facturation.WebApi2.Time;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;

namespace Facturation.WebApi2.Formats;

/// <summary>JSON as Web API 2 read and wrote it, with Newtonsoft.Json (WIRE.md J1 to J7, O1).</summary>
internal sealed class JsonFormat(LegacyTimeZone zone, WebApi2Options options) : MediaFormat
{
    private const int MaxDepth = 256;

    private readonly JsonSerializerSettings settings = new()
    {
        ContractResolver = new LegacyContractResolver(),
        MissingMemberHandling = MissingMemberHandling.Ignore,
        TypeNameHandling = TypeNameHandling.None,
    };

    public override IReadOnlyList<string> MediaTypes { get; } = ["application/json", "text/json"];

    public override bool CanWrite(Type type) => true;

    public override void Write(Type type, object? value, Stream output, Encoding encoding, bool indented = false)
    {
        using var writer = new LegacyJsonWriter(new StreamWriter(output, encoding, leaveOpen: true) { NewLine = "\n" }, zone)
        {
            Formatting = indented ? Formatting.Indented : Formatting.None,
        };
        JsonSerializer.Create(settings).Serialize(writer, value);
    }

    public override AnswerOutput WriteTo(HttpResponse response, Encoding encoding) =>
        new JsonOutput(response, encoding, zone, options.BufferedAnswerBytes);

    protected override object? ReadValue(Type type, MemoryStream body, Encoding encoding, ParameterErrors errors)
    {
        using var reader = new LegacyJsonReader(body, encoding, zone) { CloseInput = false, MaxDepth = MaxDepth };
        var serializer = JsonSerializer.Create(settings);
        // Every error is recorded and handled, so that reading continues after it (J2).
        serializer.Error += (_, e) =>
        {
            errors.Add(e.ErrorContext.Path);
            e.ErrorContext.Handled = !errors.IsFull;
        };
        return serializer.Deserialize(reader, type);
    }

    /// <summary>
    /// Honours [Serializable], whose types are serialized by their fields. A member is required only if it cannot be null and has a
    /// validation attribute; a missing one would otherwise pass as its default value.
    /// </summary>
    private sealed class LegacyContractResolver : DefaultContractResolver
    {
        public LegacyContractResolver() => IgnoreSerializableAttribute = false;

        protected override JsonProperty CreateProperty(MemberInfo member, MemberSerialization memberSerialization)
        {
            var property = base.CreateProperty(member, memberSerialization);
            property.Required = IsRequired(member) ? Required.AllowNull : Required.Default;
            return property;
        }

        private static bool IsRequired(MemberInfo member) =>
            member is PropertyInfo { PropertyType: var type }
            && !ModelTypes.AllowsNull(type)
            && (member.IsDefined(typeof(RequiredAttribute), inherit: true)
                || (member.GetCustomAttribute<DataMemberAttribute>() is { IsRequired: true }
                    && member.DeclaringType!.IsDefined(typeof(DataContractAttribute), inherit: true)));
    }
}
