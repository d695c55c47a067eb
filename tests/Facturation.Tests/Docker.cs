using System.Diagnostics;

namespace Facturation.Tests;

/// <summary>Whether containers can be run here.</summary>
internal static class Docker
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly Lazy<bool> LazyResponds = new(() =>
    {
        try
        {
            using var docker = Process.Start(new ProcessStartInfo("docker", ["version", "--format", "{{.Server.Version}}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            return docker.WaitForExit(Patience) && docker.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // There is no such program.
        }
    });

    /// <summary>Whether a Docker engine answered the command line, asked once.</summary>
    public static bool Responds => LazyResponds.Value;
}
