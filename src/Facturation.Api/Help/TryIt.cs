using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Facturation.Api.Help;

/// <summary>A request that can be edited and sent from the page.</summary>
/// <param name="Method">Its verb.</param>
/// <param name="Path">Its path below the path base, with parameters in braces.</param>
/// <param name="Fields">Its parameters.</param>
/// <param name="Bodies">An initial body in each format; empty if it has no body.</param>
/// <param name="Answers">The media types of its answer.</param>
/// <param name="IsWriting">Whether it changes data.</param>
internal sealed record TryIt(
    string Method, string Path, IReadOnlyList<TryField> Fields, IReadOnlyList<TryBody> Bodies, IReadOnlyList<string> Answers, bool IsWriting)
{
    /// <summary>Creates the form of a Web API 2 operation, with its example in every format, or else its samples.</summary>
    public static TryIt Of(Operation operation, Catalog catalog)
    {
        var fields = operation.Parameters.Select(parameter => new TryField(
            parameter.Name, parameter.Source == BindingSource.Path ? "path" : "query", parameter.IsRequired, parameter.DefaultValue?.ToString()));
        var bodies = operation.Body is not { } body ? []
            : catalog.ExampleOf(body.Type)?.Bodies ?? catalog.RequestSamples(body.Type)
                .Where(sample => sample.Text is not null).Select(sample => new TryBody(sample.MediaTypes[0], sample.Text!));
        var answers = operation.Answer is not { } answer ? []
            : catalog.ResponseSamples(answer).Select(sample => sample.MediaTypes[0]);
        return new(
            operation.Method, operation.Path, [.. fields], [.. bodies], [.. answers.DefaultIfEmpty("*/*")],
            operation.Scopes.Any(scope => scope.EndsWith(":write", StringComparison.Ordinal)));
    }

    /// <summary>The name of a media type.</summary>
    public static string NameOf(string mediaType) => mediaType switch
    {
        "application/json" => "JSON",
        "application/xml" => "XML",
        "application/x-www-form-urlencoded" => "Formulaire",
        _ => mediaType,
    };
}

/// <summary>A parameter in the address or a header.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Place">path, query or header.</param>
/// <param name="IsRequired">Whether it is required.</param>
/// <param name="Value">The initial value, or null.</param>
internal sealed record TryField(string Name, string Place, bool IsRequired, string? Value);

/// <summary>A body, in one format.</summary>
internal sealed record TryBody(string MediaType, string Text);
