using System.Net;
using System.Net.Http.Headers;
using Facturation.WebApi2.Negotiation;

namespace Facturation.WebApi2.Hosting;

/// <summary>A value in the format that a request negotiated. It is written when the message is sent, as in Web API 2.</summary>
internal sealed class AnswerContent : HttpContent
{
    private readonly AnswerFormat answer;
    private readonly Type type;
    private readonly object? value;

    public AnswerContent(AnswerFormat answer, Type type, object? value)
    {
        (this.answer, this.type, this.value) = (answer, type, value);
        Headers.ContentType = MediaTypeHeaderValue.Parse(answer.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        answer.Format.Write(type, value, stream, answer.Encoding);
        return Task.CompletedTask;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
