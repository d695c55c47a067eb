namespace Facturation.WebApi2.Formats;

/// <summary>
/// What was wrong with a request: messages by key, in the order in which they were found, the first spelling of a key kept
/// (WIRE.md J4). MVC's own model state keeps another order and stops counting at 200.
/// </summary>
internal sealed class ReadErrors
{
    /// <summary>What the client is told of an exception (WIRE.md E1).</summary>
    public const string ErrorOccurred = "An error has occurred.";

    /// <summary>Errors are noted up to this many; Web API 2 went on, at the price of seconds and of an answer of hundreds of megabytes.</summary>
    public const int Max = 100_000;

    /// <summary>Null until there is something wrong, which is seldom.</summary>
    private Dictionary<string, List<string>>? messages;
    private int count;

    public IEnumerable<KeyValuePair<string, List<string>>> Entries => messages?.Where(entry => entry.Value.Count > 0) ?? [];

    /// <summary>Whether no more are noted.</summary>
    public bool IsFull { get; private set; }

    public void Add(string key, string message)
    {
        if (IsFull)
            return;
        Reserve(key).Add(message);
        IsFull = ++count == Max;
    }

    /// <summary>Gives a key its place in the order, whether or not an error follows.</summary>
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
    /// <summary>XML elements of the contract that were passed over, out of order or a second time (WIRE.md X1); no errors.</summary>
    public IReadOnlyList<string> IgnoredElements { get; set; } = [];

    /// <inheritdoc cref="ReadErrors.IsFull" />
    public bool IsFull => errors.IsFull;

    /// <summary>Adds a message under a path below the parameter, empty for the parameter as a whole.</summary>
    public void Add(string path, string message = ReadErrors.ErrorOccurred) => errors.Add(KeyOf(path), message);

    /// <summary>Adds that there is a value for the parameter as a whole, and that it is blank.</summary>
    public void AddBlank(Type type) => Add(type.Name, "A value is required but was not present in the request.");

    /// <inheritdoc cref="ReadErrors.Reserve" />
    public void Reserve(string path) => errors.Reserve(KeyOf(path));

    private string KeyOf(string path) => path.Length == 0 ? parameter : path[0] == '[' ? parameter + path : $"{parameter}.{path}";
}
