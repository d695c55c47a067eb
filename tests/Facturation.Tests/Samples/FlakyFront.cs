using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace Facturation.Tests.Samples;

/// <summary>What goes wrong with one request.</summary>
internal abstract record Fault
{
    /// <summary>The connection is cut before the service hears of it.</summary>
    public sealed record Cut : Fault;

    /// <summary>The service answers, and the connection is cut before the answer is read.</summary>
    public sealed record LostAnswer : Fault;

    /// <summary>Something before the service answers in its place.</summary>
    public sealed record Answered(int Status, string? RetryAfter = null, string Type = "text/plain", string Body = "busy") : Fault;
}

/// <summary>A request as it came, and when, in the ticks of <see cref="Stopwatch"/>.</summary>
internal sealed record Seen(string? IdempotencyKey, long At);

/// <summary>Stands before the service on a port of its own: spoils the first requests as it is told, hands on the others.</summary>
internal sealed class FlakyFront : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient service;
    private readonly IEnumerator<Fault> faults;
    private readonly ConcurrentQueue<Seen> seen = [];

    private FlakyFront(HttpClient service, IEnumerable<Fault> faults)
    {
        (this.service, this.faults) = (service, faults.GetEnumerator());
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(HandleAsync);
    }

    public Uri Address => new(app.Urls.Single());

    public IReadOnlyList<Seen> Requests => [.. seen];

    public static async Task<FlakyFront> StartAsync(HttpClient service, params IEnumerable<Fault> faults)
    {
        var front = new FlakyFront(service, faults);
        await front.app.StartAsync();
        return front;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var at = Stopwatch.GetTimestamp();
        seen.Enqueue(new Seen(context.Request.Headers["Idempotency-Key"].SingleOrDefault(), at));
        // A sample sends one request at a time.
        var fault = faults.MoveNext() ? faults.Current : null;
        if (fault is Fault.Answered answered)
        {
            context.Response.StatusCode = answered.Status;
            context.Response.ContentType = answered.Type;
            context.Response.Headers.RetryAfter = answered.RetryAfter;
            await context.Response.WriteAsync(answered.Body);
            return;
        }
        using var response = fault is Fault.Cut ? null : await ForwardAsync(context.Request);
        if (response is null || fault is Fault.LostAnswer)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Transfer-Encoding"))
            context.Response.Headers[name] = values.ToArray();
        await response.Content.CopyToAsync(context.Response.Body);
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpRequest asked)
    {
        using var request = new HttpRequestMessage(new HttpMethod(asked.Method), asked.GetEncodedPathAndQuery())
        {
            Content = new StreamContent(asked.Body),
        };
        foreach (var (name, value) in asked.Headers.Where(header => header.Key is not ("Host" or "Transfer-Encoding" or "Connection")))
            if (!request.Headers.TryAddWithoutValidation(name, value.AsEnumerable()))
                request.Content.Headers.TryAddWithoutValidation(name, value.AsEnumerable());
        return await service.SendAsync(request);
    }
}
