namespace Facturation.Core;

/// <summary>Why something asked of a meter is not done.</summary>
/// <param name="Code">A constant of <see cref="RefusalCodes"/>, for programs.</param>
/// <param name="Message">What is wrong and with what, in French, for people.</param>
public sealed record Refusal(string Code, string Message);

/// <summary>Ends an operation that is refused, and undoes what it wrote.</summary>
public sealed class RefusalException(Refusal refusal) : Exception(refusal.Message)
{
    /// <summary>Ends an operation for a reason.</summary>
    public RefusalException(string code, string message) : this(new Refusal(code, message))
    {
    }

    /// <summary>Why.</summary>
    public Refusal Refusal { get; } = refusal;
}

/// <summary>The reasons a meter's rules know. They are on the wire: a code is added, never renamed or given another sense.</summary>
public static class RefusalCodes
{
    /// <summary>No meter has this id, or it is not the caller's.</summary>
    public const string MeterNotFound = "METER_NOT_FOUND";

    /// <summary>The meter has no reading of this id.</summary>
    public const string ReadingNotFound = "READING_NOT_FOUND";

    /// <summary>The instant is later than now, beyond the tolerated skew.</summary>
    public const string ReadAtInFuture = "READ_AT_IN_FUTURE";

    /// <summary>The meter was not installed yet.</summary>
    public const string ReadAtBeforeInstallation = "READ_AT_BEFORE_INSTALLATION";

    /// <summary>The meter was removed before.</summary>
    public const string ReadAtAfterRemoval = "READ_AT_AFTER_REMOVAL";

    /// <summary>The meter's digits cannot show this index.</summary>
    public const string IndexBeyondDigits = "INDEX_BEYOND_DIGITS";

    /// <summary>The index is below the reading before it, and this is no rollover.</summary>
    public const string IndexBelowPrevious = "INDEX_BELOW_PREVIOUS";

    /// <summary>The index is above the reading after it, and this is no rollover.</summary>
    public const string IndexAboveNext = "INDEX_ABOVE_NEXT";

    /// <summary>Another index is recorded at the same instant.</summary>
    public const string ReadingConflict = "READING_CONFLICT";

    /// <summary>A reading of a batch that is all or none is refused.</summary>
    public const string BatchRefused = "BATCH_REFUSED";

    /// <summary>The reading was voided already, by someone else or for another reason.</summary>
    public const string ReadingAlreadyVoided = "READING_ALREADY_VOIDED";

    /// <summary>The first reading of a meter, and its last once it is removed, cannot be voided.</summary>
    public const string ReadingNotVoidable = "READING_NOT_VOIDABLE";

    /// <summary>Without the reading, the one after it would be a fall that is no rollover.</summary>
    public const string VoidBreaksSeries = "VOID_BREAKS_SERIES";

    /// <summary>An installed meter with this serial number feeds this compteur of the dossier already.</summary>
    public const string MeterAlreadyExists = "METER_ALREADY_EXISTS";

    /// <summary>The meter was replaced already, otherwise.</summary>
    public const string MeterAlreadyReplaced = "METER_ALREADY_REPLACED";

    /// <summary>Readings are recorded after the instant of the replacement.</summary>
    public const string ReplacementBeforeReading = "REPLACEMENT_BEFORE_READING";

    /// <summary>The total of the compteur would not fit in 64 bits.</summary>
    public const string TotalTooLarge = "TOTAL_TOO_LARGE";
}
