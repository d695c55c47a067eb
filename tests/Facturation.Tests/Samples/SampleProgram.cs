namespace Facturation.Tests.Samples;

/// <summary>A sample as its user runs it: a process at the root of the clone, told where the service is by its environment.</summary>
/// <param name="Name">The folder of the sample.</param>
/// <param name="Runner">What runs it.</param>
/// <param name="File">The program.</param>
/// <param name="Tools">What must be installed.</param>
public sealed record SampleProgram(string Name, string Runner, string File, params string[] Tools)
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
    public async Task<(int Code, string Text, string Errors)> RunAsync(Uri service, string key, params string[] arguments)
    {
        await Command.NeedAsync(Tools);
        var ran = await Command.RunAsync(Runner, [File, .. arguments], Clone.Root,
            ("FACTURATION_URL", service.ToString().TrimEnd('/')), ("FACTURATION_KEY", key), ("PYTHONIOENCODING", "utf-8"),
            ("PYTHONDONTWRITEBYTECODE", "1"), ("NO_PROXY", "*"));
        Assert.That(ran.ToString(), Does.Not.Contain(key), "the key is a secret");
        return ran;
    }

    public override string ToString() => Name;
}
