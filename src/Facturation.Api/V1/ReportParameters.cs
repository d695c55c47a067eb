using Facturation.Core;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Facturation.Api.V1;

/// <summary>
/// A query parameter that takes one of a few words. OpenAPI describes it as a string with a pattern, because client generators rename the
/// members of enums.
/// </summary>
internal abstract class WordAttribute(Type binder, string pattern, string? unasked = null) : ParameterAttribute(binder, BindingSource.Query)
{
    public string Pattern => pattern;

    /// <summary>The word that stands for none; null when no word does.</summary>
    public string? Default => unasked;
}

/// <summary>The windows of a report: day, month or year.</summary>
internal sealed class WindowAttribute() : WordAttribute(typeof(WindowBinder), "^(day|month|year)$");

/// <summary>Whether windows without consumption are told.</summary>
internal sealed class FillAttribute() : WordAttribute(typeof(FillBinder), "^zero$");

/// <summary>Whether what a meter counted between two readings is spread over the days between them.</summary>
internal sealed class SpreadAttribute() : WordAttribute(typeof(SpreadBinder), "^days$");

/// <summary>What the sums of a report are split by: words with commas between them.</summary>
internal sealed class GroupByAttribute() : WordAttribute(
    typeof(GroupByBinder), "^(produit|compteur|identifiant|dossier)(,(produit|compteur|identifiant|dossier)){0,3}$", "produit,compteur");

/// <summary>The format of a report; without it, what the Accept header prefers.</summary>
internal sealed class FormatAttribute() : WordAttribute(typeof(FormatBinder), "^(json|jsonl|csv|excel)$");

internal sealed class WindowBinder() : ParameterBinder<Window>("day, month ou year est attendu")
{
    protected override bool TryRead(string text, out Window value)
    {
        value = text switch { "day" => Window.Day, "month" => Window.Month, "year" => Window.Year, _ => Window.Period };
        return value != Window.Period;
    }
}

internal sealed class FillBinder() : ParameterBinder<bool>("zero est attendu")
{
    protected override bool TryRead(string text, out bool value) => value = text == "zero";
}

internal sealed class SpreadBinder() : ParameterBinder<bool>("days est attendu")
{
    protected override bool TryRead(string text, out bool value) => value = text == "days";
}

internal sealed class FormatBinder() : ParameterBinder<ReportFormat>("json, jsonl, csv ou excel est attendu")
{
    protected override bool TryRead(string text, out ReportFormat value)
    {
        ReportFormat? found = text switch
        {
            "json" => ReportFormat.Json,
            "jsonl" => ReportFormat.JsonLines,
            "csv" => ReportFormat.Csv,
            "excel" => ReportFormat.Excel,
            _ => null,
        };
        value = found.GetValueOrDefault();
        return found is not null;
    }
}

internal sealed class GroupByBinder() : ParameterBinder<Grouping>(Expected)
{
    private const string Expected = "produit, compteur, identifiant ou dossier sont attendus, une fois chacun, séparés par des virgules";

    protected override bool TryRead(string text, out Grouping value)
    {
        value = Grouping.None;
        foreach (var word in text.Split(','))
        {
            var next = word switch
            {
                "produit" => Grouping.Produit,
                "compteur" => Grouping.Compteur,
                "identifiant" => Grouping.Identifiant,
                "dossier" => Grouping.Dossier,
                _ => Grouping.None,
            };
            if (next == Grouping.None || value.HasFlag(next))
                return false;
            value |= next;
        }
        // A sequence is unique only within a produit, and a dossier only within an identifiant; units of different produits are not added.
        return (!value.HasFlag(Grouping.Compteur) || value.HasFlag(Grouping.Produit)) && (!value.HasFlag(Grouping.Dossier) || value == Grouping.All);
    }

    protected override string Explain(string text) => text.Split(',') is var words && words.Contains("dossier") && words.Length < 4
        ? "dossier demande aussi produit, compteur et identifiant"
        : words.Contains("compteur") && !words.Contains("produit") ? "compteur demande aussi produit" : Expected;
}
