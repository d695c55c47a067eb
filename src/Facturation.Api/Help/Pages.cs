using Facturation.Api.Operations;

namespace Facturation.Api.Help;

/// <summary>
/// The help pages. The content of Web API 2's help pages, which programs may read, keeps its words, order and classes in an
/// <c>article</c>. New content follows it, in French, or is added by the script.
/// </summary>
internal sealed partial class Pages(Catalog catalog, V1Catalog v1, HelpLinks site, string? demoKey)
{
    private const string Product = "Facturation";
    private const string IndexTitle = "ASP.NET Web API Help Page";
    private const string NoDocumentation = "No documentation available.";

    public Catalog Catalog => catalog;

    public V1Catalog V1 => v1;

    public Html Index() => Layout(IndexTitle, site.Home, $"""
        <article>
        <h1>{IndexTitle}</h1>
        <section id="introduction">
        <h2>Introduction</h2>
        <p lang="fr">Le service répond aux programmes de facturation : ce qui a été consommé sur une période,
        par produit, par dossier et par compteur, en JSON, en XML ou par formulaire.
        Chaque page décrit une opération, avec des échantillons écrits par le service lui-même.</p>
        </section>
        {catalog.Operations.GroupBy(operation => operation.Action.ControllerTypeInfo).Select(ControllerSection)}
        </article>
        <section class="guide" lang="fr">
        {V1Index()}
        <section id="modeles">
        <h2>Modèles</h2>
        <ul class="models">
        {catalog.ModelNames.Select(ModelItem)}
        </ul>
        {(v1.Operations.Count == 0 ? Html.Empty : (Html)$"""
            <h3 id="modeles-v1">API v1</h3>
            <ul class="models">
            {v1.ModelNames.Select(ModelItem)}
            </ul>
            """)}
        </section>
        {Authentication([.. catalog.Operations.SelectMany(operation => operation.Scopes).Distinct()])}
        <section id="schema">
        <h2>Schéma XML</h2>
        <p>Tous les types, pour un générateur de code ou un validateur : <a href="{site.Schema}" download>Schema.xsd</a>.</p>
        </section>
        </section>
        """);

    public Html Model(Type type) => Layout(catalog.NameOf(type), site.Model(catalog.NameOf(type)), $"""
        <article>
        <h1>{catalog.NameOf(type)}</h1>
        <p lang="fr">{XmlComments.SummaryOf(type)}</p>
        {Members(type, hasIds: true)}
        </article>
        <section class="guide" lang="fr">
        <section id="utilise-par">
        <h2>Utilisé par</h2>
        <ul>
        {catalog.Operations.Where(operation => operation.ContractTypes.SelectMany(TypeShape.ModelsIn).Contains(type)).Select(OperationItem)}
        </ul>
        </section>
        <section id="schema">
        <h2>Schéma XML</h2>
        <p>Ce type est décrit dans <a href="{site.Schema}" download>Schema.xsd</a>.</p>
        </section>
        </section>
        """);

    /// <summary>The page for an unknown name, with similar names.</summary>
    public Html NotFound(string asked)
    {
        var names = Operations.Select(operation => operation.Id).Concat(catalog.ModelNames).Concat(v1.ModelNames);
        var near = NameSuggestions.Of(asked, names).ToArray();
        return Layout($"Page inconnue - {Product}", null, $"""
            <article class="not-found" lang="fr">
            <h1>Page inconnue</h1>
            <p>Aucune opération et aucun modèle ne s’appelle <q>{asked}</q>.</p>
            <h2>{(near.Length > 0 ? "Vous cherchiez peut-être" : "Les opérations")}</h2>
            <ul>
            {(near.Length > 0
                ? near.Select(name => Operations.FirstOrDefault(operation => operation.Id == name) is { } found ? OperationItem(found) : ModelItem(name))
                : Operations.Select(OperationItem))}
            </ul>
            <p>Toutes les opérations sont sur <a href="{site.Home}">la page d’accueil</a>.</p>
            </article>
            """);
    }

    /// <summary>A whole page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="address">Its address, which the list of operations marks; null for a page that has none.</param>
    /// <param name="content">Its content.</param>
    /// <param name="language">The language of its content.</param>
    private Html Layout(string title, string? address, Html content, string language = "en") => $"""
        <!DOCTYPE html>
        <html lang="{language}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{title}</title>
        <link rel="icon" href="{site.File("icon.svg")}" type="image/svg+xml">
        <link rel="stylesheet" href="{site.File("help.css")}">
        <script src="{site.File("help.js")}" defer></script>
        </head>
        <body data-search="{site.Home}/Search.json">
        <a class="skip" href="#content" lang="fr">Aller au contenu</a>
        <header lang="fr">
        <a class="brand" href="{site.Home}"><img src="{site.File("icon.svg")}" alt="" width="28" height="28"> {Product}</a>
        <button class="menu" type="button" popovertarget="sommaire">Sommaire</button>
        </header>
        <main id="content" tabindex="-1">
        {(address == site.Home ? Html.Empty : (Html)$"<p class=\"home\" lang=\"en\"><a href=\"{site.Home}\">Help Page Home</a></p>")}
        {content}
        {Neighbours(address)}
        </main>
        {Navigation(address)}
        </body>
        </html>

        """;

    private Html ControllerSection(IGrouping<Type, Operation> operations) => $"""
        <h2 id="{operations.First().Action.ControllerName}">{operations.First().Action.ControllerName}</h2>
        {(XmlComments.SummaryOf(operations.Key) is { } summary ? (Html)$"<p lang=\"fr\">{summary}</p>" : Html.Empty)}
        {ApiTable(operations, operation => $"{operation.Title}")}

        """;

    private Html ApiTable(IEnumerable<Operation> operations, Func<Operation, Html> title) => Table(["API", "Description"], operations.Select(operation => (Html)$"""
        <tr>
        <td class="api-name"><a href="{site.Operation(operation.Id)}">{title(operation)}</a></td>
        <td class="api-documentation">
        {(operation.Summary is null ? (Html)$"<p>{NoDocumentation}</p>" : (Html)$"<p lang=\"fr\">{operation.Summary}</p>")}
        </td>
        </tr>

        """));

    private static Html Table(IEnumerable<string> headings, IEnumerable<Html> rows) => $"""
        <table class="help-page-table">
        <thead>
        <tr>{headings.Select(heading => (Html)$"<th scope=\"col\">{heading}</th>")}</tr>
        </thead>
        <tbody>
        {rows}
        </tbody>
        </table>
        """;

    /// <summary>The row of a member or parameter.</summary>
    private static Html Row(string name, Html documentation, Html type, Html annotations, string? id = null) => $"""
        <tr{(id is null ? Html.Empty : (Html)$" id=\"{id}\"")}>
        <td class="parameter-name">{name}</td>
        <td class="parameter-documentation">
        {documentation}
        </td>
        <td class="parameter-type">{type}</td>
        <td class="parameter-annotations">
        {annotations}
        </td>
        </tr>

        """;

    private Html OperationItem(Operation operation) =>
        $"<li><a href=\"{site.Operation(operation.Id)}\">{operation.Title}</a> {operation.Summary}</li>\n";

    private Html ModelItem(string name) =>
        $"<li><a href=\"{site.Model(name)}\">{name}</a> {AboutModel(name)}</li>\n";

    /// <summary>The description of a model of either API.</summary>
    private string? AboutModel(string name) =>
        catalog.FindModel(name) is { } type ? XmlComments.SummaryOf(type) : v1.FindModel(name)?.Schema.Description;
}
