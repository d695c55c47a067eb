namespace Facturation.Tests;

/// <summary>A file system of a few megabytes, in memory, over a folder. Root may mount it, on Linux.</summary>
internal static class SmallDisk
{
    public static async Task<bool> MountAsync(string folder, string size) =>
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
        && (await Command.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder])).Code == 0;

    /// <summary>Takes it away; what is open on it can still be closed.</summary>
    public static Task UnmountAsync(string folder) => Command.RunAsync("umount", ["--lazy", folder]);
}
