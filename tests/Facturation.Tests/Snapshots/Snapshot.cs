using System.Runtime.CompilerServices;

namespace Facturation.Tests.Snapshots;

/// <summary>Pins bytes in a file beside the test, named as Verify names them: {Class}.{Method}.verified.{extension}.</summary>
internal static class Snapshot
{
    /// <summary>
    /// Compares with the verified file; on a difference writes a <c>.received.</c> file beside it. To accept what was received,
    /// give it the verified file's name.
    /// </summary>
    public static void Match(byte[] actual, string extension, [CallerFilePath] string testFile = "")
    {
        var test = TestContext.CurrentContext.Test;
        var name = $"{test.ClassName!.Split('.')[^1]}.{test.MethodName}";
        var directory = Path.GetDirectoryName(testFile)!;
        var verified = Path.Combine(directory, $"{name}.verified.{extension}");
        var received = Path.Combine(directory, $"{name}.received.{extension}");

        if (File.Exists(verified) && actual.AsSpan().SequenceEqual(File.ReadAllBytes(verified)))
        {
            File.Delete(received);
            return;
        }
        File.WriteAllBytes(received, actual);
        Assert.Fail(File.Exists(verified) ? $"{received} differs from what is verified." : $"Nothing is verified yet; see {received}.");
    }
}
