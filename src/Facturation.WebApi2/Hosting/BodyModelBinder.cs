using System.Buffers;
using System.Text;
using Facturation.WebApi2.Formats;
using Facturation.WebApi2.Negotiation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Validation;
using Microsoft.Extensions.Options;

namespace Facturation.WebApi2.Hosting;

/// <summary>Reads the body into an action's complex parameter (WIRE.md R1 to R3).</summary>
internal sealed class BodyModelBinder(IReadOnlyList<MediaFormat> formats, KnownHeaders known, IOptions<WebApi2Options> options) : IModelBinder
{
    public async Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var context = bindingContext.HttpContext;
        var exchange = WebApi2Exchange.Of(context);
        var type = bindingContext.ModelType;
        var errors = new ParameterErrors(exchange.Errors, bindingContext.FieldName);
        var value = ModelTypes.DefaultOf(type);

        if (!IsEmpty(context))
        {
            var headers = known.Of(context.Request);
            var requested = headers.ContentType?.MediaType;
            var format = requested is null ? null : formats.FirstOrDefault(format => format.Match(requested) is not null);
            if (format is null)
                exchange.Refusal = Unsupported(requested);
            else
                value = await ReadAsync(context, exchange, format, MediaFormat.EncodingOf(headers.ContentType), type, errors);
            exchange.Warning = errors.Warning;
        }
        new BodyValidator(errors).Validate(value);
        // XML may declare another type for the whole body, and is then read as that type.
        if (value is null ? !ModelTypes.AllowsNull(type) : !type.IsInstanceOfType(value))
            exchange.LacksArgument = true;
        else
            bindingContext.Result = ModelBindingResult.Success(value);
        if (value is not null)
            bindingContext.ValidationState.Add(value, new ValidationStateEntry { SuppressValidation = true });
    }

    private async Task<object?> ReadAsync(
        HttpContext context, WebApi2Exchange exchange, MediaFormat format, Encoding encoding, Type type, ParameterErrors errors)
    {
        try
        {
            if (await ReadBodyAsync(context) is { } body)
                return format.Read(type, body, encoding, errors);
            exchange.Refusal = TooLarge();
        }
        catch (IOException e) when (e is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            exchange.Refusal = new HttpErrorResult(StatusCodes.Status400BadRequest, "The request body could not be read to its end.");
        }
        return null;
    }

    /// <summary>Whether there is no body, which is valid for any type. A chunked body counts as one even if it is empty (R3).</summary>
    private static bool IsEmpty(HttpContext context) =>
        context.Request.ContentLength == 0 || context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };

    private static HttpErrorResult Unsupported(string? mediaType) => new(
        StatusCodes.Status415UnsupportedMediaType,
        mediaType is null
            ? "The request contains an entity body but no Content-Type header. The inferred media type "
                + "'application/octet-stream' is not supported for this resource."
            : $"The request entity's media type '{mediaType}' is not supported for this resource.");

    private HttpErrorResult TooLarge() => new(
        StatusCodes.Status413PayloadTooLarge,
        $"The request body is too large: at most {options.Value.MaxRequestBodyBytes} bytes are read.");

    /// <summary>Reads the whole body; null if it exceeds the limit.</summary>
    private async Task<MemoryStream?> ReadBodyAsync(HttpContext context)
    {
        var limit = options.Value.MaxRequestBodyBytes;
        if (context.Request.ContentLength > limit)
            return null;
        var body = new MemoryStream((int)(context.Request.ContentLength ?? 256));
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var read)
            {
                if (body.Length + read > limit)
                    return null;
                body.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        body.Position = 0;
        return body;
    }
}
