using System.Text;

namespace Facturation.Tests.Wire;

/// <summary>
/// One request by hand: <c>FACTURATION_WIRE_REQUEST=file dotnet test --filter FullyQualifiedName~WireComparisonTests</c>. The file
/// holds the request line, headers and, after an empty line, the body; Host and Content-Length are added.
/// </summary>
[Explicit("Shows both answers to the request in the file named by FACTURATION_WIRE_REQUEST.")]
public class WireComparisonTests
{
    [Test]
    public async Task Compare_RequestOfAFile_ShowsBothAnswers([Values] bool refuse)
    {
        var file = Environment.GetEnvironmentVariable("FACTURATION_WIRE_REQUEST");
        if (file == null)
            Assert.Ignore("FACTURATION_WIRE_REQUEST names no file.");
        var request = Parse(await File.ReadAllBytesAsync(file!));

        var legacy = await WireServers.Oracle.SendAsync(request, refuse);
        TestContext.Out.WriteLine($"legacy\n{legacy}\n");
        foreach (var host in WireServers.Hosts)
        {
            var ours = await host.SendAsync(request, refuse);
            TestContext.Out.WriteLine($"{host.Name}\n{ours}\n{string.Join("\n", WireDifference.Between(legacy, ours))}\n{host.Errors}\n");
        }
    }

    private static RawRequest Parse(byte[] file)
    {
        // Latin-1 keeps every byte of the body as one character.
        var parts = Encoding.Latin1.GetString(file).Replace("\r\n\r\n", "\n\n", StringComparison.Ordinal).Split("\n\n", 2);
        var lines = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(parts[0])).Split('\n', StringSplitOptions.TrimEntries);
        var start = lines[0].Split(' ');
        var request = new RawRequest(start[0], start[1]) { Body = parts.Length > 1 ? Encoding.Latin1.GetBytes(parts[1]) : null };
        return lines.Skip(1).Where(line => line.Length > 0).Select(line => line.Split(':', 2))
            .Where(header => header[0] is not "Content-Length" and not "Transfer-Encoding")
            .Aggregate(request, (all, header) => all.With(header[0], header[1].Trim()));
    }
}
