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
        services.AddFacturationStorage(Scratch.Connection, Scratch.Root);
#if NHIBERNATE
        services.UseNHibernate(new StorageOptions());
#endif
    }
}
