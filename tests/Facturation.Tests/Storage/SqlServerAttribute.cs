using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Facturation.Tests.Storage;

/// <summary>The tests run where FACTURATION_SQLSERVER holds a connection string to a server, and are reported as skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SqlServerAttribute : NUnitAttribute, IApplyToTest
{
    private const string Variable = "FACTURATION_SQLSERVER";

    /// <summary>A login that may create databases; the database it names is not touched.</summary>
    public static string? Connection => Environment.GetEnvironmentVariable(Variable);

    public void ApplyToTest(Test test)
    {
        if (Connection is not null)
            return;
        test.RunState = RunState.Ignored;
        test.Properties.Set(PropertyNames.SkipReason, $"{Variable} names no SQL Server.");
    }
}
