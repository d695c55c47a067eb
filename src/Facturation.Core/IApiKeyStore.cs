namespace Facturation.Core;

/// <summary>Where the keys are kept, without their secrets.</summary>
public interface IApiKeyStore
{
    /// <summary>The key of a prefix, revoked or expired ones too, or null.</summary>
    Task<ApiKey?> FindAsync(string prefix, CancellationToken cancellation = default);

    /// <summary>Keeps a new key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="isNewClient">Its client, which must be unknown, is made with it: one that has meters before it has any consumption.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="RefusedException">
    /// Its client is unknown, or known where it must not be; its identifiant is not one of the client's; or its prefix is another key's.
    /// </exception>
    Task AddAsync(ApiKey key, bool isNewClient = false, CancellationToken cancellation = default);

    /// <summary>All keys, by client, then date of creation.</summary>
    Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation = default);

    /// <summary>Revokes a key for ever; a second time changes nothing.</summary>
    /// <returns>False when there is no such key.</returns>
    Task<bool> RevokeAsync(string prefix, DateTimeOffset at, CancellationToken cancellation = default);
}

/// <summary>What was asked cannot be done. The message says why to whoever asked, in French, and holds no secret.</summary>
public sealed class RefusedException(string message, Exception? inner = null) : Exception(message, inner);
