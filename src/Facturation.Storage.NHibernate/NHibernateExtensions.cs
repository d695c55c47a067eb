using Facturation.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Facturation.Storage.NHibernate;

/// <summary>Adds the NHibernate provider to a host.</summary>
public static class NHibernateExtensions
{
    /// <summary>
    /// Lets NHibernate read and write the data of Core's stores. The tables remain those of Facturation.Storage, which must have been added
    /// and also migrates, checks and backs up the database.
    /// </summary>
    public static IServiceCollection UseNHibernate(this IServiceCollection services, StorageOptions options)
    {
        if (options.Database == DatabaseKind.SqlServer)
            services.AddSingleton<Sessions, SqlServerSessions>();
        else
            services.AddSingleton<Sessions, SqliteSessions>();
        return services
            .Replace(ServiceDescriptor.Singleton<IApiKeyStore, ApiKeyStore>())
            .Replace(ServiceDescriptor.Singleton<IBillStore, BillStore>())
            .Replace(ServiceDescriptor.Singleton<IConsommationStore, ConsommationStore>())
            .Replace(ServiceDescriptor.Singleton<IMeterStore, MeterStore>());
    }
}
