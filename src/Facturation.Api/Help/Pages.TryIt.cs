namespace Facturation.Api.Help;

internal sealed partial class Pages
{
    /// <summary>
    /// The form that sends a request; hidden until the script shows it, near the top of the page. The key's field has no name and is not a
    /// password field, so that it gets neither into an address, nor into the browser's form history or password manager.
    /// </summary>
    private Html TryIt(TryIt request) => $"""
        <details id="essayer" class="try" lang="fr" hidden>
        <summary>Essayer cette opération</summary>
        <form data-method="{request.Method}" data-path="{site.PathBase}/{request.Path}" autocomplete="off">
        <p>La requête part de cette page, vers ce service même{(request.IsWriting
            ? " : ce qu’elle enregistre est enregistré pour de bon."
            : " ; elle ne change rien aux données.")}</p>
        <div class="fields">
        <div class="field">
        <label for="try-key">Clé</label>
        <input id="try-key" class="secret" type="text" value="{demoKey}" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="try-key-hint">
        <p id="try-key-hint" class="hint">Envoyée dans l’en-tête <code>X-API-Key</code>, et gardée seulement si vous le demandez.</p>
        <label class="check"><input id="try-keep" type="checkbox"> Garder la clé jusqu’à la fermeture de l’onglet</label>
        </div>
        {request.Fields.Select(field => (Html)$"""
            <div class="field">
            <label for="try-{field.Place}-{field.Name}">{field.Name}{(field.IsRequired ? Html.Empty : (Html)$" <span>facultatif</span>")}</label>
            <input id="try-{field.Place}-{field.Name}" type="text" data-place="{field.Place}" data-name="{field.Name}" value="{field.Value}" autocomplete="off" autocapitalize="off" spellcheck="false"{(field.IsRequired ? (Html)$" required" : Html.Empty)}>
            </div>

            """)}
        {Choice("Format de la réponse", "answer", request.Answers.Select(answer => (answer, (string?)null)))}
        </div>
        {(request.Bodies.Count == 0 ? Html.Empty : (Html)$"""
            <div class="fields">
            {Choice("Format du corps", "body", request.Bodies.Select(body => (body.MediaType, (string?)body.Text)))}
            <div class="field">
            <label for="try-body">Corps</label>
            <textarea id="try-body" rows="6" wrap="off" autocomplete="off" autocapitalize="off" spellcheck="false"></textarea>
            </div>
            </div>
            """)}
        <p class="send"><button type="submit">Envoyer</button></p>
        </form>
        <p class="status" role="status"></p>
        <div class="result" hidden>
        <dl></dl>
        <pre class="wrapped" tabindex="0" role="region" aria-label="Corps de la réponse"></pre>
        </div>
        <script type="module" src="{site.File("try.js")}"></script>
        </details>

        """;

    /// <summary>A choice of media types; hidden if there is only one.</summary>
    private static Html Choice(string legend, string name, IEnumerable<(string MediaType, string? Text)> choices)
    {
        var all = choices.ToArray();
        return $"""
            <fieldset{(all.Length > 1 ? Html.Empty : (Html)$" hidden")}>
            <legend>{legend}</legend>
            {all.Select((choice, i) => (Html)$"""
                <label><input type="radio" name="{name}" value="{choice.MediaType}"{Text(choice.Text)}{(i == 0 ? (Html)$" checked" : Html.Empty)}> {Help.TryIt.NameOf(choice.MediaType)}</label>

                """)}
            </fieldset>

            """;

        static Html Text(string? text) => text is null ? Html.Empty : $" data-text=\"{text}\"";
    }
}
