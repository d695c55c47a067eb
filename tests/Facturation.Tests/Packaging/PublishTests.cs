using System.Text.Json;
using System.Text.RegularExpressions;

namespace Facturation.Tests.Packaging;

/// <summary>What docs/install.md has an operator publish.</summary>
[Category("Slow")]
public sealed partial class PublishTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Compiled ahead, the service starts sooner; a build must not need the compiler's package, which not every registry holds.</summary>
    [TestCase("publish", "true")]
    [TestCase("build", "")]
    public async Task ReadyToRun_OfTheService_IsOnlyWhereItIsPublished(string verb, string expected)
    {
        using var scratch = new Scratch();

        // It says what it would do, and fails before it does, since nothing is restored there.
        var (_, text, errors) = await Command.RunAsync(Command.Dotnet,
            [verb, "src/Facturation.Api", "--no-restore", "--artifacts-path", scratch.Root, "-getProperty:PublishReadyToRun", "-getProperty:OutputType"], Clone.Root);

        Assert.That(text, Does.StartWith("{"), errors);
        using var json = JsonDocument.Parse(text);
        Assert.That(json.RootElement.GetProperty("Properties").GetProperty("PublishReadyToRun").GetString(), Is.EqualTo(expected));
    }

    /// <summary>The commands of the page, on an image and a volume of the test's own.</summary>
    [Test]
    public async Task Container_OfThePage_NeedsItsDatabaseThenServesThenStops()
    {
        await Command.NeedAsync("docker");
        if ((await Command.RunAsync("docker", ["info"])).Code != 0)
            Assert.Ignore("No container engine answers here.");
        using var scratch = new Scratch();
        var name = $"facturation-{Guid.NewGuid():N}";
        var (code, output, errors) = await Command.RunAsync(Command.Dotnet,
            ["publish", "src/Facturation.Api", "-c", "Release", "/t:PublishContainer", $"-p:ContainerRepository={name}", "--artifacts-path", scratch.Root], Clone.Root);
        if (code != 0 && output.Contains("Microsoft.NET.Build.Containers.targets", StringComparison.Ordinal))
            Assert.Ignore("The base image cannot be had here.");
        Assert.That(code, Is.Zero, output + errors);
        try
        {
            string[] run = ["run", "--rm", "-v", $"{name}:/data"];
            await DockerAsync(0, [.. run, "--user", "root", "--entrypoint", "chown", name, "1654", "/data"]);
            Assert.That(await DockerAsync(1, [.. run, name]), Does.Contain("/data/facturation.db n'existe pas"));
            Assert.That(await DockerAsync(0, [.. run, name, "db", "migrate"]), Does.Contain("_Initial appliquée."));

            await DockerAsync(0, "run", "-d", "--name", name, "-p", "127.0.0.1::8080", "-v", $"{name}:/data", name);
            using var client = new HttpClient { BaseAddress = new Uri("http://" + Address().Match(await DockerAsync(0, "port", name, "8080")).Value) };
            await UntilReadyAsync(client);
            await DockerAsync(0, "stop", "--time", "60", name);
            Assert.That(await DockerAsync(0, "wait", name), Is.EqualTo("0\n"));
            Assert.That(
                (await DockerAsync(0, "logs", name)).Split('\n', StringSplitOptions.RemoveEmptyEntries),
                Is.Not.Empty.And.All.StartsWith("{").And.All.Contain("\"LogLevel\":\"Information\""));
        }
        finally
        {
            await Command.RunAsync("docker", ["rm", "--force", name]);
            await Command.RunAsync("docker", ["volume", "rm", "--force", name]);
            await Command.RunAsync("docker", ["image", "rm", "--force", name]);
        }
    }

    private static async Task<string> DockerAsync(int expected, params string[] arguments)
    {
        var (code, text, errors) = await Command.RunAsync("docker", arguments);
        Assert.That(code, Is.EqualTo(expected), text + errors);
        return text + errors;
    }

    private static async Task UntilReadyAsync(HttpClient client)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync("/health/ready", patience.Token);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            await Task.Delay(200, patience.Token);
        }
    }

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
