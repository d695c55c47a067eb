namespace Facturation.Core;

/// <summary>Stores API keys, without their secrets.</summary>
public interface IApiKeyStore
{
    /// <summary>Finds a key by its prefix, even if revoked or expired; null if there is none.</summary>
    Task<ApiKey?> FindAsync(string prefix, CancellationToken cancellation = default);

    /// <summary>Stores a new key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="isNewClient">
    /// Whether to create its client, which must be unknown, and the identifiant the key is restricted to, if any: for a client that has meters
    /// before it has consumption.
    /// </param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="RefusedException">
    /// The client is unknown, or known although it must be new; the identifiant is not a known client's; or the prefix is taken.
    /// </exception>
    Task AddAsync(ApiKey key, bool isNewClient = false, CancellationToken cancellation = default);

    /// <summary>Lists all keys, by client, then creation date.</summary>
    Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Adds a key with the client, identifiant and scopes of another, and lets that one expire, at the latest when it would have anyway.
    /// Both happen, or neither.
    /// </summary>
    /// <param name="prefix">The prefix of the key to replace.</param>
    /// <param name="secret">The new key.</param>
    /// <param name="now">When it is created.</param>
    /// <param name="overlap">How long both keys are valid.</param>
    /// <param name="expiresAt">When the new key expires; null: when the old one would have.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Both keys, as stored.</returns>
    /// <exception cref="RefusedException">There is no such key, or it is revoked or expired.</exception>
    Task<(ApiKey Old, ApiKey New)> RotateAsync(
        string prefix, string secret, DateTimeOffset now, TimeSpan overlap, DateTimeOffset? expiresAt, CancellationToken cancellation = default);

    /// <summary>Revokes a key permanently. Doing it again changes nothing.</summary>
    /// <returns>False if there is no such key.</returns>
    Task<bool> RevokeAsync(string prefix, DateTimeOffset at, CancellationToken cancellation = default);
}

/// <summary>An operation that cannot be done. The message tells the user why, in French, and contains no secret.</summary>
public sealed class RefusedException(string message, Exception? inner = null) : Exception(message, inner);
