using Facturation.Core;
using Facturation.Storage;
#if NHIBERNATE
using Facturation.Storage.NHibernate;
#endif

namespace Facturation.Api.Operations;

/// <summary>Adds the storage that the settings name.</summary>
internal static class StorageSettings
{
    /// <exception cref="RefusedException">A setting is wrong, or names a provider that this program was built without.</exception>
    public static void AddStorage(this WebApplicationBuilder builder)
    {
        var options = builder.Services.AddSettings<StorageOptions>(builder.Configuration, "Storage");
        options.MigrateAtStart ??= builder.Environment.IsDevelopment() ? true : null; // There, the first start creates the database.
        builder.Services.AddFacturationStorage(
            options,
            builder.Configuration.GetConnectionString("Facturation"),
            builder.Configuration.GetConnectionString("FacturationReadOnly"),
            builder.Environment.ContentRootPath);
        if (options.Provider == StorageProvider.NHibernate)
#if NHIBERNATE
            builder.Services.UseNHibernate(options);
#else
            throw new RefusedException(
                "Storage:Provider : ce programme est construit sans NHibernate ; construisez-le par « dotnet build -p:NHibernate=true ».");
#endif
    }
}
