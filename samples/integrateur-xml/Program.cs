using System.Globalization;
using Facturation.Api.Models;
using IntegrateurXml;

// dotnet run -- DEBUT FIN [PRODUIT]     days as 2026-03-01, both included
// FACTURATION_URL and FACTURATION_KEY say where the service is and who asks; without them, the demo on this machine.
var produit = 0;
if (args is not [var debut, var fin, .. var more] || !TryReadDay(debut, out var first) || !TryReadDay(fin, out var last)
    || more.Length > 1 || (more is [var id] && !int.TryParse(id, CultureInfo.InvariantCulture, out produit)))
{
    Console.Error.WriteLine("Usage: dotnet run -- DEBUT FIN [PRODUIT], for example 2026-03-01 2026-03-31 2");
    return 2;
}
var param = new ParamModel
{
    Debut = first,
    Fin = last,
    ProduitId = more.Length > 0 ? produit : null,
};

var url = Environment.GetEnvironmentVariable("FACTURATION_URL") ?? "http://localhost:5080";
var key = Environment.GetEnvironmentVariable("FACTURATION_KEY") ?? "fct_demo0000_demodemodemodemodemodemodemodemo";
using var http = new HttpClient { BaseAddress = new Uri(url.TrimEnd('/') + '/') };
http.DefaultRequestHeaders.Accept.ParseAdd("application/xml");
// HTTP Basic does as well: the identifiant as user, the key as password.
http.DefaultRequestHeaders.Add("X-API-Key", key);

try
{
    foreach (var reponse in await new ConsommationClient(http).AskAsync(param))
        foreach (var somme in reponse.ConsommationsSomme ?? [])
            Console.WriteLine(
                $"{reponse.ProduitId} {reponse.NomProduit}\t{reponse.Identifiant}\t{somme.Sequence} {somme.Libelle}\t{somme.Quantite}");
    return 0;
}
catch (Exception e) when (e is RefusedException or HttpRequestException or TaskCanceledException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static bool TryReadDay(string text, out DateTime day) =>
    DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
