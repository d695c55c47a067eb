using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using Testcontainers.MsSql;

namespace Facturation.Tests.Storage;

/// <summary>
/// The tests run on the server that FACTURATION_SQLSERVER names by a connection string, else on a SQL Server 2022 container where Docker
/// responds, and are reported as skipped elsewhere.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SqlServerAttribute : NUnitAttribute, IApplyToTest
{
    private const string Variable = "FACTURATION_SQLSERVER";

    private static readonly bool HasServer = Environment.GetEnvironmentVariable(Variable) is not null || Docker.Responds;

    /// <summary>A login that may create databases; the database it names is not touched.</summary>
    public static string Connection => LazyConnection.Value.GetAwaiter().GetResult();

    private static readonly Lazy<Task<string>> LazyConnection = new(async () =>
        Environment.GetEnvironmentVariable(Variable) ?? await StartContainerAsync());

    public void ApplyToTest(Test test)
    {
        if (HasServer)
            return;
        test.RunState = RunState.Ignored;
        test.Properties.Set(PropertyNames.SkipReason, $"{Variable} names no SQL Server, and Docker does not respond.");
    }

    /// <summary>The container ends with the test process: Testcontainers' own watcher removes it.</summary>
    private static async Task<string> StartContainerAsync()
    {
#pragma warning disable CS0618 // Testcontainers would have the image named here; its own default is a SQL Server 2022.
        var container = new MsSqlBuilder(MsSqlBuilder.MsSqlImage).Build();
#pragma warning restore CS0618
        await container.StartAsync();
        return container.GetConnectionString();
    }
}
