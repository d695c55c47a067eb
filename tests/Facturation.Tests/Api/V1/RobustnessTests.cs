using System.Text;
using Facturation.Api.Operations;
using Microsoft.Data.Sqlite;

namespace Facturation.Tests.Api.V1;

/// <summary>Found by a review: bodies that call themselves forms, and writers behind a locked database.</summary>
[Parallelizable]
public sealed class RobustnessTests
{
    private const string Meter = "/v1/meters/2489e9ad-2ee2-8e00-8ec9-32d5f69181c0";

    private const string Reading =
        """{"indexValueMilli":"1234567","readAt":"2026-04-15T12:00:00Z","recordedBy":"2489e9ad-2ee2-8e00-8ec9-32d5f69181c0"}""";

    [TestCase("multipart/form-data; boundary=x", "{\"a\":1}")]
    [TestCase("multipart/form-data", "x")]
    [TestCase("application/x-www-form-urlencoded", "a=1&a[=2&%zz")]
    [TestCase("application/x-www-form-urlencoded", null)]
    public async Task Post_BodyThatCallsItselfAForm_Is415(string type, string? body)
    {
        await using var service = await Service.StartAsync("Development");

        var answer = await service.PostAsync(
            Meter + "/readings/manual", Demo.Key, body ?? string.Join('&', Enumerable.Range(0, 3000).Select(i => $"a{i}=1")), type);

        Assert.That(answer.Status, Is.EqualTo(415), answer.Text);
        Assert.That(answer.Text, Does.Contain("UNSUPPORTED_MEDIA_TYPE"));
    }

    [TestCase("/v1/meters/2489e9ad-2ee2-8e00-8ec9-32d5f69181c0", "multipart/form-data", "", 200)]
    [TestCase("/v1/meters?limit=zz", "multipart/form-data; boundary=x", "{", 400)]
    [TestCase("/v1/meters?limit=1", "application/x-www-form-urlencoded", "limit=zz", 200)]
    public async Task Get_WithAForm_ReadsTheAddressOnly(string address, string type, string body, int status)
    {
        await using var service = await Service.StartAsync("Development");
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        request.Headers.Add("X-API-Key", Demo.Key);

        using var answer = await service.Client.SendAsync(request);

        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
    }

    [Test]
    public async Task Post_DatabaseLockedByAnotherProcess_IsRefusedToAllTogether()
    {
        using var scratch = Scratch.WithDatabase();
        await using var service = await Service.StartAsync(
            "Development", scratch, null, $"--ConnectionStrings:Facturation={scratch.Connection};Default Timeout=2");
        await using var other = new SqliteConnection(scratch.Connection + ";Pooling=False");
        await other.OpenAsync();
        await using var locked = other.BeginTransaction();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => service.PostAsync(
            Meter + "/readings/manual", Demo.Key, Reading.Replace("12:00:00", $"12:00:0{i}", StringComparison.Ordinal)))).WaitAsync(TimeSpan.FromSeconds(60));
        await locked.RollbackAsync();
        var after = await service.PostAsync(Meter + "/readings/manual", Demo.Key, Reading);

        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(503));
        Assert.That(after.Status, Is.EqualTo(201));
    }
}
