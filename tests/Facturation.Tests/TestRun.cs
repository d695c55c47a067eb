[assembly: LevelOfParallelism(4)] // Much of a test is waiting, for a process or a browser: more at once than processors.

namespace Facturation.Tests;

/// <summary>What is set once for all tests.</summary>
[SetUpFixture]
public sealed class TestRun
{
    /// <summary>The processes that tests start, like the tests, end before profile-guided recompilation pays off.</summary>
    [OneTimeSetUp]
    public void Start() => Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
}
