namespace Facturation.Core;

/// <summary>Where the keys are kept, without their secrets.</summary>
public interface IApiKeyStore
{
    /// <summary>The key of a prefix, revoked or expired ones too, or null.</summary>
    Task<ApiKey?> FindAsync(string prefix, CancellationToken cancellation = default);

    /// <summary>Keeps a new key.</summary>
    /// <exception cref="RefusedException">Its client is unknown, its identifiant is not one of the client's, or its prefix is another key's.</exception>
    Task AddAsync(ApiKey key, CancellationToken cancellation = default);

    /// <summary>All keys, by client, then date of creation.</summary>
    Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation = default);

    /// <summary>Revokes a key for ever; a second time changes nothing.</summary>
    /// <returns>False when there is no such key.</returns>
    Task<bool> RevokeAsync(string prefix, DateTimeOffset at, CancellationToken cancellation = default);
}

/// <summary>What was asked cannot be done. The message says why to whoever asked, in French, and holds no secret.</summary>
public sealed class RefusedException(string message, Exception? inner = null) : Exception(message, inner);
