using System.CommandLine;
using Facturation.Api.Operations;
using Facturation.Core;

namespace Facturation.Api.Commands;

/// <summary><c>clients hold-suspects CODE [--off]</c></summary>
internal static class ClientsCommand
{
    public static Command Create() => new("clients", "Les réglages des clients.") { HoldSuspects() };

    private static Command HoldSuspects()
    {
        var code = new Argument<string>("CODE") { Description = "Le code du client" };
        var off = new Option<bool>("--off") { Description = "Compte de nouveau les relevés suspects" };
        var command = new Command(
            "hold-suspects", "Tient les relevés suspects d'un client, jusqu'à leur confirmation, hors de ses consommations et de ses factures.")
        {
            code, off,
        };
        command.SetAction((result, cancellation) => Cli.WithServicesAsync(
            services => RunAsync(services, result.GetRequiredValue(code), !result.GetValue(off), cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, string client, bool holds, CancellationToken cancellation)
    {
        var metering = services.GetRequiredService<Metering>();
        var caller = new Caller(client, null, "console", Guid.NewGuid().ToString("N"));
        SwitchedSuspects? switched;
        try
        {
            switched = await services.GetRequiredService<IMeterStore>().WriteAsync(
                transaction => metering.HoldSuspectsAsync(transaction, caller, holds, cancellation), cancellation);
        }
        catch (RefusalException e)
        {
            throw new RefusedException(e.Message, e); // A total would not fit in 64 bits.
        }
        var state = holds ? "ne comptent qu'une fois confirmés" : "comptent comme les autres";
        Console.WriteLine(switched is null
            ? $"Rien ne change. Les relevés suspects du client {SafeText.Of(client)} {state}."
            : $"Les relevés suspects du client {SafeText.Of(client)} {state} (relevés : {switched.Readings}, compteurs : {switched.Meters}).");
        foreach (var meter in switched?.Closed ?? [])
            await Console.Error.WriteLineAsync($"Compteur {meter} : facturé jusqu'à sa dépose, aucune facture ne portera ce changement.");
        return 0;
    }
}
