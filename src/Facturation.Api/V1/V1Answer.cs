using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Facturation.Api.Operations;
using Facturation.Core;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Api.V1;

/// <summary>A complete answer of the v1 API, which can be kept and sent again.</summary>
internal sealed record V1Answer(int Status, string? Location, ReadOnlyMemory<byte> Body) : IActionResult
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // Accents and quotes stay readable. This is safe: answers are sent with nosniff and never embedded in a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new InstantConverter() },
    };

    /// <summary>The number of new readings, for the metrics; 0 for a repeated answer.</summary>
    public int Recorded { get; init; }

    /// <summary>The code of each refused reading, for the metrics.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>The error code, for the log; null for a success.</summary>
    public string? Code { get; init; }

    /// <summary>A successful answer: <c>{"data": …}</c>.</summary>
    public static V1Answer Data<T>(T data, int status = StatusCodes.Status200OK, string? location = null) where T : notnull =>
        new(status, location, Write(new Data<T>(data)));

    /// <summary>A successful answer in another envelope.</summary>
    public static V1Answer Ok(object envelope) => new(StatusCodes.Status200OK, null, Write(envelope));

    /// <summary>An error, with additional <paramref name="data"/> if there is any.</summary>
    public static V1Answer Error(V1Error error, string message, string traceId, object? data = null) => new(
        error.Status, null, Write(new ErrorModel<object>(error.Code, message, new("metering", error.Module), error.Status, traceId, data)))
    {
        Code = error.Code,
    };

    /// <summary>The verdicts of a batch; an error if the whole batch was refused.</summary>
    public static V1Answer Batch(Batch batch, IReadOnlyList<Verdict> verdicts, bool committed, string traceId)
    {
        // The ids of readings that are not recorded are not shown, also in lines that repeat another line of the batch.
        var unrecorded = verdicts.Where(verdict => verdict.IsNew && !committed).Select(verdict => verdict.Reading!.Id).ToHashSet();
        var lines = verdicts.Select((verdict, i) => verdict switch
        {
            { Reading: { } reading } => new(
                i, verdict.IsNew ? "recorded" : "duplicate", unrecorded.Contains(reading.Id) ? null : reading.Id, reading.IsSuspect, null, null),
            { Refusal: { } refusal } => new(i, "refused", null, false, refusal.Code, refusal.Message),
            _ => new BatchLineModel(i, "refused", null, false, V1Error.InvalidBody.Code, batch.Errors[i]),
        }).ToList();
        int recorded = lines.Count(l => l.Verdict == "recorded"), refused = lines.Count(l => l.Verdict == "refused");
        var model = new BatchModel(committed, batch.DryRun, recorded, lines.Count - recorded - refused, refused, lines);
        var answer = committed || batch.DryRun
            ? Data(model)
            : Error(V1Error.BatchRefused, V1Error.BatchRefused.Meaning, traceId, model);
        return batch.DryRun ? answer : answer with
        {
            Recorded = committed ? recorded : 0,
            Refused = [.. lines.Select(line => line.Code).OfType<string>()],
        };
    }

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

    /// <summary>Serializes a value.</summary>
    public static byte[] Write(object value) => JsonSerializer.SerializeToUtf8Bytes(value, Json);

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            throw new NotSupportedException("Requests are read by Fields.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Instants.Write(value));
    }
}

/// <summary>Une réponse.</summary>
/// <param name="Value">Ce qui est répondu.</param>
public sealed record Data<T>([property: JsonPropertyName("data")] T Value) where T : notnull;

/// <summary>Une partie d'une liste.</summary>
/// <param name="Data">Ses éléments.</param>
/// <param name="NextCursor">Ce qu'il faut envoyer dans <c>cursor</c> pour la partie suivante ; null après la dernière.</param>
public sealed record DataPage<T>(IReadOnlyList<T> Data, string? NextCursor);

/// <summary>Ce qui a changé.</summary>
/// <param name="Data">Les changements, dans l'ordre où ils sont écrits.</param>
/// <param name="NextCursor">Ce qu'il faut envoyer dans <c>cursor</c> pour la suite, maintenant ou plus tard ; jamais null.</param>
/// <param name="HasMore">Vrai quand la suite peut être lue maintenant.</param>
public sealed record DataChanges<T>(IReadOnlyList<T> Data, string NextCursor, bool HasMore);

/// <summary>Tous les éléments d'un rapport.</summary>
/// <param name="Data">Ses éléments.</param>
public sealed record DataList<T>(IReadOnlyList<T> Data);

/// <summary>Une erreur.</summary>
/// <param name="Code">Code machine de l’erreur.</param>
/// <param name="Message">Message lisible : ce qui est en faute.</param>
/// <param name="Origin">Origine domaine de l’erreur.</param>
/// <param name="Status">Le statut HTTP.</param>
/// <param name="TraceId">Identifiant de corrélation pour le support (W3C Trace Context), aussi dans le journal du service.</param>
public record ErrorModel(string Code, string Message, OriginModel Origin, int Status, string TraceId);

/// <summary>Une erreur, et ce qu'il y a d'autre à en dire.</summary>
/// <param name="Code">Code machine de l’erreur.</param>
/// <param name="Message">Message lisible : ce qui est en faute.</param>
/// <param name="Origin">Origine domaine de l’erreur.</param>
/// <param name="Status">Le statut HTTP.</param>
/// <param name="TraceId">Identifiant de corrélation pour le support (W3C Trace Context), aussi dans le journal du service.</param>
/// <param name="Data">Le reste : les verdicts d'un lot refusé. Absent des autres erreurs.</param>
public sealed record ErrorModel<T>(
    string Code, string Message, OriginModel Origin, int Status, string TraceId,
    [property: JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] T? Data)
    : ErrorModel(Code, Message, Origin, Status, TraceId);

/// <summary>D'où vient une erreur.</summary>
/// <param name="BoundedContext">Toujours <c>metering</c>.</param>
/// <param name="Module">http, access, meters, readings, billing, consumption ou storage.</param>
public sealed record OriginModel(string BoundedContext, string Module);
