namespace Facturation.WebApi2.Formats;

/// <summary>
/// What was wrong with a body: messages by key, in the order in which they were found, the first spelling of a key kept
/// (WIRE.md J4). MVC's own model state keeps another order and stops counting at 200.
/// </summary>
internal sealed class BodyErrors(string prefix)
{
    /// <summary>What the client is told of an exception (WIRE.md E1).</summary>
    public const string ErrorOccurred = "An error has occurred.";

    private readonly Dictionary<string, List<string>> messages = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>XML elements of the contract that were passed over, out of order or a second time (WIRE.md X1); no errors.</summary>
    public IReadOnlyList<string> IgnoredElements { get; set; } = [];

    public bool Any => messages.Count > 0;

    public IEnumerable<KeyValuePair<string, List<string>>> Entries => messages;

    /// <summary>Adds a message under the parameter's name and a path below it, empty for the body as a whole.</summary>
    public void Add(string path, string message = ErrorOccurred) => AddKey(KeyOf(path), message);

    /// <summary>Adds a message under a whole key.</summary>
    public void AddKey(string key, string message)
    {
        if (!messages.TryGetValue(key, out var list))
            messages.Add(key, list = []);
        list.Add(message);
    }

    private string KeyOf(string path) =>
        path.Length == 0 ? prefix
        : path[0] == '[' ? prefix + path
        : $"{prefix}.{path}";
}
