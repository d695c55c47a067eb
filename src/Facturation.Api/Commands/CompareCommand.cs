using System.CommandLine;
using Facturation.Api.Compare;
using Facturation.Api.Operations;
using Facturation.Core;

namespace Facturation.Api.Commands;

/// <summary><c>compare --old URL --new URL --requests FILE</c></summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var old = new Option<string>("--old") { Description = "Adresse de l'ancien service", Required = true };
        var @new = new Option<string>("--new") { Description = "Adresse du nouveau", Required = true };
        var requests = new Option<FileInfo>("--requests") { Description = "Requêtes enregistrées, une par ligne, en JSON", Required = true };
        var header = new Option<string[]>("--header") { Description = "« Nom: valeur » pour les deux côtés ; une valeur vide retire l'en-tête, @FICHIER la lit" };
        var oldHeader = new Option<string[]>("--old-header") { Description = "De même, pour l'ancien seulement" };
        var newHeader = new Option<string[]>("--new-header") { Description = "De même, pour le nouveau seulement" };
        var ignore = new Option<string[]>("--ignore-header")
        {
            Description = $"En-tête de réponse à ne pas comparer, en plus de : {string.Join(", ", Differences.Ignored)}",
        };
        var parallel = new Option<int>("--parallel") { Description = "Requêtes à la fois, 1 à 64", DefaultValueFactory = _ => 1 };
        var timeout = new Option<int>("--timeout") { Description = "Secondes qu'une réponse peut prendre", DefaultValueFactory = _ => 100 };
        var show = new Option<int>("--show") { Description = "Différences à montrer", DefaultValueFactory = _ => 20 };
        var allowWrites = new Option<bool>("--allow-writes") { Description = "Rejoue aussi ce qui n'est ni GET ni POST api/* : des deux côtés !" };
        var command = new Command("compare", "Rejoue des requêtes vers l'ancien service et le nouveau, et dit ce qui diffère.")
        {
            old, @new, requests, header, oldHeader, newHeader, ignore, parallel, timeout, show, allowWrites,
        };
        command.SetAction((result, cancellation) => Cli.ExplainAsync(async () =>
        {
            var patience = TimeSpan.FromSeconds(Check("--timeout", result.GetValue(timeout), 1, 3600));
            var both = Headers(header, result);
            var from = new Side("ancien", ReadAddress("--old", result.GetRequiredValue(old)), [.. both, .. Headers(oldHeader, result)], patience);
            var to = new Side("nouveau", ReadAddress("--new", result.GetRequiredValue(@new)), [.. both, .. Headers(newHeader, result)], patience);
            if (from.Address == to.Address)
                throw new RefusedException("--old et --new sont la même adresse : rien ne serait comparé.");
            var file = result.GetRequiredValue(requests);
            await Cli.Open(file).DisposeAsync();
            await CheckAsync(file, result.GetValue(allowWrites));

            var ignored = Differences.Ignored.Concat(result.GetValue(ignore) ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var (shown, most) = (0, Check("--show", result.GetValue(show), 0, int.MaxValue));
            var comparison = new Comparison(from, to, ignored, (request, differences) =>
            {
                if (shown++ < most)
                    Console.WriteLine($"ligne {request.Line}, {SafeText.Of(request.Operation)}\n  {string.Join("\n  ", differences.Select(SafeText.Of))}");
            });
            await comparison.RunAsync(
                RecordedRequest.ReadAsync(file.FullName), Check("--parallel", result.GetValue(parallel), 1, 64), cancellation);
            return Conclude(comparison, shown - most);
        }, interrupted: "ce qui est envoyé est envoyé"));
        return command;
    }

    private static int Conclude(Comparison comparison, int hidden)
    {
        if (hidden > 0)
            Console.WriteLine($"… et {hidden} de plus (--show)");
        if (comparison.Different > 0)
            Console.WriteLine();
        foreach (var line in comparison.Summarize())
            Console.WriteLine(SafeText.Of(line));
        Console.WriteLine();
        if (!comparison.HasSuccess)
            Console.WriteLine("Attention : aucune réponse 2xx n'est la même des deux côtés. Les clés et les adresses sont-elles les bonnes ?");
        Console.WriteLine(comparison.Different == 0
            ? $"Aucune différence ; requêtes : {comparison.Count}."
            : $"Requêtes qui diffèrent : {comparison.Different} sur {comparison.Count}.");
        return comparison is { Different: 0, HasSuccess: true } ? 0 : 1; // Equal errors alone prove nothing.
    }

    /// <summary>Checks the whole file before anything is sent: it must be valid and, unless writes are allowed, change nothing.</summary>
    private static async Task CheckAsync(FileInfo file, bool allowWrites)
    {
        var count = 0;
        await foreach (var request in RecordedRequest.ReadAsync(file.FullName))
        {
            count++;
            if (!allowWrites && !request.IsReadOnly)
                throw new RefusedException(
                    $"ligne {request.Line} : {request.Operation} pourrait écrire ; seuls GET et POST /api/… sont rejoués sans --allow-writes. Rien n'a été envoyé.");
        }
        if (count == 0)
            throw new RefusedException($"{file} ne contient aucune requête.");
    }

    private static int Check(string option, int value, int min, int max) =>
        value >= min && value <= max ? value : throw new RefusedException($"{option} : {value} ; attendu : de {min} à {max}.");

    private static Uri ReadAddress(string option, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Query == "" && address.UserInfo == ""
            ? address
            : throw new RefusedException($"{option} : « {text} » n'est pas une adresse, par exemple http://ancien.exemple.fr/.");

    /// <summary>Reads headers. @FILE stands for the file's text, so that a secret does not appear in the list of processes.</summary>
    private static List<(string, string)> Headers(Option<string[]> option, ParseResult result)
    {
        var headers = new List<(string, string)>();
        foreach (var text in result.GetValue(option) ?? [])
        {
            var parts = text.Split(':', 2, StringSplitOptions.TrimEntries);
            try
            {
                var value = parts.Length < 2 ? throw new FormatException("« Nom: valeur » est attendu")
                    : parts[1].StartsWith('@') ? File.ReadAllText(parts[1][1..]).Trim()
                    : parts[1];
                RecordedRequest.CheckHeader(parts[0], value);
                headers.Add((parts[0], value));
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
            {
                throw new RefusedException($"{option.Name} {parts[0]} : {e.Message}", e);
            }
        }
        return headers;
    }
}
