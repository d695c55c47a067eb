using System.Data;
using System.Data.Common;
using System.Runtime.ExceptionServices;
using Facturation.Core;
using FluentNHibernate.Cfg;
using FluentNHibernate.Cfg.Db;
using NHibernate;
using NHibernate.Exceptions;
using NHibernate.Tool.hbm2ddl;
using Settings = NHibernate.Cfg.Environment;

namespace Facturation.Storage.NHibernate;

/// <summary>Opens sessions, one for each unit of work, always in a transaction; the one place where the two databases differ in units of work.</summary>
internal abstract class Sessions : IDisposable
{
    private readonly ISessionFactory writing, reading;

    /// <param name="connections">The connection strings.</param>
    /// <param name="configure">The database's own configuration, for a connection string.</param>
    /// <exception cref="RefusedException">The mappings do not fit the schema.</exception>
    protected Sessions(Connections connections, Func<string, IPersistenceConfigurer> configure)
    {
        writing = BuildFactory(configure(connections.Writing), isValidated: true);
        // A copy has the schema of the database it is made of.
        reading = connections.Reading == connections.Writing ? writing : BuildFactory(configure(connections.Reading), isValidated: false);
    }

    /// <summary>
    /// Runs work that writes, in one transaction. Everything is durable when this returns, and nothing is written if it throws. The work
    /// may run again from its start.
    /// </summary>
    public abstract Task<T> WriteAsync<T>(Func<UnitOfWork, Task<T>> work, CancellationToken cancellation);

    /// <summary>Runs queries at one moment of the database that is written.</summary>
    public abstract Task<T> ReadAsync<T>(Func<ISession, Task<T>> read, CancellationToken cancellation);

    /// <summary>Begins an import, which takes turns with those of all nodes.</summary>
    public abstract Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation);

    /// <summary>Begins to read one moment of the database that answers are read from. Disposing of the session ends its transaction.</summary>
    public ISession BeginRead() => Begin(reading, IsolationLevel.Snapshot);

    public virtual void Dispose()
    {
        writing.Dispose();
        reading.Dispose();
    }

    protected IStatelessSession OpenImport() => writing.OpenStatelessSession();

    protected Task<T> ReadOnceAsync<T>(Func<ISession, Task<T>> read) => ExplainAsync(async () =>
    {
        using var session = Begin(writing, IsolationLevel.Snapshot);
        return await read(session);
    });

    /// <param name="work">The work.</param>
    /// <param name="committing">Is told the result before the commit, which it prevents by an exception.</param>
    /// <param name="committed">Is told the connection after the commit.</param>
    protected Task<T> WriteOnceAsync<T>(
        Func<UnitOfWork, Task<T>> work, Action<T, UnitOfWork>? committing = null, Action<DbConnection>? committed = null) => ExplainAsync(async () =>
    {
        using var session = Begin(writing, IsolationLevel.ReadCommitted);
        var unit = new UnitOfWork(session);
        var result = await work(unit);
        await session.FlushAsync();
        committing?.Invoke(result, unit);
        // From here on the work is done, whether or not anyone still waits for the answer.
        await session.GetCurrentTransaction().CommitAsync(CancellationToken.None);
        committed?.Invoke(session.Connection);
        return result;
    });

    /// <summary>NHibernate wraps the failures of transactions; callers know those of the database.</summary>
    protected static async Task<T> ExplainAsync<T>(Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (HibernateException e) when (ADOExceptionHelper.ExtractDbException(e) is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }

    private static ISession Begin(ISessionFactory factory, IsolationLevel level)
    {
        var session = factory.OpenSession();
        try
        {
            if (level == IsolationLevel.Snapshot)
                (session.DefaultReadOnly, session.FlushMode) = (true, FlushMode.Manual);
            session.BeginTransaction(level);
            return session;
        }
        catch (HibernateException e) when (ADOExceptionHelper.ExtractDbException(e) is { } cause)
        {
            session.Dispose();
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static ISessionFactory BuildFactory(IPersistenceConfigurer database, bool isValidated)
    {
        var configuration = Fluently.Configure()
            .Database(database)
            .Mappings(m => m.FluentMappings.AddFromAssemblyOf<ClientMap>())
            .ExposeConfiguration(c => c
                .SetProperty(Settings.Hbm2ddlKeyWords, "none") // Would connect; the mappings quote what needs it.
                .SetProperty(Settings.ReleaseConnections, "on_close")
                .SetProperty(Settings.BatchSize, "100")
                .SetProperty(Settings.SqlExceptionConverter, typeof(RawExceptions).AssemblyQualifiedName))
            .BuildConfiguration();
        try
        {
            if (isValidated)
                new SchemaValidator(configuration).Validate();
        }
        catch (SchemaValidationException e)
        {
            throw new RefusedException($"Les tables ne sont pas celles de ce programme : {string.Join(" ; ", e.ValidationErrors)}.", e);
        }
        return configuration.BuildSessionFactory();
    }

    /// <summary>Leaves the exceptions of the database as they are: <see cref="StorageExtensions.IsStorageUnavailable"/> knows them.</summary>
    private sealed class RawExceptions : ISQLExceptionConverter
    {
        public Exception Convert(AdoExceptionContextInfo adoExceptionContextInfo) => adoExceptionContextInfo.SqlException;
    }
}

/// <summary>The session of one unit of work that writes, which flushes before queries and at the commit.</summary>
/// <param name="session">The session; its transaction is open.</param>
internal sealed class UnitOfWork(ISession session)
{
    public ISession Session => session;

    /// <summary>
    /// Tells whether this unit of work was committed, by a row that only it can have written. It is asked when the answer to a commit was
    /// lost. Null when doing the work twice changes nothing.
    /// </summary>
    public Func<ISession, Task<bool>>? Proof { get; set; }
}
