using System.Collections;
using Facturation.Core;
using NHibernate;

namespace Facturation.Storage.NHibernate;

/// <summary>Queries in HQL.</summary>
internal static class Hql
{
    /// <summary>Creates a query with the parameters that its text names.</summary>
    public static IQuery CreateQuery(this ISession session, string hql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var query = session.CreateQuery(hql);
        var names = query.NamedParameters;
        foreach (var (name, value) in values)
            if (names.Contains(name))
                query.SetParameter(name, value);
        return query;
    }

    /// <summary>The condition that a day is of a period, with the parameters debut and fin; empty where it is open.</summary>
    public static string Days(Periode periode, string jour) =>
        (periode.Debut is null ? "" : $" and {jour} >= :debut") + (periode.Fin is null ? "" : $" and {jour} <= :fin");
}

/// <summary>
/// The rows of a query of several scalars, read one by one from an open reader. NHibernate has no asynchronous stream: on SQL Server,
/// waiting for rows blocks the thread.
/// </summary>
internal sealed class HqlStream(ISession session, IQuery query) : IDisposable
{
    private readonly IEnumerator rows = query.Enumerable().GetEnumerator();
    private bool isAtEnd;

    public object?[] Current => (object?[])rows.Current!;

    public bool Read(CancellationToken cancellation)
    {
        if (isAtEnd)
            return false;
        cancellation.ThrowIfCancellationRequested();
        isAtEnd = !rows.MoveNext();
        return !isAtEnd;
    }

    public void Dispose()
    {
        if (!isAtEnd)
            session.CancelQuery(); // Otherwise SqlClient reads all remaining rows before it closes.
        (rows as IDisposable)?.Dispose();
    }
}
