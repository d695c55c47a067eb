using System.Text.RegularExpressions;
using Facturation.Api.Operations;
using Facturation.Tests.Api;

namespace Facturation.Tests.Samples;

/// <summary>samples/README.md says how to run each sample, and that works.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class SamplesReadmeTests
{
    [TestCaseSource(typeof(SampleProgram), nameof(SampleProgram.All))]
    public async Task Commands_OfTheReadme_RunOnTheDemo(SampleProgram program)
    {
        await using var service = await Service.StartAsync("Development");
        var commands = Command().Matches(Clone.Read("samples/README.md")).Select(match => match.Value)
            .Where(command => command.Contains($"samples/{program.Name}", StringComparison.Ordinal)).ToList();
        Assert.That(commands, Has.Count.EqualTo(program == SampleProgram.IntegrateurXml ? 1 : 2));

        foreach (var command in commands)
        {
            var words = command.Split(' ');
            // The console is built with these tests: `dotnet run` would only build it again.
            var arguments = program == SampleProgram.IntegrateurXml ? words[5..] : words[2..];
            Assert.That(words[..2], Is.EqualTo(program == SampleProgram.IntegrateurXml ? ["dotnet", "run"] : new[] { program.Runner, program.File }));
            var ran = await program.RunAsync(service.Client.BaseAddress!, Demo.Key, arguments);
            Assert.That(ran.Code, Is.Zero, command + ran.Errors);
            Assert.That(ran.Text, Is.Not.Empty, command);
        }
    }

    [GeneratedRegex(@"(?<=```sh\n([^`\n]+\n)*)[^`\n]+(?=\n)")]
    private static partial Regex Command();
}
