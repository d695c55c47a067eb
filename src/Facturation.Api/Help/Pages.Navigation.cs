namespace Facturation.Api.Help;

/// <summary>The list of operations beside each page. It follows the content, which programs read from its start.</summary>
internal sealed partial class Pages
{
    /// <summary>The operations of both APIs, in the order of the list.</summary>
    private IEnumerable<Operation> Operations => catalog.Operations.Concat(v1.Operations.Select(operation => operation.Help));

    /// <summary>On a narrow screen, the list is a popover that a button in the header opens.</summary>
    private Html Navigation(string? address) => $"""
        <nav id="sommaire" class="side" popover aria-label="Sommaire" lang="fr">
        <ul>
        <li>{NavigationLink(site.Home, $"Accueil", address)}</li>
        {NavigationGroup("API historique", catalog.Operations, address)}
        {V1Groups.Select(group => NavigationGroup(group.Name, group.Operations, address))}
        <li><a href="{site.Home}#modeles">Modèles</a>
        {catalog.ModelNames.Concat(v1.ModelNames).Where(name => site.Model(name) == address).Select(name =>
            (Html)$"<ul><li>{NavigationLink(site.Model(name), $"{name}", address)}</li></ul>")}
        </li>
        </ul>
        </nav>
        """;

    private Html NavigationGroup(string name, IEnumerable<Operation> operations, string? address) => $"""
        <li><span class="group">{name}</span>
        <ul>
        {operations.Select(operation => (Html)$"""
            <li>{NavigationLink(site.Operation(operation.Id), $"<b>{operation.Method}</b> {Breakable(operation.Path)}", address)}</li>

            """)}
        </ul>
        </li>

        """;

    private static Html NavigationLink(string target, Html text, string? address) =>
        $"<a href=\"{target}\"{(target == address ? (Html)$" aria-current=\"page\"" : Html.Empty)}>{text}</a>";

    /// <summary>Links to the operations before and after that of a page.</summary>
    private Html Neighbours(string? address)
    {
        Operation[] all = [.. Operations];
        var at = Array.FindIndex(all, operation => site.Operation(operation.Id) == address);
        return at < 0 ? Html.Empty : $"""
            <nav class="neighbours" aria-label="Opérations voisines" lang="fr">
            {(at == 0 ? Html.Empty : NeighbourLink(all[at - 1], "prev", "Précédente"))}
            {(at == all.Length - 1 ? Html.Empty : NeighbourLink(all[at + 1], "next", "Suivante"))}
            </nav>
            """;
    }

    private Html NeighbourLink(Operation operation, string direction, string label) => $"""
        <a rel="{direction}" href="{site.Operation(operation.Id)}"><span>{label}</span> <b>{operation.Method}</b> {Breakable(operation.Path)}</a>
        """;

    /// <summary>A path that may be broken after its slashes.</summary>
    private static Html Breakable(string path) => $"{path.Split('/').Select((part, i) => (Html)$"{(i == 0 ? Html.Empty : (Html)$"/<wbr>")}{part}")}";
}
