using System.CommandLine;
using System.Globalization;
using Facturation.Api.Operations;
using Facturation.Core;

namespace Facturation.Api.Commands;

/// <summary><c>keys create | list | rotate | revoke</c></summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Les clés d'accès des clients.") { CreateKey(), ListKeys(), RotateKey(), RevokeKey() };

    private static Command CreateKey()
    {
        var client = new Option<string>("--client") { Description = "Code du client dont la clé ouvre les données", Required = true };
        var newClient = new Option<bool>("--new-client") { Description = "Crée le client, qui n'a encore rien consommé" };
        var identifiant = new Option<string?>("--identifiant") { Description = "La clé ne voit que cet identifiant du client ; créé avec --new-client" };
        var scope = new Option<string[]>("--scope")
        {
            Description = $"Ce que la clé permet, plusieurs fois au besoin ; {Scopes.ConsommationRead} par défaut",
            DefaultValueFactory = _ => [Scopes.ConsommationRead],
        };
        scope.AcceptOnlyFromAmong([.. Scopes.All]);
        var expires = Expires();

        var command = new Command("create", "Crée une clé et l'écrit, seule fois, sur la sortie standard.")
        {
            client, newClient, identifiant, scope, expires,
        };
        command.SetAction((result, cancellation) => Cli.WithServicesAsync(
            async services =>
            {
                Cli.CheckName(client.Name, result.GetRequiredValue(client), LigneBrute.MaxClient);
                Cli.CheckName(identifiant.Name, result.GetValue(identifiant), LigneBrute.MaxIdentifiant);
                var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
                var secret = ApiKey.Generate();
                var key = new ApiKey(
                    ApiKey.PrefixOf(secret)!,
                    ApiKey.HashOf(secret),
                    result.GetRequiredValue(client),
                    result.GetValue(identifiant),
                    [.. result.GetRequiredValue(scope).Distinct()],
                    now,
                    ReadExpiry(result.GetValue(expires), now));
                await services.GetRequiredService<IApiKeyStore>().AddAsync(key, result.GetValue(newClient), cancellation);
                Console.WriteLine(secret);
                await Console.Error.WriteLineAsync($"Clé {Describe(key)}. Notez-la : elle ne sera plus montrée.");
                return 0;
            },
            cancellation));
        return command;
    }

    private static Command ListKeys()
    {
        var command = new Command("list", "Montre les clés, sans leur secret.");
        command.SetAction((_, cancellation) => Cli.WithServicesAsync(
            async services =>
            {
                foreach (var key in await services.GetRequiredService<IApiKeyStore>().ListAsync(cancellation))
                    Console.WriteLine(Describe(key));
                return 0;
            },
            cancellation));
        return command;
    }

    private static Command RotateKey()
    {
        var prefix = Prefix();
        var overlap = new Option<string>("--overlap")
        {
            Description = "Combien de temps l'ancienne clé vaut encore : 7d pour sept jours, 12h pour douze heures, 0 pour pas du tout",
            DefaultValueFactory = _ => "7d",
        };
        var expires = Expires();
        var command = new Command("rotate", "Remplace une clé : en crée une pareille et l'écrit, seule fois, sur la sortie standard ; l'ancienne expire.")
        {
            prefix, overlap, expires,
        };
        command.SetAction((result, cancellation) => Cli.WithServicesAsync(
            async services =>
            {
                var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
                var secret = ApiKey.Generate();
                var (old, added) = await services.GetRequiredService<IApiKeyStore>().RotateAsync(
                    PrefixIn(result.GetRequiredValue(prefix)),
                    secret,
                    now,
                    ReadOverlap(result.GetRequiredValue(overlap)),
                    ReadExpiry(result.GetValue(expires), now),
                    cancellation);
                Console.WriteLine(secret);
                await Console.Error.WriteLineAsync(
                    $"Clé {Describe(added)}. Notez-la : elle ne sera plus montrée. "
                    + (old.IsValid(now) ? $"La clé {old.Prefix} vaut encore jusqu'au {Write(old.ExpiresAt!.Value)}." : $"La clé {old.Prefix} ne vaut plus."));
                return 0;
            },
            cancellation));
        return command;
    }

    private static Command RevokeKey()
    {
        var prefix = Prefix();
        var command = new Command("revoke", "Révoque une clé, pour toujours et tout de suite.") { prefix };
        command.SetAction((result, cancellation) => Cli.WithServicesAsync(
            async services =>
            {
                var wanted = PrefixIn(result.GetRequiredValue(prefix));
                var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
                if (!await services.GetRequiredService<IApiKeyStore>().RevokeAsync(wanted, now, cancellation))
                    throw new RefusedException($"Aucune clé n'a le préfixe « {wanted} ».");
                Console.WriteLine($"Clé {wanted} révoquée.");
                return 0;
            },
            cancellation));
        return command;
    }

    private static Option<string?> Expires() => new("--expires") { Description = "Dernier jour de la clé, AAAA-MM-JJ" };

    private static Argument<string> Prefix() => new("PREFIX") { Description = "Le préfixe de la clé : les 8 caractères après « fct_ »" };

    /// <summary>A whole key may be given for its prefix; it is never printed.</summary>
    private static string PrefixIn(string given) => ApiKey.PrefixOf(given) ?? given;

    /// <summary>Reads a number of days or hours.</summary>
    private static TimeSpan ReadOverlap(string text)
    {
        var unit = text.EndsWith('h') ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        return text == "0" ? TimeSpan.Zero
            : text is [.., 'd' or 'h'] && ushort.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count * unit
            : throw new RefusedException($"--overlap : « {text} » n'est pas une durée comme 7d, 12h ou 0.");
    }

    /// <summary>Returns the instant at which a key expires: the end of its last day in Paris.</summary>
    private static DateTimeOffset? ReadExpiry(string? day, DateTimeOffset now)
    {
        if (day is null)
            return null;
        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var last)
            || last == DateOnly.MaxValue)
            throw new RefusedException($"--expires : « {day} » n'est pas une date AAAA-MM-JJ.");
        var end = Paris.StartOf(last.AddDays(1));
        return end > now ? end : throw new RefusedException($"--expires : le {day} est passé.");
    }

    private static string Describe(ApiKey key) => string.Join("  ", new[]
    {
        key.Prefix,
        SafeText.Of(key.Client),
        key.Identifiant is null ? null : $"identifiant {SafeText.Of(key.Identifiant)}",
        string.Join(',', key.Scopes),
        $"créée {Write(key.CreatedAt)}",
        key.ExpiresAt is { } expiry ? $"valable jusqu'au {Write(expiry.AddMinutes(-1))}" : null,
        key.RevokedAt is { } revoked ? $"révoquée {Write(revoked)}" : null,
    }.OfType<string>());

    private static string Write(DateTimeOffset instant) =>
        Paris.Hour(instant).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
