using System.CommandLine;
using Facturation.Api.Import;
using Facturation.Api.Operations;
using Facturation.Core;
using Spectre.Console;

namespace Facturation.Api.Commands;

/// <summary><c>import FILE --client CODE [--skip-bad]</c></summary>
internal static class ImportCommand
{
    /// <summary>The maximum number of bad lines shown. With --skip-bad all are shown, because only the report tells which lines are missing.</summary>
    private const int MaxShown = 100;

    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "CSV, ou réponse XML ou JSON de l'ancien ConsommationV2" };
        var client = new Option<string?>("--client") { Description = "Code du client ; créé s'il est inconnu" };
        var skipBad = new Option<bool>("--skip-bad") { Description = "Charge les bonnes lignes même s'il y en a de mauvaises" };
        var command = new Command("import", "Charge des consommations ; une ligne déjà connue est remplacée.") { file, client, skipBad };
        command.SetAction((result, cancellation) => Cli.WithServicesAsync(
            services => RunAsync(
                services.GetRequiredService<IConsommationStore>(),
                result.GetRequiredValue(file),
                result.GetValue(client),
                result.GetValue(skipBad),
                cancellation),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        IConsommationStore store, FileInfo file, string? client, bool skipBad, CancellationToken cancellation)
    {
        Cli.CheckName("--client", client, LigneBrute.MaxClient);
        await using var stream = Cli.Open(file);
        var (shown, odd) = (0, 0);
        var bilan = await WithProgressAsync(stream, () => Importer.RunAsync(store, stream, client, skipBad, Report, Notice, cancellation));

        if (shown < bilan.Bad)
            await Console.Error.WriteLineAsync($"… et {Count(bilan.Bad - shown, "autre mauvaise ligne")}");
        Console.WriteLine(bilan switch
        {
            { Bad: 0 } => $"{Count(bilan.Good, "ligne chargée")}.",
            { IsCommitted: true } => $"{Count(bilan.Good, "ligne chargée")}, {Count(bilan.Bad, "mauvaise ligne laissée")}.",
            _ => $"Rien n'est chargé : {Count(bilan.Bad, "mauvaise ligne")}, {Count(bilan.Good, "bonne")} (--skip-bad charge les bonnes).",
        });
        if (odd > 0)
            await Console.Error.WriteLineAsync($"Attention : {Count(odd, "ligne")} de textes que les clients XML ne peuvent lire. Corrigez-les à la source, puis importez de nouveau.");
        return bilan.Bad == 0 ? 0 : 1;

        void Notice(Lieu lieu, string why)
        {
            if (odd++ < MaxShown)
                Console.Error.WriteLine($"{lieu} : attention, {SafeText.Of(why)}");
        }

        void Report(Lieu lieu, string why)
        {
            if (skipBad || shown < MaxShown)
            {
                Console.Error.WriteLine($"{lieu} : {SafeText.Of(why)}"); // It quotes the file's content.
                shown++;
            }
        }
    }

    private static async Task<Bilan> WithProgressAsync(FileStream stream, Func<Task<Bilan>> import)
    {
        if (Console.IsOutputRedirected || Console.IsErrorRedirected || stream.Length == 0)
            return await import();
        return await AnsiConsole.Progress().AutoClear(true).StartAsync(async progress =>
        {
            var bar = progress.AddTask(Path.GetFileName(stream.Name).EscapeMarkup(), maxValue: stream.Length);
            var work = Task.Run(import);
            while (await Task.WhenAny(work, Task.Delay(100)) != work)
                bar.Value = stream.Position;
            bar.Value = stream.Length;
            return await work;
        });
    }

    private static string Count(int count, string words) => $"{count} {(count < 2 ? words : words.Replace(" ", "s ") + "s")}";
}
