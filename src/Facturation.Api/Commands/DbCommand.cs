using System.CommandLine;
using Facturation.Api.Operations;
using Facturation.Core;
using Facturation.Storage;

namespace Facturation.Api.Commands;

/// <summary><c>db status | migrate | script | check | verify | units | texts | backup FILE | restore FILE</c></summary>
internal static class DbCommand
{
    public static Command Create() => new("db", "La base de données : son état, ses migrations, sa santé, sa copie.")
    {
        Create("status", "Dit où en est la base, sans rien changer.", StatusAsync),
        Create("migrate", "Crée la base, ou la met au niveau de ce programme.", MigrateAsync),
        Create("script", "Écrit le SQL des migrations, pour qui administre la base.", ScriptAsync),
        Create("check", "Cherche des dégâts dans la base ; le code de sortie est 1 s'il y en a.", CheckAsync),
        Create("verify", "Recompte les totaux et les compteurs ; le code de sortie est 1 si quelque chose diffère.", VerifyAsync),
        Create("units", "Cherche les compteurs de produit dont les appareils comptent en plusieurs unités ; le code de sortie est 1 s'il y en a.", UnitsAsync),
        CreateTexts(),
        CreateBackup(),
        CreateRestore(),
    };

    private static Command Create(string name, string description, Func<DatabaseUpkeep, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        command.SetAction((_, cancellation) => Cli.WithDatabaseAsync(
            services => run(services.GetRequiredService<DatabaseUpkeep>(), cancellation)));
        return command;
    }

    private static Command CreateTexts()
    {
        var rename = new Option<bool>("--rename") { Description = "Remplace ce qui ne peut figurer dans du XML par U+FFFD" };
        var command = new Command("texts", "Cherche les textes qui ne peuvent figurer dans du XML ; le code de sortie est 1 s'il en reste.") { rename };
        command.SetAction((result, cancellation) => Cli.WithDatabaseAsync(async services =>
        {
            await RequireSchemaAsync(services.GetRequiredService<DatabaseUpkeep>(), cancellation);
            var repair = services.GetRequiredService<XmlRepair>();
            var texts = await repair.FindAsync(cancellation);
            var left = 0;
            foreach (var text in texts)
            {
                var (better, isAsked) = (XmlText.Replace(text.Text), result.GetValue(rename));
                var isRenamed = isAsked && await repair.RenameAsync(text, cancellation);
                if (!isRenamed)
                    left++;
                var told = isRenamed ? $"renommé « {better} »" : isAsked ? $"garde son nom, car « {better} » existe déjà" : XmlText.FindProblem(text.Text);
                Console.WriteLine(SafeText.Of($"client {text.Client}, {text.Kind} « {text.Text} » : {told}"));
            }
            if (texts.Count == 0)
                Console.WriteLine("Tous les textes peuvent figurer dans du XML.");
            return left == 0 ? 0 : 1;
        }));
        return command;
    }

    private static Command CreateBackup()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Le fichier à créer ; aucun n'est écrasé" };
        var command = new Command("backup", "Copie la base dans un fichier, pendant que le service sert.") { file };
        command.SetAction((result, _) => Cli.WithDatabaseAsync(async services =>
        {
            var copy = result.GetRequiredValue(file);
            var upkeep = services.GetRequiredService<DatabaseUpkeep>();
            await upkeep.RefuseAbsentAsync(CancellationToken.None);
            await upkeep.BackupAsync(copy.FullName);
            copy.Refresh();
            Console.WriteLine($"Base copiée dans {copy} : {copy.Length} octets.");
            return 0;
        }));
        return command;
    }

    private static Command CreateRestore()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Une copie de « db backup » ; elle reste où elle est" };
        var command = new Command("restore", "Met une copie à la place de la base, service arrêté ; l'ancienne base est gardée.") { file };
        command.SetAction((result, _) => Cli.WithDatabaseAsync(async services =>
        {
            var copy = result.GetRequiredValue(file);
            var upkeep = services.GetRequiredService<DatabaseUpkeep>();
            var aside = $"{upkeep.Location}.{services.GetRequiredService<TimeProvider>().GetUtcNow():yyyyMMdd'T'HHmmss'Z'}";
            var kept = await upkeep.RestoreAsync(copy.FullName, aside);
            Console.WriteLine($"Base {upkeep.Location} restaurée de {copy}{(kept ? $" ; l'ancienne est gardée dans {aside}" : "")}.");
            return 0;
        }));
        return command;
    }

    private static async Task<int> StatusAsync(DatabaseUpkeep upkeep, CancellationToken cancellation)
    {
        var schema = await upkeep.ReadSchemaAsync(cancellation);
        var exists = await upkeep.ExistsAsync(cancellation);
        Console.WriteLine($"Base : {upkeep.Location}");
        Console.WriteLine(exists && await upkeep.ReadSizeAsync(cancellation) is var size
            ? $"Taille : {size.Data} octets, {size.Journal} de journal"
            : "Taille : la base n'existe pas encore");
        Write("appliquées", schema.Applied);
        Write("en attente", schema.Pending);
        Write("inconnues de ce programme", schema.Unknown);
        var (isSound, told) = exists ? await TellSoundnessAsync(upkeep, cancellation) : (true, null);
        if (told is not null)
            Console.WriteLine($"Intégrité : {told}");
        return isSound && schema.Unknown.Count == 0 ? 0 : 1;

        static void Write(string state, IReadOnlyList<string> migrations) =>
            Console.WriteLine($"Migrations {state} : {(migrations.Count == 0 ? "aucune" : string.Join(", ", migrations))}");
    }

    private static async Task<(bool IsSound, string Told)> TellSoundnessAsync(DatabaseUpkeep upkeep, CancellationToken cancellation)
    {
        if (upkeep.IsCheckCostly)
            return (true, "« db check » la cherche, et lit pour cela toute la base");
        try
        {
            return (await upkeep.CheckAsync(1, cancellation)).Count == 0 ? (true, "bonne") : (false, "la base est abîmée ; « db check » dit où");
        }
        catch (RefusedException e)
        {
            return (true, e.Message); // Only the administrator may check it.
        }
    }

    private static async Task<int> MigrateAsync(DatabaseUpkeep upkeep, CancellationToken cancellation)
    {
        var done = (await upkeep.MigrateAsync(cancellation)).Pending;
        foreach (var migration in done)
            Console.WriteLine($"{migration} appliquée.");
        if (done.Count == 0)
            Console.WriteLine("La base est à jour.");
        return 0;
    }

    private static async Task<int> ScriptAsync(DatabaseUpkeep upkeep, CancellationToken cancellation)
    {
        var sql = await upkeep.ScriptAsync(cancellation);
        Console.Write(sql == "" ? "-- La base est à jour : il n'y a rien à appliquer.\n" : sql);
        return 0;
    }

    private static async Task<int> CheckAsync(DatabaseUpkeep upkeep, CancellationToken cancellation)
    {
        await upkeep.RefuseAbsentAsync(cancellation);
        return await TellAsync(await upkeep.CheckAsync(cancellation: cancellation), "La base est saine.", "La base est abîmée.");
    }

    private static async Task<int> VerifyAsync(DatabaseUpkeep upkeep, CancellationToken cancellation)
    {
        await RequireSchemaAsync(upkeep, cancellation);
        return await TellAsync(
            await upkeep.VerifyAsync(cancellation: cancellation),
            "Les totaux sont la somme des lignes, et les compteurs ce que disent leurs relevés.",
            "La base se contredit.");
    }

    private static async Task<int> UnitsAsync(DatabaseUpkeep upkeep, CancellationToken cancellation)
    {
        await RequireSchemaAsync(upkeep, cancellation);
        return await TellAsync(
            await upkeep.FindMixedUnitsAsync(cancellation),
            "Chaque compteur de produit compte en une seule unité.",
            "Des compteurs de produit comptent en plusieurs unités : vérifiez que chaque multiplicateur convertit.");
    }

    private static async Task RequireSchemaAsync(DatabaseUpkeep upkeep, CancellationToken cancellation)
    {
        await upkeep.RefuseAbsentAsync(cancellation);
        var schema = await upkeep.ReadSchemaAsync(cancellation);
        upkeep.RefuseNewer(schema);
        if (schema.Pending.Count > 0)
            throw new RefusedException("La base n'est pas au niveau de ce programme : « db status » dit ce qui manque, « db migrate » l'y met.");
    }

    /// <summary>Writes the problems to standard error, one a line, and the result to standard output.</summary>
    private static async Task<int> TellAsync(IReadOnlyList<string> problems, string good, string bad)
    {
        foreach (var problem in problems)
            await Console.Error.WriteLineAsync(SafeText.Of(problem)); // It contains client data.
        Console.WriteLine(problems.Count == 0 ? good : bad);
        return problems.Count == 0 ? 0 : 1;
    }
}
