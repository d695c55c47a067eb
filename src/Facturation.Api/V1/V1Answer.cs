using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Facturation.Api.Operations;
using Facturation.Core;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Api.V1;

/// <summary>An answer of the v1 API, as it goes on the wire: whole, so that it can be kept and given again.</summary>
internal sealed record V1Answer(int Status, string? Location, ReadOnlyMemory<byte> Body) : IActionResult
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // Readable accents and quotes: it is never put into a page, and nosniff says so.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new InstantConverter() },
    };

    /// <summary>Readings it tells are recorded, for the metrics; an answer given again records none.</summary>
    public int Recorded { get; init; }

    /// <summary>The code of each reading it tells is refused, for the metrics.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>The code of the error it tells, for the log; null when it tells none.</summary>
    public string? Code { get; init; }

    /// <summary>An answer that carries <c>{"data": …}</c>.</summary>
    public static V1Answer Data<T>(T data, int status = StatusCodes.Status200OK, string? location = null) =>
        new(status, location, Write(new Data<T>(data)));

    /// <summary>A part of a list: <c>{"data": […], "nextCursor": …}</c>.</summary>
    public static V1Answer Page<TItem, T>(Page<TItem> page, Func<TItem, T> convert) => new(
        StatusCodes.Status200OK,
        null,
        Write(new DataPage<T>([.. page.Items.Select(convert)], page.Next is { } next ? Cursor.Write(next) : null)));

    /// <summary>An error, with what else there is to say.</summary>
    public static V1Answer Error<T>(V1Error error, string message, string traceId, T? data = default) => new(
        error.Status,
        null,
        Write(new ErrorModel<T>(error.Code, message, new OriginModel("metering", error.Module), error.Status, traceId, data)))
    {
        Code = error.Code,
    };

    public Task ExecuteResultAsync(ActionContext context) => SendAsync(context.HttpContext);

    public async Task SendAsync(HttpContext context)
    {
        var facts = RequestFacts.Of(context);
        (facts.Code, facts.Recorded, facts.Refused) = (Code, Recorded, Refused.Count > 0 ? Refused : facts.Refused);
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Body.Length;
        if (Location is not null)
            response.Headers.Location = context.Request.PathBase + Location;
        await response.Body.WriteAsync(Body, context.RequestAborted);
    }

    private static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Json);

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            throw new NotSupportedException("Requests are read by Fields.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Instants.Write(value));
    }
}

/// <summary>What an answer carries.</summary>
/// <param name="Value">The data.</param>
public sealed record Data<T>([property: JsonPropertyName("data")] T Value);

/// <summary>A part of a list.</summary>
/// <param name="Data">Its elements.</param>
/// <param name="NextCursor">What to send as <c>cursor</c> for the next part; null after the last.</param>
public sealed record DataPage<T>(IReadOnlyList<T> Data, string? NextCursor);

/// <summary>An error.</summary>
/// <param name="Code">Machine code of the error.</param>
/// <param name="Message">Readable message, in French.</param>
/// <param name="Origin">Where in the service it comes from.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="TraceId">The W3C trace id of the request, also in the log.</param>
/// <param name="Data">What else there is to say: the verdicts of a batch.</param>
public sealed record ErrorModel<T>(
    string Code,
    string Message,
    OriginModel Origin,
    int Status,
    string TraceId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] T? Data);

/// <summary>Where in the service an error comes from.</summary>
/// <param name="BoundedContext">Always <c>metering</c>.</param>
/// <param name="Module">http, access, meters, readings or storage.</param>
public sealed record OriginModel(string BoundedContext, string Module);
