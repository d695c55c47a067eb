namespace Facturation.WebApi2.Formats;

/// <summary>
/// The errors of a request: messages by key, in the order in which they were found, with the first spelling of each key (WIRE.md
/// J4). MVC's own model state has another order and stops at 200 errors.
/// </summary>
internal sealed class ReadErrors
{
    /// <summary>The message that stands for any exception (WIRE.md E1).</summary>
    public const string ErrorOccurred = "An error has occurred.";

    /// <summary>The maximum number of recorded errors. Web API 2 had none, and could take seconds for an answer of hundreds of megabytes.</summary>
    public const int Max = 100_000;

    /// <summary>Null until there is an error, which is rare.</summary>
    private Dictionary<string, List<string>>? messages;
    private int count;

    public IEnumerable<KeyValuePair<string, List<string>>> Entries => messages?.Where(entry => entry.Value.Count > 0) ?? [];

    /// <summary>Whether the maximum is reached.</summary>
    public bool IsFull { get; private set; }

    public void Add(string key, string message)
    {
        if (IsFull)
            return;
        Reserve(key).Add(message);
        IsFull = ++count == Max;
    }

    /// <summary>Reserves a key's place in the order, whether or not an error follows.</summary>
    public List<string> Reserve(string key)
    {
        messages ??= new(StringComparer.OrdinalIgnoreCase);
        if (!messages.TryGetValue(key, out var list))
            messages.Add(key, list = []);
        return list;
    }
}

/// <summary>The errors of one parameter; their keys start with its name.</summary>
internal sealed class ParameterErrors(ReadErrors errors, string parameter)
{
    /// <summary>What of the body was not read, for the <c>Warning</c> header; null for nothing to say.</summary>
    public string? Warning { get; set; }

    /// <inheritdoc cref="ReadErrors.IsFull" />
    public bool IsFull => errors.IsFull;

    /// <summary>Adds a message for a path below the parameter; an empty path means the parameter itself.</summary>
    public void Add(string path, string message = ReadErrors.ErrorOccurred) => errors.Add(KeyOf(path), message);

    /// <summary>Adds the error that the parameter has a value, but a blank one.</summary>
    public void AddBlank(Type type) => Add(type.Name, "A value is required but was not present in the request.");

    /// <inheritdoc cref="ReadErrors.Reserve" />
    public void Reserve(string path) => errors.Reserve(KeyOf(path));

    private string KeyOf(string path) => path.Length == 0 ? parameter : path[0] == '[' ? parameter + path : $"{parameter}.{path}";
}
