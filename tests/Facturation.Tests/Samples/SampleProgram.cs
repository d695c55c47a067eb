using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Facturation.Tests.Samples;

/// <summary>A sample as its user runs it: a process at the root of the clone, told where the service is by its environment.</summary>
/// <param name="Name">The folder of the sample.</param>
/// <param name="Command">What runs it.</param>
/// <param name="File">The program.</param>
/// <param name="Tools">What must be installed.</param>
public sealed record SampleProgram(string Name, string Command, string File, params string[] Tools)
{
    public static readonly SampleProgram Curl = new("curl", "sh", "samples/curl/facturation.sh", "sh", "curl");
    public static readonly SampleProgram Python = new("python", "python3", "samples/python/facturation.py", "python3");
    public static readonly SampleProgram JavaScript = new("javascript", "node", "samples/javascript/facturation.mjs", "node");

    public static readonly SampleProgram IntegrateurXml = new(
        "integrateur-xml", "dotnet", $"samples/integrateur-xml/bin/{Clone.Configuration}/net10.0/IntegrateurXml.dll", "dotnet");

    /// <summary>Those that record readings too.</summary>
    public static readonly SampleProgram[] Recording = [Curl, Python, JavaScript];

    public static readonly SampleProgram[] All = [.. Recording, IntegrateurXml];

    /// <summary>Runs it; the test is passed over where a tool it needs is missing.</summary>
    public async Task<Output> RunAsync(Uri service, string key, params string[] arguments)
    {
        Need(Tools);
        var start = new ProcessStartInfo(Command, [File, .. arguments])
        {
            WorkingDirectory = Clone.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            Environment =
            {
                ["FACTURATION_URL"] = service.ToString().TrimEnd('/'),
                ["FACTURATION_KEY"] = key,
                ["PYTHONIOENCODING"] = "utf-8",
                ["PYTHONDONTWRITEBYTECODE"] = "1",
                ["NO_PROXY"] = "*",
            },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        var ran = new Output(process.ExitCode, (await output).ReplaceLineEndings("\n"), (await errors).ReplaceLineEndings("\n"));
        Assert.That(ran.ToString(), Does.Not.Contain(key), "the key is a secret");
        return ran;
    }

    /// <summary>Passes over the test, by name, where a tool is missing.</summary>
    public static void Need(params string[] tools)
    {
        foreach (var tool in tools.Where(tool => !IsInstalled(tool)))
            Assert.Ignore($"{tool} is not installed here.");
    }

    public override string ToString() => Name;

    private static bool IsInstalled(string tool)
    {
        try
        {
            string[] arguments = tool == "sh" ? ["-c", "true"] : ["--version"];
            using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>What a program left behind.</summary>
public sealed record Output(int Code, string Text, string Errors);
