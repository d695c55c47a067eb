#if NHIBERNATE
using Facturation.Storage;
using Facturation.Storage.NHibernate;
#endif
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Storage;

/// <summary>The suite on NHibernate and SQLite.</summary>
[NHibernate]
public sealed class NHibernateStorageTests : StorageTests
{
    protected override void AddStorage(IServiceCollection services)
    {
        // Each work has a commit of its own: on a busy machine, many take longer than a work waits by default.
        services.AddFacturationStorage(Scratch.Connection + ";Default Timeout=300", Scratch.Root);
#if NHIBERNATE
        services.UseNHibernate(new StorageOptions());
#endif
    }
}
