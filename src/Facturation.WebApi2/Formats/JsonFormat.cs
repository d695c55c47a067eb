using System.Globalization;
using System.Reflection;
using System.Text;
using Facturation.WebApi2.Streaming;
using Facturation.WebApi2.Time;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;

namespace Facturation.WebApi2.Formats;

/// <summary>JSON as Web API 2 read and wrote it, with Newtonsoft.Json (WIRE.md J1 to J7, O1).</summary>
internal sealed class JsonFormat(LegacyTimeZone zone, WebApi2Options options, JsonSerializerSettings? own = null) : MediaFormat
{
    private const int MaxDepth = 256;

    private readonly JsonSerializerSettings settings = own ?? options.Formatters.JsonSettings;

    public override IReadOnlyList<string> MediaTypes { get; } = ["application/json", "text/json"];

    /// <summary>The format of an action that answers JSON by itself, in which the service's settings had no part.</summary>
    public JsonFormat Plain => new(zone, options, new JsonSerializerSettings());

    /// <summary>Web API 2's own settings.</summary>
    public static JsonSerializerSettings CreateSettings() => new()
    {
        ContractResolver = new LegacyContractResolver(),
        MissingMemberHandling = MissingMemberHandling.Ignore,
        TypeNameHandling = TypeNameHandling.None,
    };

    public override bool CanWrite(Type type) => true;

    public override void Write(Type type, object? value, Stream output, Encoding encoding, bool indented = false)
    {
        using var writer = new LegacyJsonWriter(new StreamWriter(output, encoding, leaveOpen: true) { NewLine = indented ? "\n" : options.XmlNewLine }, zone);
        var serializer = JsonSerializer.Create(settings);
        if (indented)
            serializer.Formatting = Formatting.Indented;
        serializer.Serialize(writer, value);
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
        var culture = CultureInfo.CurrentCulture;
        try
        {
            // Newtonsoft writes a date that is an $id or a $type in the culture of the thread, whose calendar may not reach it.
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            return serializer.Deserialize(reader, type);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    /// <summary>Honours [Serializable], whose types are serialized by their fields.</summary>
    private sealed class LegacyContractResolver : DefaultContractResolver
    {
        public LegacyContractResolver() => IgnoreSerializableAttribute = false;

        protected override JsonProperty CreateProperty(MemberInfo member, MemberSerialization memberSerialization)
        {
            var property = base.CreateProperty(member, memberSerialization);
            property.Required = ModelTypes.IsRequired(member) ? Required.AllowNull : Required.Default;
            return property;
        }
    }
}
