namespace Facturation.Core;

/// <summary>Why an operation on a meter is refused.</summary>
/// <param name="Code">A constant of <see cref="RefusalCodes"/>, for programs.</param>
/// <param name="Message">What is wrong, in French, for people.</param>
public sealed record Refusal(string Code, string Message);

/// <summary>Refuses an operation and rolls back what it wrote.</summary>
public sealed class RefusalException(Refusal refusal) : Exception(refusal.Message)
{
    /// <summary>Refuses an operation for a reason.</summary>
    public RefusalException(string code, string message) : this(new Refusal(code, message))
    {
    }

    /// <summary>The reason.</summary>
    public Refusal Refusal { get; } = refusal;
}

/// <summary>The reasons of the rules. They are on the wire: codes may be added, but never renamed or redefined.</summary>
public static class RefusalCodes
{
    /// <summary>No meter has this id, or it is not the caller's.</summary>
    public const string MeterNotFound = "METER_NOT_FOUND";

    /// <summary>The meter has no reading of this id.</summary>
    public const string ReadingNotFound = "READING_NOT_FOUND";

    /// <summary>The instant is in the future by more than the tolerated clock skew.</summary>
    public const string ReadAtInFuture = "READ_AT_IN_FUTURE";

    /// <summary>The meter was not installed yet.</summary>
    public const string ReadAtBeforeInstallation = "READ_AT_BEFORE_INSTALLATION";

    /// <summary>The meter was already removed.</summary>
    public const string ReadAtAfterRemoval = "READ_AT_AFTER_REMOVAL";

    /// <summary>The meter's digits cannot show this index.</summary>
    public const string IndexBeyondDigits = "INDEX_BEYOND_DIGITS";

    /// <summary>The index is below the previous reading, and this is not a rollover.</summary>
    public const string IndexBelowPrevious = "INDEX_BELOW_PREVIOUS";

    /// <summary>The index is above the next reading, and this is not a rollover.</summary>
    public const string IndexAboveNext = "INDEX_ABOVE_NEXT";

    /// <summary>Another index is recorded at the same instant.</summary>
    public const string ReadingConflict = "READING_CONFLICT";

    /// <summary>A reading of an atomic batch is refused.</summary>
    public const string BatchRefused = "BATCH_REFUSED";

    /// <summary>The reading was already voided, by somebody else or for another reason.</summary>
    public const string ReadingAlreadyVoided = "READING_ALREADY_VOIDED";

    /// <summary>The first reading of a meter, and its last once it is removed, cannot be voided.</summary>
    public const string ReadingNotVoidable = "READING_NOT_VOIDABLE";

    /// <summary>Without the reading, the next one would be a fall that is not a rollover.</summary>
    public const string VoidBreaksSeries = "VOID_BREAKS_SERIES";

    /// <summary>An installed meter with this serial number already feeds this compteur of the dossier.</summary>
    public const string MeterAlreadyExists = "METER_ALREADY_EXISTS";

    /// <summary>The meters of the compteur have another unit.</summary>
    public const string UnitMismatch = "UNIT_MISMATCH";

    /// <summary>The digits, the rollover and the multiplier of a meter do not go together.</summary>
    public const string InvalidRegister = "INVALID_REGISTER";

    /// <summary>The meter was already replaced, with different values.</summary>
    public const string MeterAlreadyReplaced = "METER_ALREADY_REPLACED";

    /// <summary>The meter was already removed, with different values.</summary>
    public const string MeterAlreadyRemoved = "METER_ALREADY_REMOVED";

    /// <summary>The meter, or its last successor, was removed and billed to its removal, so no bill could carry a change.</summary>
    public const string MeterClosed = "METER_CLOSED";

    /// <summary>Readings are recorded after the instant of the replacement or removal.</summary>
    public const string ReplacementBeforeReading = "REPLACEMENT_BEFORE_READING";

    /// <summary>The total of the compteur would not fit in 64 bits.</summary>
    public const string TotalTooLarge = "TOTAL_TOO_LARGE";

    /// <summary>The sum of several compteurs would not fit in 64 bits.</summary>
    public const string SumTooLarge = "SUM_TOO_LARGE";

    /// <summary>The cursor is of no entry of the log: the database was restored to a moment before.</summary>
    public const string CursorUnknown = "CURSOR_UNKNOWN";

    /// <summary>The reading is not suspect, so there is nothing to confirm.</summary>
    public const string ReadingNotSuspect = "READING_NOT_SUSPECT";

    /// <summary>The reading starts or ends a bill, and can no longer be voided or corrected.</summary>
    public const string ReadingBilled = "READING_BILLED";

    /// <summary>The reading is voided, so no bill can end with it, and it cannot be confirmed.</summary>
    public const string ReadingVoided = "READING_VOIDED";

    /// <summary>The reading does not follow the last billed one, or the installation.</summary>
    public const string ReadingBeforeBilled = "READING_BEFORE_BILLED";

    /// <summary>A reading of the period is suspect, and the request does not accept that.</summary>
    public const string ReadingSuspect = "READING_SUSPECT";

    /// <summary>The period is billed, on another folio.</summary>
    public const string BilledElsewhere = "BILLED_ELSEWHERE";

    /// <summary>No price is valid on a day that is billed.</summary>
    public const string PriceMissing = "PRICE_MISSING";

    /// <summary>The amount would not fit in 64 bits.</summary>
    public const string AmountTooLarge = "AMOUNT_TOO_LARGE";

    /// <summary>The client has no such compteur.</summary>
    public const string CompteurNotFound = "COMPTEUR_NOT_FOUND";

    /// <summary>No price of the compteur begins on this day.</summary>
    public const string PriceNotFound = "PRICE_NOT_FOUND";

    /// <summary>A bill charged a day at this price.</summary>
    public const string PriceInUse = "PRICE_IN_USE";

    /// <summary>The compteur has prices in another currency.</summary>
    public const string CurrencyConflict = "CURRENCY_CONFLICT";

    /// <summary>No bill has this id, or it is not the caller's.</summary>
    public const string BillNotFound = "BILL_NOT_FOUND";
}
