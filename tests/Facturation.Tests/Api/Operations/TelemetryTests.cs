using System.Net.Http.Headers;
using System.Text;
using Facturation.Core;
using Facturation.Tests.Api.V1;

namespace Facturation.Tests.Api.Operations;

/// <summary>What a collector gets from the service, run as an operator runs it.</summary>
public sealed class TelemetryTests
{
    [Test]
    public async Task Export_ToACollector_HoldsWhatHappenedAndNoSecret()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("TelemetryTests needs SIGTERM, which Windows has not.");
        using var database = Scratch.WithDatabase();
        var (key, meter) = (default(string)!, default(Guid));
        await using (var scene = await MeterScene.StartAsync(database))
            (key, meter) = (scene.Key, await scene.CreateMeterAsync());
        await using var collector = await OtlpReceiver.StartAsync();
        await using var service = await ServiceProcess.StartAsync(
            database, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));

        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var first = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.That(await PostAsync("api/ConsommationV2", "<x/>", "application/xml"), Is.EqualTo(400));
        Assert.That(await PostAsync("api/ConsommationV2", "{}"), Is.EqualTo(200));
        Assert.That(await PostAsync($"v1/meters/{meter}/readings/manual", MeterScene.Body(5000, first)), Is.EqualTo(201));
        Assert.That(await PostAsync($"v1/meters/{meter}/readings/manual", MeterScene.Body(5000, first)), Is.EqualTo(201), "a repeat");
        Assert.That(await PostAsync($"v1/meters/{meter}/readings/manual", MeterScene.Body(4000, first.AddDays(1))), Is.EqualTo(409));
        var batch = string.Join(',', MeterScene.Body(6000, first.AddDays(1)), MeterScene.Body(3000, first.AddDays(2)), MeterScene.Body(7000, first.AddDays(3)));
        Assert.That(await PostAsync($"v1/meters/{meter}/readings/batch", $$"""{"dryRun":true,"readings":[{{batch}}]}"""), Is.EqualTo(200));
        Assert.That(await PostAsync($"v1/meters/{meter}/readings/batch", $$"""{"readings":[{{batch}}]}"""), Is.EqualTo(409));
        Assert.That(await PostAsync($"v1/meters/{meter}/readings/batch", $$"""{"mode":"partial","readings":[{{batch}}]}"""), Is.EqualTo(200));
        service.Terminate();
        Assert.That(await service.WaitForExitAsync(), Is.Zero);

        var metrics = collector.Metrics("Facturation");
        Assert.That(metrics.Where(m => m.Key.StartsWith("facturation.re", StringComparison.Ordinal) && !m.Key.Contains("duration", StringComparison.Ordinal)), Is.EquivalentTo(new Dictionary<string, long>
        {
            ["facturation.requests format=xml operation=ConsommationV2 request.format=xml status=400"] = 1,
            ["facturation.requests format=json operation=ConsommationV2 request.format=json status=200"] = 1,
            ["facturation.requests format=json operation=Readings.Record request.format=json status=201"] = 2,
            ["facturation.requests format=json operation=Readings.Record request.format=json status=409"] = 1,
            ["facturation.requests format=json operation=Readings.RecordBatch request.format=json status=200"] = 2,
            ["facturation.requests format=json operation=Readings.RecordBatch request.format=json status=409"] = 1,
            ["facturation.readings.recorded"] = 3,
            ["facturation.readings.refused code=INDEX_BELOW_PREVIOUS"] = 3,
        }));
        Assert.That(metrics["facturation.rows operation=ConsommationV2"], Is.EqualTo(1));
        Assert.That(metrics[$"facturation.key.uses key={ApiKey.PrefixOf(key)}"], Is.EqualTo(8));
        Assert.That(metrics["facturation.request.duration operation=ConsommationV2 status=200"], Is.EqualTo(1));
        Assert.That(collector.Metrics("Microsoft.AspNetCore.Hosting"), Is.Not.Empty);

        var spans = collector.Spans();
        var request = spans.Single(s => s.Source == "Microsoft.AspNetCore" && s.Name.StartsWith("POST api/ConsommationV2", StringComparison.Ordinal) && spans.Any(c => c.Parent == s.Span));
        Assert.That(spans.Single(s => s.Source == "Facturation" && s.Name == "read rows"), Is.EqualTo(
            ("Facturation", "read rows", trace, spans.Single(s => s.Name == "read rows").Span, request.Span)), "inside the caller's trace");
        Assert.That(collector.All, Does.Contain("facturation.operation").And.Contain("http.response.status_code").And.Not.Contain(key).And.Not.Contain(key[13..]).And.Not.Contain("indexValueMilli"));

        async Task<int> PostAsync(string path, string body, string type = "application/json")
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            message.Headers.Add("X-API-Key", key);
            message.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
            using var answer = await service.Client.SendAsync(message);
            return (int)answer.StatusCode;
        }
    }
}
