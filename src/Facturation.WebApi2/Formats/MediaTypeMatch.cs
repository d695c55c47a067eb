namespace Facturation.WebApi2.Formats;

/// <summary>How precisely a media type was requested, most precise first (WIRE.md N1).</summary>
internal enum MediaTypePrecision
{
    /// <summary><c>type/subtype</c></summary>
    Literal,

    /// <summary><c>type/*</c></summary>
    AnySubtype,

    /// <summary><c>*/*</c></summary>
    Any,
}

/// <summary>A supported media type that a requested media type or range covers.</summary>
internal readonly record struct MediaTypeMatch(string MediaType, MediaTypePrecision Precision)
{
    /// <summary>Matches a supported type with a requested type or range, ignoring parameters; null if they do not match.</summary>
    public static MediaTypeMatch? Of(string ours, string requested)
    {
        var precision = PrecisionOf(requested);
        var covers = precision switch
        {
            MediaTypePrecision.Any => true,
            MediaTypePrecision.AnySubtype => SameType(ours, requested),
            _ => ours.Equals(requested, StringComparison.OrdinalIgnoreCase),
        };
        return covers ? new MediaTypeMatch(ours, precision) : null;
    }

    public static MediaTypePrecision PrecisionOf(string mediaType) =>
        mediaType == "*/*" ? MediaTypePrecision.Any
        : mediaType.EndsWith("/*", StringComparison.Ordinal) ? MediaTypePrecision.AnySubtype
        : MediaTypePrecision.Literal;

    private static bool SameType(string ours, string range) =>
        ours.StartsWith(range.AsSpan(0, range.Length - 1), StringComparison.OrdinalIgnoreCase);
}
