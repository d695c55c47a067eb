using System.CommandLine;
using System.Data.Common;
using Facturation.Api.Operations;
using Facturation.Core;
using Facturation.Storage;
using Microsoft.Extensions.Logging.Console;

namespace Facturation.Api.Commands;

/// <summary>The command line. Without a command, it runs the service.</summary>
internal static class Cli
{
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Le service de consommations : sans commande, il écoute et répond.")
        {
            ImportCommand.Create(),
            KeysCommand.Create(),
            ClientsCommand.Create(),
            DbCommand.Create(),
            CompareCommand.Create(),
        };
        // Options are passed to the host (--urls …); a mistyped command is refused.
        root.TreatUnmatchedTokensAsErrors = args is [var first, ..] && !first.StartsWith('-');
        root.SetAction((_, cancellation) => ExplainAsync(() => Program.ServeAsync(args, cancellation)));
        // No response files: an identifiant may start with @.
        var result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
        if (result.CommandResult.Command == root)
            invocation.ProcessTerminationTimeout = null; // The host stops by itself, once running requests are finished.
        return result.InvokeAsync(invocation);
    }

    /// <summary>Runs a command with the service's own configuration and an up-to-date database, without listening.</summary>
    public static Task<int> WithServicesAsync(Func<IServiceProvider, Task<int>> command, CancellationToken cancellation) =>
        WithDatabaseAsync(
            async services =>
            {
                await services.MigrateStorageAsync(cancellation);
                return await command(services);
            });

    /// <summary>Runs a command with the service's own configuration, on the database as it is.</summary>
    public static Task<int> WithDatabaseAsync(Func<IServiceProvider, Task<int>> command) =>
        ExplainAsync(async () =>
        {
            await Task.Yield(); // Ctrl+C is handled only after the command yields, and SQLite's work is synchronous.
            var builder = Program.CreateBuilder([]);
            // Scripts read standard output, so logs go to standard error.
            builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
            await using var app = builder.Build();
            return await command(app.Services);
        });

    /// <summary>Checks the name in an option.</summary>
    /// <exception cref="RefusedException">The name is empty or invalid.</exception>
    public static void CheckName(string option, string? name, int max)
    {
        if (name is not null && (name.Length == 0 ? "vide" : LigneBrute.CheckText(name, max)) is { } error)
            throw new RefusedException($"{option} : {error}");
    }

    /// <summary>Opens a file that is read twice, so it cannot be a pipe.</summary>
    /// <exception cref="RefusedException">It does not exist, cannot be opened, or is a pipe.</exception>
    public static FileStream Open(FileInfo file)
    {
        if (!file.Exists)
            throw new RefusedException($"Le fichier {file} n'existe pas.");
        try
        {
            var stream = file.OpenRead();
            if (stream.CanSeek)
                return stream;
            stream.Dispose();
            throw new RefusedException($"{file} n'est pas un fichier mais un tuyau, qui ne se lit qu'une fois : enregistrez-le d'abord dans un fichier.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"Le fichier {file} ne s'ouvre pas : {e.Message}", e);
        }
    }

    /// <summary>
    /// Reports errors that the user can fix, and all of the database, in one line, with exit code 1. Other exceptions keep their stack trace.
    /// </summary>
    /// <param name="run">The command.</param>
    /// <param name="interrupted">What the message says if it is interrupted.</param>
    public static async Task<int> ExplainAsync(Func<Task<int>> run, string interrupted = "rien n'est changé")
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is RefusedException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message); // An I/O message names its file.
            return 1;
        }
        catch (Exception e) when (e.IsStorageUnavailable())
        {
            await TellAsync("La base de données ne répond pas", e);
            return 1;
        }
        catch (Exception e) when (e.IsStorageCancelled())
        {
            await Console.Error.WriteLineAsync($"Interrompu : {interrupted}.");
            return 1;
        }
        catch (Exception e) when (e.GetBaseException() is DbException)
        {
            await TellAsync("La base de données refuse", e);
            return 1;
        }

        // It may have several lines, and quote texts of clients.
        static Task TellAsync(string what, Exception failure) =>
            Console.Error.WriteLineAsync($"{what} : {SafeText.Of(failure.GetBaseException().Message.ReplaceLineEndings(" "))}");
    }
}
